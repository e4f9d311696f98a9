from __future__ import annotations

import numpy as np
import pytest

from tokenry.errors import ArgumentError
from tokenry.learning import learner
from tokenry.measuring.glitches import GlitchScan, scan_glitches
from tokenry.measuring.undertrained import alike, distance_to_unused, lengths, suspects
from tokenry.text.pretokenizers.names import splitter_named
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

JUNK = b"-" * 16


def glitchy() -> Tokenizer:
    """A hole, a piece that no merge makes, one that is cut, one of junk."""
    pieces = [bytes([byte]) for byte in range(256)]
    pieces += [None, b"ab", b"xyz", b"a b", b"--", b"----", b"--------", JUNK]  # type: ignore[list-item]
    vocabulary = Vocabulary(pieces)
    a, b, dash = ord("a"), ord("b"), ord("-")
    merges = [(a, b, 257), (dash, dash, 260), (260, 260, 261), (261, 261, 262), (262, 262, 263)]
    segmenter = BytePairSegmenter.from_merges(vocabulary, np.array(merges, np.uint32))
    splitter = splitter_named("gpt2")
    assert splitter is not None
    return Tokenizer(vocabulary=vocabulary, segmenter=segmenter, pretokenizer=splitter)


def test_each_oddity_is_told() -> None:
    scan = scan_glitches(glitchy())
    assert scan.holes == (256,)
    assert set(scan.unproduced) == {258, 259}
    assert set(scan.changed) == {258, 259}
    assert scan.junk == (263,)
    assert set(scan.unused_bytes) == {0xC0, 0xC1, *range(0xF5, 0x100)}
    assert set(scan.never) == {256, 258, 259, *scan.unused_bytes}
    assert scan.counts()["partial_utf8"] == 128
    assert GlitchScan.from_json(scan.to_json()) == scan


def test_a_learnt_vocabulary_has_no_glitch() -> None:
    tokenizer = learner("bpe", vocab_size=266).learn(["the cat sat on the mat " * 20])
    scan = scan_glitches(tokenizer)
    assert not scan.unproduced
    assert not scan.changed
    assert len(scan.unused_bytes) == 13


def rows() -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], list[int]]:
    """Ids 0 to 7 were never trained, the last three of which nobody names."""
    source = np.random.default_rng(5)
    unused = source.normal(size=16)
    table = source.normal(size=(300, 16)) * 2 + 3 * source.normal(size=16)
    table[:8] = unused + 0.01 * source.normal(size=(8, 16))
    return table, list(range(5))


def test_rows_near_unused_ones_are_suspects() -> None:
    table, known = rows()
    indicator = distance_to_unused(table, known)
    assert set(suspects(indicator, 8 / 300)) == set(range(8))
    assert set(suspects(indicator, 3 / 300, leave_out=known)) == {5, 6, 7}
    assert alike(table, [*range(8), 20, 40]) == list(range(8))
    assert alike(table, []) == []
    assert lengths(table)[0] < np.median(lengths(table))


def test_too_few_unused_ids_are_refused() -> None:
    with pytest.raises(ArgumentError, match="2 ids for 300 rows"):
        distance_to_unused(rows()[0], [1, 2, 2])
