"""SentencePiece's BPE models as the classes of transformers read them that are named beside them:
merges in the order of the pieces, what each does to text, and what is configured around it.

Llama (Touvron et al. 2023, arXiv:2302.13971), Code Llama (Roziere et al. 2023, arXiv:2308.12950),
Gemma (Gemma Team 2024, arXiv:2403.08295), Reformer (Kitaev et al. 2020, arXiv:2001.04451) and TIPS.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import ADDITIONAL, Specials
from tokenry.formats.configuration import CODE_LLAMA, GEMMA, LLAMA, REFORMER, TIPS
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.sentencepiece_pieces import PieceColumns, PieceType
from tokenry.formats.sentencepiece_proto import ModelType, read_model
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import METASPACE

_OF_LLAMA: Final = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}
_MARKS: Final = {
    "type": "Metaspace", "replacement": METASPACE, "split": True, "prepend_scheme": "always",
}  # fmt: skip
_BYTES: Final = ({"type": "ByteFallback"}, {"type": "Fuse"})
_TO_SPACES: Final = {"type": "Replace", "pattern": {"String": METASPACE}, "content": " "}


@dataclass(frozen=True, kw_only=True)
class BpeClass:
    """What tells the classes apart.

    Attributes:
        usual: names of uses that no file names.
        parts: what is done to text and to decoded pieces, given the rules of the model, in base64,
            and what is configured.
        begins: whether a text begins with bos where no file says it.
        unknown: whether characters that are no piece have the unknown id where bytes have none.
        falls_back: whether they are bytes.
        more: uses of more tokens, and what they are called.
    """

    usual: Mapping[str, str]
    parts: Callable[[str, Mapping[str, Any]], JsonObject]
    begins: bool = False
    unknown: bool = False
    falls_back: bool = True
    more: Mapping[str, str] = field(default_factory=dict)


def _llama(_: str, values: Mapping[str, Any]) -> JsonObject:
    prefixed = values.get("add_prefix_space") is not False
    scheme = "always" if values.get("legacy", False) else "first"
    strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
    return {
        "normalizer": None,
        "pre_tokenizer": {
            **_MARKS, "split": False, "prepend_scheme": scheme if prefixed else "never"
        },
        "decoder": _in_order("decoders", [_TO_SPACES, *_BYTES, *([strip] if prefixed else [])]),
    }  # fmt: skip


def _code_llama(_: str, values: Mapping[str, Any]) -> JsonObject:
    found = _llama("", {**values, "legacy": False})
    return {**found, "decoder": _llama("", {})["decoder"]}


def _gemma(_: str, __: Mapping[str, Any]) -> JsonObject:
    space = {"String": " "}
    return {
        "normalizer": {"type": "Replace", "pattern": space, "content": METASPACE},
        "pre_tokenizer": {
            "type": "Split", "pattern": space, "behavior": "MergedWithPrevious", "invert": False,
        },
        "decoder": _in_order("decoders", [_TO_SPACES, *_BYTES]),
    }  # fmt: skip


def _reformer(rules: str, _: Mapping[str, Any]) -> JsonObject:
    one_space = {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}
    steps = [*_precompiled(rules), one_space] if rules else []
    return {
        "normalizer": _in_order("normalizers", steps),
        "pre_tokenizer": _MARKS,
        "decoder": _MARKS,
    }


def _tips(rules: str, values: Mapping[str, Any]) -> JsonObject:
    lower = [{"type": "Lowercase"}] if values.get("do_lower_case", True) else []
    return {
        "normalizer": _in_order("normalizers", [*lower, *_precompiled(rules)]),
        "pre_tokenizer": _in_order("pretokenizers", [{"type": "WhitespaceSplit"}, _MARKS]),
        "decoder": _in_order("decoders", [_MARKS, *_BYTES]),
    }


def _in_order(key: str, steps: Sequence[JsonObject]) -> JsonObject:
    return {"type": "Sequence", key: [*steps]}


def _precompiled(rules: str) -> list[JsonObject]:
    return [{"type": "Precompiled", "precompiled_charsmap": rules}] if rules else []


KINDS: Final[Mapping[str, BpeClass]] = {
    LLAMA: BpeClass(usual=_OF_LLAMA, parts=_llama),
    CODE_LLAMA: BpeClass(
        usual=_OF_LLAMA, parts=_code_llama, begins=True, unknown=True,
        more={
            "prefix_token": "\u2581<PRE>", "middle_token": "\u2581<MID>",
            "suffix_token": "\u2581<SUF>", "eot_token": "\u2581<EOT>", "fill_token": "<FILL_ME>",
        },
    ),
    GEMMA: BpeClass(
        usual={"unk_token": "<unk>", "bos_token": "<bos>", "eos_token": "<eos>",
               "pad_token": "<pad>", "mask_token": "<mask>"},
        parts=_gemma, unknown=True,
    ),
    REFORMER: BpeClass(
        usual={"unk_token": "<unk>", "eos_token": "</s>"}, parts=_reformer, unknown=True,
        falls_back=False,
    ),
    TIPS: BpeClass(usual={"unk_token": "<unk>", "pad_token": "<pad>"}, parts=_tips),
}  # fmt: skip


def read(file: GivenFile) -> Pipeline:
    """A ``.model`` that was found, with the configuration that names one of `KINDS`.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it is no BPE model.
    """
    name = str(file.beside.class_name)
    kind, model = KINDS[name], read_model(file.data)
    if model.trainer_spec.model_type is not ModelType.BPE:
        raise UnsupportedError(f"{file.path} is no BPE model, as {name} needs it")
    columns = PieceColumns.of(model.pieces)
    pieces = [columns.name(id_) for id_ in range(len(columns))]
    specials = Specials(file.beside, {**kind.usual, **kind.more}, normalizes=True)
    ids = {piece: id_ for id_, piece in reversed([*enumerate(pieces)])}
    added = _added(columns, ids, kind, specials)
    rules = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    parts = {"version": "1.0", **kind.parts(rules, specials.values)}
    document = {**parts, "added_tokens": specs_of(added), "model": {
        "type": "BPE", "byte_fallback": kind.falls_back, "fuse_unk": True, "vocab": ids,
        "merges": [*_merges(pieces, ids)],
        "unk_token": specials.name("unk_token") if kind.unknown else None,
    }}  # fmt: skip
    return replace(
        reading.load(json.dumps(document).encode()),
        template=_template(kind, specials, added),
        metadata={"format": "bpe_classes"},
    )


def _merges(pieces: Sequence[str], ids: Mapping[str, int]) -> Iterator[list[str]]:
    """All ways to make a piece of two, pieces in their order, short left sides first."""
    for piece in pieces:
        for place in range(1, len(piece)):
            if piece[:place] in ids and piece[place:] in ids:
                yield [piece[:place], piece[place:]]


def _added(
    columns: PieceColumns, ids: Mapping[str, int], kind: BpeClass, specials: Specials
) -> list[AddedToken]:
    """Specials, and the tokens of the model or others in their place, looked for as they are."""
    stated, types = specials.stated, (PieceType.CONTROL, PieceType.USER_DEFINED)
    named = [] if stated else [*map(columns.name, columns.ids_of(*types))]
    more = [name for use in kind.more if (name := specials.name(use))]
    specials.values[ADDITIONAL] = [*named, *more, *stated]
    ordinary = {*map(columns.name, columns.ids_of(PieceType.USER_DEFINED))}
    return specials.beside_model(ids, named, ordinary)


def _template(kind: BpeClass, specials: Specials, added: Sequence[AddedToken]) -> Template:
    begins = bool(specials.values.get("add_bos_token", kind.begins))
    ends = bool(specials.values.get("add_eos_token", False))
    return specials.template(added, "bos_token" if begins else None, "eos_token" if ends else None)
