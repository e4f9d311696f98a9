"""SentencePiece's BPE models as the classes of transformers read them that are named beside them:
merges in the order of the pieces, one mark before a text, and what is configured around it.

Llama (Touvron et al. 2023, arXiv:2302.13971), Code Llama (Roziere et al. 2023, arXiv:2308.12950).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import CODE_LLAMA, LLAMA
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.sentencepiece_pieces import PieceColumns, PieceType
from tokenry.formats.sentencepiece_proto import ModelType, read_model
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import METASPACE

_STATED: Final = ("additional_special_tokens", "extra_special_tokens")
_USUAL: Final = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"}


@dataclass(frozen=True, kw_only=True)
class BpeClass:
    """What tells the classes apart.

    Attributes:
        begins: whether a text begins with bos where no file says it.
        unknown: whether characters that are no piece have the unknown id where bytes have none.
        more: uses of more tokens, and what they are called.
        stripped: whether a space before decoded text goes even where none was put there.
    """

    begins: bool = False
    unknown: bool = False
    more: Mapping[str, str] | None = None
    stripped: bool = False


KINDS: Final[Mapping[str, BpeClass]] = {
    LLAMA: BpeClass(),
    CODE_LLAMA: BpeClass(
        begins=True, unknown=True, stripped=True,
        more={
            "prefix_token": "\u2581<PRE>", "middle_token": "\u2581<MID>",
            "suffix_token": "\u2581<SUF>", "eot_token": "\u2581<EOT>", "fill_token": "<FILL_ME>",
        },
    ),
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
    specials = Specials(file.beside, {**_USUAL, **(kind.more or {})}, normalizes=True)
    added = _added(columns, pieces, kind, specials)
    ids = {piece: id_ for id_, piece in reversed([*enumerate(pieces)])}
    document = {**_parts(kind, specials), "added_tokens": specs_of(added), "model": {
        "type": "BPE", "byte_fallback": True, "fuse_unk": True, "vocab": ids,
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
    columns: PieceColumns, pieces: Sequence[str], kind: BpeClass, specials: Specials
) -> list[AddedToken]:
    """Specials, and the tokens of the model or others in their place, looked for as they are."""
    controls = sorted(columns.ids_of(PieceType.CONTROL, PieceType.USER_DEFINED))
    ordinary = {pieces[id_] for id_ in columns.ids_of(PieceType.USER_DEFINED)}
    named = [pieces[id_] for id_ in controls]
    more = [name for use in kind.more or () if (name := specials.name(use))]
    stated: list[object] = next(filter(None, map(specials.values.get, _STATED)), [])
    named = [] if stated else named
    specials.values[_STATED[0]] = [*named, *more, *stated]
    ids = {piece: id_ for id_, piece in reversed([*enumerate(pieces)])}
    return [
        AddedToken(token.content, token.id, token.content not in ordinary)
        if token.content in named
        else token
        for token in specials.added(ids)
    ]


def _parts(kind: BpeClass, specials: Specials) -> JsonObject:
    stated = specials.values.get("add_prefix_space")
    prefixed = True if stated is None else bool(stated)
    scheme = "always" if specials.values.get("legacy", False) and not kind.begins else "first"
    metaspace = {
        "type": "Metaspace", "replacement": METASPACE, "split": False,
        "prepend_scheme": scheme if prefixed else "never",
    }  # fmt: skip
    strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
    decoders = [
        {"type": "Replace", "pattern": {"String": METASPACE}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
        *([strip] if prefixed or kind.stripped else []),
    ]
    return {
        "version": "1.0",
        "normalizer": None,
        "pre_tokenizer": metaspace,
        "decoder": {"type": "Sequence", "decoders": decoders},
    }


def _template(kind: BpeClass, specials: Specials, added: Sequence[AddedToken]) -> Template:
    begins = bool(specials.values.get("add_bos_token", kind.begins))
    ends = bool(specials.values.get("add_eos_token", False))
    return specials.template(added, "bos_token" if begins else None, "eos_token" if ends else None)
