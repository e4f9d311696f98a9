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

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from tokenry import _native
from tokenry.corpus import Corpus, CorpusLike, as_corpus
from tokenry.errors import LearnError
from tokenry.learning.bpe import Bpe
from tokenry.learning.checkpoint import Checkpoint, fingerprint
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.lexicon import Lexicon
from tokenry.progress import Progress, silent

_BREAK = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class LzBpe(Bpe):
    """A learner of compression-aware BPE; options that are not named here are those of `Bpe`.

    Attributes:
        candidates: how many of the most frequent pairs are looked at.
        step: how many of them are merged before they are looked at again.
        sample_bytes: about how much text the coder sees: whole documents at equal distances, each
            cut after an eighth of this.
    """

    kind: ClassVar[str] = "lzbpe"
    candidates: int = 32
    step: int = 8
    sample_bytes: int = 131_072

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 1 <= self.step <= self.candidates:
            raise LearnError(
                f"step {self.step} of {self.candidates} candidates; expected from 1 merge to as "
                "many as there are candidates"
            )
        if self.sample_bytes < 1:
            raise LearnError(f"sample_bytes {self.sample_bytes}; expected 1 or more")

    def learn_lexicon(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Lexicon:
        """Learn pieces, merges and the count of each merge; see `Bpe.learn_lexicon`."""
        progress = progress or silent
        documents = as_corpus(corpus)
        counter = self.count(documents, progress)
        lexicon = self.start(counter)
        options = {name: value for name, value in vars(self).items() if name != "threads"}
        saved = Checkpoint(
            Path(checkpoint) if checkpoint is not None else None,
            fingerprint((type(self).__name__, options), counter.fingerprint()),
        )
        saved.restore(lexicon)
        sample = self.sample(documents, lexicon)
        index = self.index(counter, lexicon)
        whole = len(lexicon.merges)
        try:
            while len(lexicon) < self.vocab_size:
                if not self._step(index, sample, lexicon):
                    break
                whole = len(lexicon.merges)
                progress("merge", len(lexicon), self.vocab_size)
        finally:  # half a step would shift the steps after it
            kept = lexicon.merges[:whole], lexicon.counts[:whole]
            saved.save(Lexicon(lexicon.specials, lexicon.alphabet, *kept))
        lexicon.check_size(self.vocab_size)
        return lexicon

    def sample(self, corpus: Corpus, lexicon: Lexicon) -> _native.LzSample:
        """Running text for the coder, with the merges of ``lexicon`` applied."""
        cut = pretokenizer_named(self.pretokenizer, self.numbers)
        byte_ids = lexicon.byte_ids()
        parts = [np.zeros(0, dtype=np.uint32)]
        for data in self._documents(corpus):
            ids = byte_ids[np.frombuffer(data, dtype=np.uint8)].astype(np.uint32)
            parts += [np.insert(ids, cut(data).ends.astype(np.int64), _BREAK)]
        sample = _native.LzSample(np.concatenate(parts))
        for made, (left, right) in enumerate(lexicon.merges, lexicon.first_merge):
            sample.merge(left, right, made)
        return sample

    def _documents(self, corpus: Corpus) -> Iterator[bytes]:
        sizes = [min(len(each.data), max(1, self.sample_bytes // 8)) for each in corpus]
        every = max(1, sum(sizes) // self.sample_bytes)
        for number, document in enumerate(corpus):
            if number % every == 0:
                yield document.data[: sizes[number]]

    def _step(self, index: _native.PairIndex, sample: _native.LzSample, lexicon: Lexicon) -> int:
        """Score the candidates and merge the best; how many were merged."""
        pairs, counts = index.top(self.candidates)
        phrases = sample.phrases_with(pairs)
        room = min(self.step, self.vocab_size - len(lexicon))
        known: set[bytes] = set()
        merged = 0
        for chosen in np.argsort(phrases, kind="stable").tolist():
            if merged == room:
                break
            left, right = pairs[chosen].tolist()
            piece = lexicon.pieces[left] + lexicon.pieces[right]
            count = index.count(left, right)
            if piece in known or 2 * count < int(counts[chosen]) or count == 0:
                continue
            sample.merge(left, right, len(lexicon))
            index.merge(left, right)
            lexicon.add(left, right, count)
            known.add(piece)
            merged += 1
        return merged
