"""The parts of a pipeline in the native core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry import _native
from tokenry.errors import ArgumentError
from tokenry.text.parts import Pretokenizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.ragged import Ragged
from tokenry.vocabulary import pack


@dataclass(frozen=True, slots=True)
class Engines:
    """What the core runs of a pipeline, and what of it is left to Python.

    Attributes:
        text: takes text as the normalizer leaves it; where the core does not know the
            pretokenizer, it takes each text as one pretoken.
        pretokens: takes pretokens as they stand.
        words: takes raw text whose words stand alone (`tokenry.text.raw_words`); None where the
            pipeline has none.
        pretokenizer: what finds pretokens in Python; None where the core does.
        by_hand: what finds them in Python where the core does not tell where ids stand.
    """

    text: _native.Engine
    pretokens: _native.Engine
    words: _native.LocalEngine | None
    pretokenizer: Pretokenizer | None
    by_hand: Pretokenizer

    @classmethod
    def of(cls, pipeline: Pipeline) -> Engines:
        """Those of a pipeline."""
        pretokenizer, core = pipeline.pretokenizer, pipeline.segmenter.native()
        whole = _native.Splitter("whole")
        known = pretokenizer.in_core(core)
        segmenter, splitter = known or (core, whole)
        text = _native.Engine(segmenter, splitter)
        words = pretokenizer.raw_words(pipeline.normalizer, pipeline.segmenter)
        return cls(
            text,
            text
            if segmenter is core and not pretokenizer.changes_text
            else _native.Engine(core, whole),
            None if words is None else words.engine(),
            None if known else pretokenizer,
            pretokenizer,
        )

    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands."""
        run, offsets = pack(pretokens)
        return Ragged(*self.pretokens.encode_ranges(run, offsets[:-1], offsets[1:]))

    def stats(self) -> dict[str, int]:
        """Threads' private caches that exist, and their memory in bytes."""
        both = [each.stats() for each in (self.text, self.words) if each is not None]
        return {key: sum(stats[key] for stats in both) for key in ("workers", "cache_bytes")}


def thread_count(threads: int | None) -> int:
    """How many threads to use: as asked, else TOKENRY_THREADS, else one a core.

    Raises:
        ArgumentError: ``threads`` is no number of threads.
    """
    if threads is None:
        return _native.default_threads()
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise ArgumentError(f"threads {threads!r}; expected a whole number from 1 on, or None")
    return threads
