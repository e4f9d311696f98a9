from __future__ import annotations

import pytest

from running import running
from tokenry.errors import FormatError
from tokenry.formats import rwkv

load = running(rwkv.load)
BYTES = [bytes([byte]) for byte in range(256)]
MORE = ["the", " the", "ther", "th", "\u4f60", "\n\n"]


def lines(pieces: list[bytes | str]) -> bytes:
    rows = []
    for id_, piece in enumerate(pieces, start=1):
        size = len(piece if isinstance(piece, bytes) else piece.encode())
        rows.append(f"{id_} {piece!r} {size}\n")
    return "".join(rows).encode()


def greedy(data: bytes, pieces: list[bytes]) -> list[int]:
    ids = []
    while data:
        best = max((piece for piece in pieces if data.startswith(piece)), key=len)
        ids.append(pieces.index(best) + 1)
        data = data[len(best) :]
    return ids


def test_the_longest_piece_at_the_front_again_and_again() -> None:
    pieces = [*BYTES, *MORE]
    ours = load(lines(pieces))
    raw = [*BYTES, *(piece.encode() for piece in MORE)]
    for text in ("the thereth", "\u4f60\u597d", "\n\n\n", "", "a the th"):
        assert ours.encode(text) == greedy(text.encode(), raw)
        assert ours.decode(ours.encode(text)) == text
    assert ours.encode("<|endoftext|>", allowed_special="all") == [0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"257 'a' 2", "size"),
        (b"257 a 1", "expected"),
        (b"1 'ab' 2", "before"),
        (b"x 'ab' 2", "number"),
        (b"257 '' 0", "size"),
        (b"257 __import__('os') 3", "expected"),
        (b"257 'ab", "expected"),
    ],
)
def test_malformed_lines_are_named(line: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=f"line 257.*{said}"):
        load(lines(list(BYTES)) + line)


def test_bytes_that_are_missing() -> None:
    with pytest.raises(FormatError, match="single bytes"):
        load(lines(["a", "b"]))
