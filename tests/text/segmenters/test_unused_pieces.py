"""Unused pieces of a BPE: what they fall into, and saving; the oracle is in the format's tests."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np

import tokenry
from tokenry.formats.native_file import save
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.unused_pieces import UnusedPieceSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

PIECES = [b"?", b"a", b"b", b"ab", b"abab", b"#", b"c"]
ROLES = {0: "unknown", 3: "unused", 4: "unused", 5: "user_defined", 6: "unused"}
RANKS = np.array([9, 9, 9, 0, 1, 9, 9])


def segmenter(unknown: int | None = 0) -> UnusedPieceSegmenter:
    return UnusedPieceSegmenter(Vocabulary(PIECES, ROLES), RANKS, unknown)


def test_pieces_fall_into_what_they_were_merged_from() -> None:
    assert segmenter().segment(b"abab") == [1, 2, 1, 2]
    assert segmenter().segment_with_sizes(b"a#b") == [(1, 1), (5, 1), (2, 1)]
    # one that nothing makes is unknown, and neighbouring unknowns are one
    assert segmenter().segment_with_sizes("cx\u00e9a".encode()) == [(0, 4), (1, 1)]


def test_saving_and_pickling(tmp_path: Path) -> None:
    one = segmenter()
    tokenizer = Tokenizer.of(
        Pipeline(vocabulary=one.vocabulary, segmenter=one, pretokenizer=NativePretokenizer("whole"))
    )
    save(tokenizer.pipeline, tmp_path / "own.json")
    for again in (tokenry.load(tmp_path / "own.json"), pickle.loads(pickle.dumps(tokenizer))):
        assert again.encode("ababca#") == tokenizer.encode("ababca#") == [1, 2, 1, 2, 0, 1, 5]
        assert again.fingerprint() == tokenizer.fingerprint()
