"""SentencePiece's Unigram models as that fast class of transformers reads them which is named
beside them: what it does to text instead of the model, and what it puts around it.

T5 (Raffel et al. 2019, arXiv:1910.10683), ALBERT (Lan et al. 2019, arXiv:1909.11942), XLNet (Yang
et al. 2019, arXiv:1906.08237), BigBird (Zaheer et al. 2020, arXiv:2007.14062), PEGASUS (Zhang et
al. 2019, arXiv:1912.08777), DeBERTa-v2 (He et al. 2020, arXiv:2006.03654) and others.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import ADDITIONAL, OF_FAIRSEQ, Specials
from tokenry.formats.configuration import BARTHEZ, MLUKE, PEGASUS
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.sentencepiece_pieces import PieceColumns, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, read_model
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline

_T5: Final = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
_BERT: Final = {
    "bos_token": "[CLS]", "eos_token": "[SEP]", "unk_token": "<unk>", "sep_token": "[SEP]",
    "pad_token": "<pad>", "cls_token": "[CLS]", "mask_token": "[MASK]",
}  # fmt: skip
_CLOSED: Final = (("cls_token",), ("sep_token",))
_ENDED: Final = ((), ("eos_token",))
_EXTRA: Final = 100
_PEGASUS_OFFSET: Final = 103


def _eating(name: str) -> dict[str, Any]:
    return {"content": name, "lstrip": True}


def _replacing(pattern: Mapping[str, str], content: str) -> JsonObject:
    return {"type": "Replace", "pattern": pattern, "content": content}


_BARE: Final = ({"type": "NFKD"}, {"type": "StripAccents"})
# Accents go as the configuration says, or always.
_STEPS: Final[Mapping[str, tuple[JsonObject, ...]]] = {
    "quotes": tuple(_replacing({"String": each}, '"') for each in ("``", "''")),
    "accents": _BARE,
    "no accents": _BARE,
    "lower": ({"type": "Lowercase"},),
    "one space": (_replacing({"Regex": " {2,}"}, " "),),
    "marks": (_replacing({"Regex": " {2,}"}, "\u2581"),),
    "lines": (
        _replacing({"Regex": r"\s{2,}|[\n\r\t]"}, " "), {"type": "NFC"},
        {"type": "Strip", "strip_left": False, "strip_right": True},
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UnigramClass:
    """What tells the classes apart.

    Attributes:
        usual: names of uses that no file names.
        unknown: the unknown id, whatever the model calls it; None where the model says.
        steps: what is done to text: names of `_STEPS`, or ``rules`` for those of the model.
        lowers, keeps: whether text is lowered, and keeps its accents, where no file says it.
        by_words: whether white space is taken out; else spaces become marks.
        unprefixed: which texts begin with a mark where ``add_prefix_space`` is false.
        around: uses of tokens before and behind a text; None: bos and eos as configured.
        yields: whether they give way to what is configured of bos and eos.
        extra: whether T5's names of what was cut out stand behind the pieces.
        more: other names that do, before those that are configured.
    """

    usual: Mapping[str, Any]
    unknown: int | None = None
    steps: tuple[str, ...] = ()
    lowers: bool = False
    keeps: bool = False
    by_words: bool = False
    unprefixed: str = "never"
    around: tuple[tuple[str, ...], tuple[str, ...]] | None = _CLOSED
    yields: bool = False
    extra: bool = False
    more: tuple[str, ...] = ()


_OF_T5: Final = UnigramClass(
    usual=_T5, unknown=2, steps=("rules",), by_words=True, unprefixed="always", around=_ENDED,
    extra=True,
)  # fmt: skip
# The first ids of PEGASUS, where no file says what they are called: not as its class calls them.
_FIRST_OF_PEGASUS: Final = {
    "pad_token": "<pad>", "eos_token": "</s>", "mask_token": "<mask_1>",
    "mask_token_sent": "<mask_2>",
}  # fmt: skip
KINDS: Final[Mapping[str, UnigramClass]] = {
    "T5Tokenizer": _OF_T5,
    "VideoPrismTokenizer": replace(_OF_T5, around=None),
    "UdopTokenizer": UnigramClass(
        usual={**_T5, "sep_token": "</s>"}, by_words=True, unprefixed="always", around=_ENDED,
    ),
    "AlbertTokenizer": UnigramClass(
        usual=_BERT, unknown=1, steps=("quotes", "accents", "lower", "rules"), lowers=True,
        by_words=True, yields=True,
    ),
    "RemBertTokenizer": UnigramClass(
        usual=_BERT, unknown=2, steps=("quotes", "one space", "accents", "lower", "rules"),
        keeps=True, around=None,
    ),
    "BigBirdTokenizer": UnigramClass(
        usual={**_BERT, "bos_token": "<s>", "eos_token": "</s>", "mask_token": _eating("[MASK]")},
        steps=("marks",),
    ),
    "XLNetTokenizer": UnigramClass(
        usual={**_T5, "bos_token": "<s>", "sep_token": "<sep>", "cls_token": "<cls>",
               "mask_token": _eating("<mask>")},
        steps=("quotes", "no accents", "lower", "rules"), by_words=True, unprefixed="always",
        around=((), ("sep_token", "cls_token")),
    ),
    "DebertaV2Tokenizer": UnigramClass(
        usual={**_BERT, "unk_token": "[UNK]", "pad_token": "[PAD]"}, steps=("lower", "lines"),
        unprefixed="first",
    ),
    MLUKE: UnigramClass(
        usual={**OF_FAIRSEQ, "mask_token": _eating("<mask>")}, steps=("quotes",),
        unprefixed="always", around=(("bos_token",), ("eos_token",)),
        more=("\u2581<ent>", "\u2581<ent2>", "[UNK]", "[PAD]", "[MASK]", "[MASK2]"),
    ),
    BARTHEZ: UnigramClass(
        usual={**OF_FAIRSEQ, "mask_token": _eating("<mask>")}, unknown=3, steps=("lines",),
        around=None,
    ),
    PEGASUS: UnigramClass(
        usual={**_T5, "mask_token": "<mask_2>", "mask_token_sent": "<mask_1>"},
        steps=("rules", "one space"), unprefixed="always", around=_ENDED,
    ),
}  # fmt: skip


def read(file: GivenFile) -> Pipeline:
    """A ``.model`` that was found, with the configuration that names one of `KINDS`.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it is no Unigram model, or has no unknown piece.
    """
    name = str(file.beside.class_name)
    kind, model = KINDS[name], read_model(file.data)
    if model.trainer_spec.model_type is not ModelType.UNIGRAM:
        raise UnsupportedError(f"{file.path} is no Unigram model, as {name} needs it")
    specials = Specials(file.beside, kind.usual, normalizes=True)
    columns = PieceColumns.of(model.pieces)
    pieces, named = (
        _of_pegasus(file, columns, specials)
        if name == PEGASUS
        else _pieces(columns, kind, specials)
    )
    ids = {piece: id_ for id_, (piece, _) in reversed([*enumerate(pieces)])}
    ordinary = {*map(columns.name, columns.ids_of(PieceType.USER_DEFINED))}
    specials.values[ADDITIONAL] = listed = [*kind.more, *(specials.stated or named)]
    added = specials.beside_model(ids, listed, ordinary)
    document = {**_parts(model, kind, specials.values), "added_tokens": specs_of(added), "model": {
        "type": "Unigram", "byte_fallback": False, "vocab": pieces,
        "unk_id": _unknown(file, kind, specials, pieces),
    }}  # fmt: skip
    return replace(
        reading.load(json.dumps(document).encode()),
        template=_template(kind, specials, added),
        metadata={"format": "unigram_classes"},
    )


Pieces = tuple[list[tuple[str, float]], list[str]]
"""Names and scores by id, and the names of more tokens to look for."""


def _own(columns: PieceColumns) -> list[tuple[str, float]]:
    return [(columns.name(id_), float(columns.scores[id_])) for id_ in range(len(columns))]


def _pieces(columns: PieceColumns, kind: UnigramClass, specials: Specials) -> Pieces:
    pieces = _own(columns)
    controls = columns.ids_of(PieceType.CONTROL, PieceType.USER_DEFINED)
    named = [*map(columns.name, controls)]
    if not kind.extra:
        return pieces, named
    extra = [f"<extra_id_{n}>" for n in range(int(specials.values.get("extra_ids", _EXTRA)))]
    return [*pieces, *((name, 0.0) for name in reversed(extra))], [*named, *extra]


def _of_pegasus(file: GivenFile, columns: PieceColumns, specials: Specials) -> Pieces:
    offset = int(specials.values.get("offset", _PEGASUS_OFFSET))
    masked = [f"<unk_{number}>" for number in range(2, offset)]
    calls = Specials(file.beside, _FIRST_OF_PEGASUS)
    first = dict.fromkeys(name for name in map(calls.name, _FIRST_OF_PEGASUS) if name)
    before = [*((name, 0.0) for name in first), *((name, -100.0) for name in masked)]
    sentence = specials.name("mask_token_sent")
    return [*before, *_own(columns)[2:]], [*([sentence] if sentence else []), *masked]


def _unknown(
    file: GivenFile, kind: UnigramClass, specials: Specials, pieces: list[tuple[str, float]]
) -> int:
    if kind.unknown is not None:
        return kind.unknown
    name = specials.name("unk_token")
    found = next((id_ for id_, (piece, _) in enumerate(pieces) if piece == name), None)
    if found is None:
        raise UnsupportedError(f"{file.path} has no {name!r}, the unknown token")
    return found


def _parts(model: ModelProto, kind: UnigramClass, values: Mapping[str, Any]) -> JsonObject:
    prefixed = bool(values.get("add_prefix_space", True))
    metaspace = {
        "type": "Metaspace", "replacement": "\u2581", "split": True,
        "prepend_scheme": "always" if prefixed else kind.unprefixed,
    }  # fmt: skip
    steps = [*([{"type": "WhitespaceSplit"}] if kind.by_words else []), metaspace]
    return {
        "version": "1.0",
        "normalizer": {"type": "Sequence", "normalizers": _normalizers(model, kind, values)},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "decoder": metaspace,
    }


def _normalizers(
    model: ModelProto, kind: UnigramClass, values: Mapping[str, Any]
) -> list[JsonObject]:
    rules = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    left_out = {
        "rules": not rules,
        "lower": not values.get("do_lower_case", kind.lowers),
        "accents": bool(values.get("keep_accents", kind.keeps)),
    }
    found: list[JsonObject] = []
    for step in kind.steps:
        if step == "rules" and rules:
            found.append({"type": "Precompiled", "precompiled_charsmap": rules})
        elif not left_out.get(step):
            found += _STEPS[step]
    return found


def _template(kind: UnigramClass, specials: Specials, added: list[AddedToken]) -> Template:
    ids = {token.content: token.id for token in added}
    stated = kind.yields and {"add_bos_token", "add_eos_token"} & specials.values.keys()
    around = (None if stated else kind.around) or tuple(
        (f"{use}_token",) if specials.values.get(f"add_{use}_token") else ()
        for use in ("bos", "eos")
    )
    before, after = (
        tuple(ids[name] for use in uses if (name := specials.name(use) or "") in ids)
        for uses in around
    )
    return Template(before, after)
