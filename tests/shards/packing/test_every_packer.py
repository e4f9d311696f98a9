from __future__ import annotations

import itertools

import numpy as np
import pytest

from shares import draw, share
from tokenry.shards.packing import contract
from tokenry.shards.registry import PACKERS
from tokenry.shards.sequences import FILLED, TokenSequences, documents_as_sequences, joined

PAD = 7


def batches(lengths: list[int], size: int) -> list[TokenSequences]:
    """Documents of these lengths, ``size`` a batch; each id names its document and its place."""
    found = []
    for first in range(0, len(lengths), size):
        numbers = range(first, min(first + size, len(lengths)))
        rows = [np.arange(lengths[n], dtype=np.uint32) + n * 1000 for n in numbers]
        ends = np.cumsum([len(row) for row in rows]).astype(np.int64)
        places = np.array([[n % 3, n] for n in numbers], np.uint32)
        ids = np.concatenate(rows)
        channels = {"loss": (ids % 2).astype(np.uint8)}
        found.append(documents_as_sequences(ids, ends, places, channels))
    return found


def lengths_of(case: int) -> list[int]:
    drawn = draw(f"packing {case}")
    return [min(900, int(drawn.lognormvariate(2.5, 1.2)) + 1) for _ in range(drawn.randint(1, 150))]


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("case", range(share(24)))
def test_rows_are_full_and_say_what_they_hold(
    name: str, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contract, "WINDOW", 300)
    lengths, length = lengths_of(case), draw(f"row {case}").randint(2, 60)
    packing = PACKERS.load(name)().pack(batches(lengths, 9), length, PAD)
    rows = joined(list(packing))
    assert len(rows.ids) == len(rows) * length
    assert rows.ends.tolist() == list(range(length, len(rows.ids) + 1, length))
    assert set(rows.ends.tolist()) <= set(rows.segments.tolist())
    seen = {}
    borders = itertools.pairwise([0, *rows.segments.tolist()])
    for (begin, end), (source, record, first) in zip(borders, rows.origins.tolist(), strict=True):
        ids = rows.ids[begin:end].tolist()
        assert end > begin
        if source == FILLED:
            assert set(ids) == {PAD}
            assert end in rows.ends
            assert not rows.channels["loss"][begin:end].any()
            continue
        assert source == record % 3
        assert ids == list(range(record * 1000 + first, record * 1000 + first + len(ids)))
        assert rows.channels["loss"][begin:end].tolist() == [each % 2 for each in ids]
        for each in ids:
            assert seen.setdefault(each, begin) == begin, "an id comes twice"
    assert len(seen) + packing.dropped == sum(lengths)
    assert (packing.dropped == 0) or name == "bos"


@pytest.mark.parametrize("case", range(share(24)))
def test_concatenation_is_the_run_itself(case: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "WINDOW", 200)
    parts = batches(lengths_of(case), 5)
    rows = joined(list(PACKERS.load("concat")().pack(parts, 31, PAD)))
    whole = joined(parts).ids
    assert np.array_equal(rows.ids[: len(whole)], whole)
    assert len(rows.ids) - len(whole) < 31


@pytest.mark.parametrize("case", range(share(24)))
def test_best_fit_is_that_of_the_definition(case: int) -> None:
    """One window against the definition: least room that still holds the piece."""
    lengths, length = lengths_of(case), 40
    rows = joined(list(PACKERS.load("best-fit")().pack(batches(lengths, 50), length, PAD)))
    pieces = [min(length, size - at) for size in lengths for at in range(0, size, length)]
    rooms: list[int] = []
    for size in sorted(pieces, reverse=True):
        fitting = [(room, row) for row, room in enumerate(rooms) if room >= size]
        row = min(fitting)[1] if fitting else len(rooms)
        rooms[row:row] = [length] if not fitting else []
        rooms[row] -= size
    assert len(rows) == len(rooms)
    assert rows.padding == sum(rooms)
    stretches = np.diff(rows.segments, prepend=0)[rows.origins[:, 0] != FILLED]
    assert sorted(stretches.tolist()) == sorted(pieces), "no document is cut that a row holds"


def test_rows_of_bos_begin_with_documents() -> None:
    lengths = lengths_of(1)
    rows = joined(list(PACKERS.load("bos")().pack(batches(lengths, 9), 20, PAD)))
    first = np.concatenate([[0], np.searchsorted(rows.segments, rows.ends)[:-1] + 1])
    assert not rows.origins[first, 2].any()
