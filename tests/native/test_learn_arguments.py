"""The native learner refuses arguments that contradict each other; it never crashes."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry import _native

PIECES = bytes(range(256))
OFFSETS = np.arange(257, dtype=np.uint64)
BYTE_IDS = np.arange(256, dtype=np.int64)
NO_MERGES = np.zeros((0, 3), dtype=np.uint32)


def index(
    pieces: bytes = PIECES,
    offsets: np.ndarray = OFFSETS,
    byte_ids: np.ndarray = BYTE_IDS,
    merges: np.ndarray = NO_MERGES,
    rule: object = None,
) -> _native.PairIndex:
    counter = _native.WordCounter()
    counter.add_word(b"abab", 2)
    return _native.PairIndex.of_words(counter, pieces, offsets, byte_ids, merges, 0, 100, 10, rule)


def test_steps() -> None:
    pairs = index()
    assert pairs.best() == (97, 98, 4)
    assert pairs.merge_best() == 256
    assert pairs.best() == (256, 256, 2)
    pairs.forbid_best()
    assert pairs.best() is None
    with pytest.raises(ValueError, match="no pair"):
        pairs.merge_best()
    pairs.forbid_best()
    assert pairs.symbols().tolist() == [0xFFFFFFFF, 256, 256, 0xFFFFFFFF]


def test_a_rule_is_asked_and_its_errors_come_through() -> None:
    asked: list[bytes] = []

    def rule(piece: bytes) -> bool:
        asked.append(piece)
        return piece != b"ab"

    pairs, counts = index(rule=rule).run(1)
    assert asked == [b"ab", b"ba"]
    assert (pairs.tolist(), counts.tolist()) == ([[98, 97]], [2])

    def fails(piece: bytes) -> bool:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        index(rule=fails).run(1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"offsets": OFFSETS[:-1]},
        {"offsets": OFFSETS[::-1].copy()},
        {"offsets": OFFSETS[:0]},
        {"byte_ids": BYTE_IDS[:255]},
        {"byte_ids": BYTE_IDS + 1},
        {"merges": np.array([[97, 98, 256]], dtype=np.uint32)},
        {"merges": np.zeros((1, 2), dtype=np.uint32)},
    ],
)
def test_contradictions(wrong: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"offsets|byte_ids|merges"):
        index(**wrong)


def test_ranges_and_splitters() -> None:
    counter = _native.WordCounter()
    with pytest.raises(ValueError, match="no splitter"):
        counter.add([b"a"])
    for starts, ends in (([0], [9]), ([2], [1]), ([0, 1], [1])):
        with pytest.raises(ValueError, match=r"range|length"):
            counter.add_ranges(b"abc", np.array(starts, np.uint64), np.array(ends, np.uint64))
    with pytest.raises(ValueError, match="nothere"):
        _native.WordCounter("nothere")
    with pytest.raises(TypeError):
        _native.WordCounter("gpt2").add([5])
    symbols = _native.DocumentSymbols("gpt2", PIECES, OFFSETS, BYTE_IDS, NO_MERGES)
    symbols.add([b"zz"])
    with pytest.raises(ValueError, match="id without a piece"):
        _native.PairIndex.of_documents(symbols, b"", np.zeros(1, np.uint64), 0, 9, 1)


def test_bytes_without_an_id_stop_merges() -> None:
    ids = BYTE_IDS.copy()
    ids[ord("b")] = -1
    assert index(byte_ids=ids).best() is None


def test_no_text_at_all() -> None:
    counter = _native.WordCounter("gpt2", 0)
    counter.add([])
    counter.add([b"", b"x"])
    pairs = _native.PairIndex.of_words(counter, PIECES, OFFSETS, BYTE_IDS, NO_MERGES, 0, 9, 5)
    assert pairs.best() is None
    assert len(counter) == 0
