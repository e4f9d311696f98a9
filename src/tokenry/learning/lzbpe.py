"""Compression-aware BPE: among frequent pairs, merge those that a universal coder gains most by.

Source: Erdogan, Gorle, Chandak, Pilanci, Weissman 2026, "An information-theoretic perspective on
LLM tokenizers", arXiv:2601.09039 (its LZ-aware BPE). The exact score of the paper was not readable
to us; what follows is our reading of it, not its code.

1. Start as BPE does. Beside the counts of all words keep a sample of documents as running text.
2. Take the ``candidates`` most frequent pairs. For each, count the phrases that LZ78 (Ziv and
   Lempel 1978) cuts the sample into with that pair merged, and no other. All candidates lead to
   vocabularies of one size, so fewer phrases mean a smaller coded size: c phrases over V ids take
   about c (log2 c + log2 V) bits.
3. Merge the ``step`` candidates with the fewest phrases, the more frequent first among equals; a
   candidate that an earlier merge of the step has left with less than half of its count is skipped.
   Repeat until the vocabulary is full.

With ``candidates`` equal to 1 it is BPE. Beside what BPE costs, it parses the sample
``candidates / step`` times a merge, whatever the size of the corpus. Phrases of one sample are a
noisy score: late merges change them by a few, and so do accidents of the parse. Learning that was
interrupted goes on from its checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tokenry import _native
from tokenry.corpus import Corpus
from tokenry.errors import LearnError
from tokenry.learning.checkpoint import ProgressStep
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import MergeLearner
from tokenry.learning.session import Session
from tokenry.options import Positive

_BREAK = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class LzBpe(MergeLearner):
    """A learner of compression-aware BPE; other options are those of `MergingOptions`.

    Attributes:
        candidates: how many of the most frequent pairs are looked at.
        step: how many of them are merged before they are looked at again.
        sample_bytes: about how much text the coder sees: whole documents at equal distances, each
            cut after an eighth of this.
    """

    kind: ClassVar[str] = "lzbpe"
    candidates: Positive = 32
    step: Positive = 8
    sample_bytes: Positive = 131_072

    def validate(self) -> None:
        """Refuse steps of more merges than are looked at."""
        super().validate()
        if self.step > self.candidates:
            raise LearnError(
                f"step {self.step} of {self.candidates} candidates; expected from 1 merge to as "
                "many as there are candidates"
            )

    def steps(
        self, session: Session, counter: _native.WordCounter, learnt: MergeList
    ) -> Iterator[ProgressStep]:
        """Score and merge until the vocabulary is full."""
        sample = self.sample(session.corpus, learnt)
        index = self.index(counter, learnt)
        while len(learnt) < self.vocab_size and self._step(index, sample, learnt):
            yield "merge", len(learnt), self.vocab_size

    def sample(self, corpus: Corpus, learnt: MergeList) -> _native.LzSample:
        """Running text for the coder, with the merges so far applied."""
        cut = self.splitter()
        byte_ids = learnt.byte_ids()
        parts = [np.zeros(0, dtype=np.uint32)]
        for data in self._documents(corpus):
            ids = byte_ids[np.frombuffer(data, dtype=np.uint8)].astype(np.uint32)
            parts += [np.insert(ids, cut(data).ends.astype(np.int64), _BREAK)]
        sample = _native.LzSample(np.concatenate(parts))
        for made, (left, right) in enumerate(learnt.merges, learnt.first_merge):
            sample.merge(left, right, made)
        return sample

    def _documents(self, corpus: Corpus) -> Iterator[bytes]:
        sizes = [min(len(each.data), max(1, self.sample_bytes // 8)) for each in corpus]
        every = max(1, sum(sizes) // self.sample_bytes)
        for number, document in enumerate(corpus):
            if number % every == 0:
                yield document.data[: sizes[number]]

    def _step(self, index: _native.PairIndex, sample: _native.LzSample, learnt: MergeList) -> int:
        """Score the candidates and merge the best; how many were merged."""
        pairs, counts = index.top(self.candidates)
        phrases = sample.phrases_with(pairs)
        room = min(self.step, self.vocab_size - len(learnt))
        known: set[bytes] = set()
        merged = 0
        for chosen in np.argsort(phrases, kind="stable").tolist():
            if merged == room:
                break
            left, right = pairs[chosen].tolist()
            piece = learnt.pieces[left] + learnt.pieces[right]
            count = index.count(left, right)
            if piece in known or 2 * count < int(counts[chosen]) or count == 0:
                continue
            sample.merge(left, right, len(learnt))
            index.merge(left, right)
            learnt.add(left, right, count)
            known.add(piece)
            merged += 1
        return merged
