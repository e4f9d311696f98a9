"""`ModelProto`, the message in a SentencePiece `.model` file (Kudo and Richardson 2018,
arXiv:1808.06226), as frozen dataclasses.

Fields that do not change ids or text (training options, self-test data) are passed over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain
from typing import Any, TypeVar

import numpy as np

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats.protobuf import (
    Value,
    as_bool,
    as_bytes,
    as_float,
    as_int,
    as_text,
    fields,
)
from tokenry.formats.sentencepiece_pieces import PieceColumns, PieceEntry, PieceType

# SentencePiece refuses longer ones too.
LONGEST_PIECE = 8000


class ModelType(IntEnum):
    """Which algorithm the model was trained for."""

    UNIGRAM = 1
    BPE = 2
    WORD = 3
    CHAR = 4


@dataclass(frozen=True, slots=True)
class TrainerSpec:
    """What the trainer was told, as far as the encoder needs it."""

    model_type: ModelType = ModelType.UNIGRAM
    treat_whitespace_as_suffix: bool = False
    byte_fallback: bool = False
    unk_id: int = 0
    bos_id: int = 1
    eos_id: int = 2
    pad_id: int = -1
    unk_surface: str = " \u2047 "
    unk_piece: str = "<unk>"
    bos_piece: str = "<s>"
    eos_piece: str = "</s>"
    pad_piece: str = "<pad>"


@dataclass(frozen=True, slots=True)
class NormalizerSpec:
    """How text is changed before it is segmented (or after it is joined)."""

    name: str = ""
    precompiled_charsmap: bytes = b""
    add_dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True
    escape_whitespaces: bool = True


@dataclass(frozen=True, slots=True)
class ModelProto:
    """A whole model file."""

    pieces: Sequence[PieceEntry] = ()
    trainer_spec: TrainerSpec = TrainerSpec()
    normalizer_spec: NormalizerSpec = NormalizerSpec()
    denormalizer_spec: NormalizerSpec = NormalizerSpec()


FieldReader = Callable[[Value, str], Any]
Message = TypeVar("Message", TrainerSpec, NormalizerSpec)


def _enum(kind: type[IntEnum]) -> FieldReader:
    def read(value: Value, name: str) -> IntEnum:
        number = as_int(value, name)
        if number not in kind.__members__.values():
            known = ", ".join(f"{each.value} ({each.name})" for each in kind)
            raise FormatError(f"{name} is {number}; it should be one of {known}")
        return kind(number)

    return read


_TRAINER: dict[int, tuple[str, FieldReader]] = {
    3: ("model_type", _enum(ModelType)),
    24: ("treat_whitespace_as_suffix", as_bool),
    35: ("byte_fallback", as_bool),
    40: ("unk_id", as_int),
    41: ("bos_id", as_int),
    42: ("eos_id", as_int),
    43: ("pad_id", as_int),
    44: ("unk_surface", as_text),
    45: ("unk_piece", as_text),
    46: ("bos_piece", as_text),
    47: ("eos_piece", as_text),
    48: ("pad_piece", as_text),
}
_NORMALIZER: dict[int, tuple[str, FieldReader]] = {
    1: ("name", as_text),
    2: ("precompiled_charsmap", lambda value, name: bytes(as_bytes(value, name))),
    3: ("add_dummy_prefix", as_bool),
    4: ("remove_extra_whitespaces", as_bool),
    5: ("escape_whitespaces", as_bool),
}
_read_type = _enum(PieceType)


def read_model(data: bytes) -> ModelProto:
    """Parse the bytes of a `.model` file.

    Raises:
        FormatError: it is no such file, is cut off, or a field has an impossible value.
    """
    pieces, rest = _read_pieces(data)
    trainer, normalizer, denormalizer = TrainerSpec(), NormalizerSpec(), NormalizerSpec()
    for number, _, value in rest:
        if number == 2:
            trainer = _read_spec(value, "trainer_spec", _TRAINER, trainer)
        elif number == 3:
            normalizer = _read_spec(value, "normalizer_spec", _NORMALIZER, normalizer)
        elif number == 5:
            denormalizer = _read_spec(value, "denormalizer_spec", _NORMALIZER, denormalizer)
    if not pieces:
        raise FormatError("the model has no pieces; is it a SentencePiece .model file?")
    return ModelProto(pieces, trainer, normalizer, denormalizer)


def _read_pieces(data: bytes) -> tuple[Sequence[PieceEntry], Iterator[tuple[int, int, Value]]]:
    """The pieces, and all fields that are none; maybe others."""
    found, view = _native.read_sentencepieces(data), memoryview(data)
    if found is not None:
        names, scores, types, rest = found
        others = (fields(view[begin:end], "the model") for begin, end in rest)
        return PieceColumns(names, scores.astype(np.float64), types), chain.from_iterable(others)
    # By hand, which also takes fields of no meaning and says what is wrong.
    return pieces_by_hand(data), fields(view, "the model")


def pieces_by_hand(data: bytes) -> list[PieceEntry]:
    """The pieces of a model, one by one.

    Raises:
        FormatError: the file is cut off, or a piece has an impossible value.
    """
    pieces: list[PieceEntry] = []
    for number, _, value in fields(memoryview(data), "the model"):
        if number == 1:
            pieces.append(_read_piece(value, f"piece {len(pieces)}"))
    return pieces


def _read_spec(
    value: Value, name: str, known: dict[int, tuple[str, FieldReader]], spec: Message
) -> Message:
    changes = {}
    for number, _, field in fields(as_bytes(value, name), name):
        if number in known:
            key, read = known[number]
            changes[key] = read(field, f"{name}.{key}")
    return replace(spec, **changes)


def _read_piece(value: Value, name: str) -> PieceEntry:
    piece, score, kind = "", 0.0, PieceType.NORMAL
    for number, _, field in fields(as_bytes(value, name), name):
        if number == 1:
            piece = as_text(field, name)
        elif number == 2:
            score = as_float(field, f"the score of {name}")
        elif number == 3:
            kind = _read_type(field, f"the type of {name}")
    return _checked(piece, score, kind, name)


def _checked(piece: str, score: float, kind: PieceType, name: str) -> PieceEntry:
    if not piece:
        raise FormatError(f"{name} is empty")
    if not math.isfinite(score):
        raise FormatError(f"{name} ({piece[:40]!r}) has the score {score}; a finite one is needed")
    if len(piece) >= LONGEST_PIECE and len(piece.encode()) >= LONGEST_PIECE:
        raise FormatError(
            f"{name} has {len(piece.encode())} bytes; the most is {LONGEST_PIECE - 1}"
        )
    return PieceEntry(piece, score, kind)
