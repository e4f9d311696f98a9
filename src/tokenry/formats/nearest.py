"""The nearest byte-pair encoding of a tokenizer that replays a log of events.

No file of another program can say that a piece is deleted, or that words are joined. What it can
say is a list of merges. Of the ways to make such a list the best is to let two pieces merge
wherever their concatenation is a piece, in the order in which the log last made it, and to take a
pretoken that is a piece whole. Measured on held-out English novels and on documentation in many
languages (16,000 pieces), tokens that are the same: PickyBPE 99.8% and 97.7%, BoundlessBPE 97.8%
and 96.3%. The merges of the log whose pieces are all left give 99.8% and 95.8%, 97.3% and 94.1%; a
Unigram model with the pieces' frequencies 94.0% and 90.4%, 91.6% and 89.3%; longest match 90.5% and
85.8%, 84.4% and 83.9%.

Where scripts take several bytes a character, the piece between the bytes and the character is often
deleted, and then no merge of two pieces makes the character: 5% more tokens in the documentation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from tokenry.errors import UnsupportedError
from tokenry.text.parts import Pretokenizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.split_patterns import RegexPretokenizer
from tokenry.text.pretokenizers.word_runs import WordRunPretokenizer
from tokenry.text.segmenters.bpe import NO_RANK, BytePairSegmenter
from tokenry.text.segmenters.event_log import DELETION, EventLog, EventSegmenter, WordRunSegmenter
from tokenry.vocabulary import Vocabulary

EVENTS: Final = "merges stand in for deletions and supermerges, which such a file cannot say"


def nearest(pipeline: Pipeline) -> tuple[Pipeline, tuple[str, ...]]:
    """A pipeline with the same ids that a file can say, and what is lost; itself and nothing.

    Raises:
        UnsupportedError: runs of words of a splitter that has no regular expression.
    """
    segmenter = pipeline.segmenter
    if not isinstance(segmenter, EventSegmenter | WordRunSegmenter):
        return pipeline, ()
    sayable = replace(
        pipeline,
        segmenter=merges_of(segmenter.vocabulary, segmenter.log),
        pretokenizer=_pretokenizer(pipeline.pretokenizer),
    )
    return sayable, (EVENTS,)


def merges_of(vocabulary: Vocabulary, log: EventLog) -> BytePairSegmenter:
    """Merges of all two pieces whose concatenation is a piece, in the order of the log."""
    ranks = np.full(len(vocabulary), NO_RANK, dtype=np.uint32)
    made = log.ids[log.events[:, 3]]
    last = (log.events[:, 0] != DELETION) & (made >= 0)
    ranks[made[last]] = np.flatnonzero(last)  # of equal ids the last one stays
    by_ranks = BytePairSegmenter.from_ranks(vocabulary, ranks)
    order = np.argsort(by_ranks.ranks, kind="stable")
    return BytePairSegmenter.from_merges(vocabulary, by_ranks.merges[order], whole_pretokens=True)


def _pretokenizer(pretokenizer: Pretokenizer) -> Pretokenizer:
    if not isinstance(pretokenizer, WordRunPretokenizer):
        return pretokenizer
    pattern = pretokenizer.pattern
    if pattern is None:
        raise UnsupportedError(
            f"no regular expression cuts the runs of words of {pretokenizer.splitter!r}; learn "
            "with a splitter that has one, such as o200k, or save tokenry's own file"
        )
    return RegexPretokenizer(pattern)
