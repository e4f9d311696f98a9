"""Arrays that contradict themselves, given to the core directly: an exception, never a crash."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import numpy as np
import pytest

from tokenry import _native
from tokenry.errors import TokenryError

REFUSED = (TokenryError, ValueError, TypeError, OverflowError, MemoryError)


def small_bpe() -> dict[str, Any]:
    """Arguments of a BpeSegmenter: the 256 bytes, "ab", "abc"."""
    pieces = [bytes([byte]) for byte in range(256)] + [b"ab", b"abc"]
    lengths = np.cumsum([0, *map(len, pieces)])
    return {
        "pieces": b"".join(pieces),
        "offsets": lengths.astype(np.uint64),
        "merges": np.array([[97, 98, 256], [256, 99, 257]], dtype=np.uint32),
        "ranks": np.array([0, 1], dtype=np.uint32),
        "byte_ids": np.arange(256, dtype=np.int64),
    }


def use(arguments: dict[str, Any]) -> None:
    """Build and encode; what the core refuses it must refuse with words."""
    with contextlib.suppress(*REFUSED):
        segmenter = _native.BpeSegmenter(**arguments)
        engine = _native.Engine(segmenter, _native.Splitter("gpt2"))
        ids, spans = engine.encode_spans(b"abcabc ab\xff\x00 abd" * 3)
        engine.decode(ids)
        assert spans.shape == (len(ids), 2)


def test_the_valid_arguments_work() -> None:
    engine = _native.Engine(_native.BpeSegmenter(**small_bpe()), _native.Splitter("gpt2"))
    assert engine.encode(b"abcab").tolist() == [257, 256]


@pytest.mark.parametrize("name", ["offsets", "merges", "ranks", "byte_ids"])
def test_changed_numbers(name: str, rng: random.Random) -> None:
    for _ in range(300):
        arguments = small_bpe()
        changed = arguments[name].copy()
        limit = np.iinfo(changed.dtype).max
        for _ in range(rng.choice((1, 1, 2, 5))):
            changed.flat[rng.randrange(changed.size)] = rng.choice(
                (0, 1, 97, 256, 258, 9999, limit)
            )
        arguments[name] = changed
        use(arguments)


@pytest.mark.parametrize("name", ["pieces", "offsets", "merges", "ranks", "byte_ids"])
def test_wrong_lengths(name: str) -> None:
    full = small_bpe()[name]
    for size in (0, 1, len(full) - 1):
        use({**small_bpe(), name: full[:size]})
    use({**small_bpe(), name: full[:0]})


def test_unknown_ids() -> None:
    for unknown in (-2, 258, 2**31 - 1, 2**31, -(2**31)):
        use({**small_bpe(), "unknown": unknown})


def test_merges_that_join_nothing_or_themselves() -> None:
    for merge in ([97, 97, 97], [256, 98, 256], [97, 98, 257], [258, 0, 1], [2**32 - 1, 0, 1]):
        use({**small_bpe(), "merges": np.array([merge, [97, 98, 256]], dtype=np.uint32)})


def test_ranges_outside_the_text() -> None:
    engine = _native.Engine(_native.BpeSegmenter(**small_bpe()), _native.Splitter("gpt2"))
    for starts, ends in (
        ([0], [99]),
        ([5], [2]),
        ([0, 3], [3]),
        ([2**63], [2**63 + 1]),
        ([1], [0]),
    ):
        with pytest.raises(REFUSED):
            engine.encode_ranges(
                b"abcdef", np.array(starts, dtype=np.uint64), np.array(ends, dtype=np.uint64)
            )


def test_ids_that_do_not_exist() -> None:
    engine = _native.Engine(_native.BpeSegmenter(**small_bpe()), _native.Splitter("gpt2"))
    for ids in ([258], [2**32 - 1], [97, 98, 300]):
        with pytest.raises(REFUSED):
            engine.decode(np.array(ids, dtype=np.uint32))
    for offsets in ([0, 9], [2, 1], [1], [], [0, 2**63]):
        with contextlib.suppress(*REFUSED):
            engine.decode_batch(
                np.array([97, 98], dtype=np.uint32), np.array(offsets, dtype=np.uint64), 2
            )


def test_splitters_that_do_not_exist() -> None:
    for name in ("", "nothing", "cl100k\0"):
        with pytest.raises(REFUSED):
            _native.Splitter(name)
