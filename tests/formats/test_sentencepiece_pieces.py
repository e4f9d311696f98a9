"""Pieces of a `.model` as the core reads them, held to those read by hand."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import pytest

from shares import draw, share
from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats.protobuf import encode_bytes, encode_float, encode_varint
from tokenry.formats.sentencepiece_pieces import PieceColumns, PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import pieces_by_hand, read_model

NAMES = ["a", "\u2581b", "<unk>", "\u5b57", "x" * 200, "\0", " c", "<0x0A>"]


def piece(rng: random.Random) -> bytes:
    fields = [
        encode_bytes(1, rng.choice(NAMES).encode()),
        encode_float(2, rng.choice([0.0, -0.0, -1.5, float(np.float32(-12.345))])),
        encode_varint(3, rng.randint(1, 6)),
    ]
    kept = fields[: rng.randint(1, 3)]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    return b"".join(kept)


def model(rng: random.Random) -> bytes:
    other = [encode_bytes(2, encode_varint(3, 2)), encode_varint(9, 300), encode_float(8, 1.0)]
    fields = [encode_bytes(1, piece(rng)) for _ in range(rng.randint(1, 20))]
    fields += rng.sample(other, rng.randint(0, 3))
    rng.shuffle(fields)
    return b"".join(fields)


def test_columns_are_what_is_read_by_hand() -> None:
    rng = draw("columns of pieces")
    for _ in range(share(1000)):
        data = model(rng)
        by_hand = pieces_by_hand(data)
        columns = read_model(data).pieces
        assert isinstance(columns, PieceColumns)
        assert list(columns) == by_hand
        assert [columns[at] for at in range(len(columns))] == by_hand
        assert columns[1:-1] == tuple(by_hand[1:-1])
        assert columns == PieceColumns.of(by_hand) == pickle.loads(pickle.dumps(columns))
        kinds = [PieceType.NORMAL, PieceType.BYTE]
        expected = [at for at, each in enumerate(by_hand) if each.type in kinds]
        assert columns.ids_of(*kinds) == expected


def test_the_core_refuses_what_is_refused_by_hand() -> None:
    rng = draw("broken pieces")
    for _ in range(share(2000)):
        data = bytearray(model(rng))
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        cut = bytes(data[: rng.randint(1, len(data))])
        found = _native.read_sentencepieces(cut)
        if found is None:
            continue  # the reader by hand says what is wrong, or takes it
        names, scores, types, _ = found
        assert list(PieceColumns(names, scores.astype(np.float64), types)) == pieces_by_hand(cut)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (b"", "piece 0 is empty"),
        (encode_bytes(1, b"\xff"), "not UTF-8"),
        (encode_bytes(1, b"a") + encode_float(2, float("nan")), "score"),
        (encode_bytes(1, b"a") + encode_varint(3, 7), "type"),
        (encode_bytes(1, b"x" * 8000), "8000 bytes"),
    ],
)
def test_errors_are_said_by_hand(entry: bytes, message: str) -> None:
    data = encode_bytes(1, entry)
    assert _native.read_sentencepieces(data) is None
    with pytest.raises(FormatError, match=message):
        read_model(data)


def test_what_has_no_meaning_is_passed_over() -> None:
    data = encode_bytes(1, encode_bytes(1, b"a") + encode_varint(200, 5))
    assert _native.read_sentencepieces(data) is None
    entries: Any = read_model(data).pieces
    assert entries == [PieceEntry("a")]
