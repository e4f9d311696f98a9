"""The parts of a pipeline in the native core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry import _native
from tokenry.text.parts import Pretokenizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.ragged import Ragged
from tokenry.vocabulary import pack


@dataclass(frozen=True, slots=True)
class Engines:
    """What the core runs of a pipeline, and what of it is left to Python.

    Attributes:
        text: takes text, normalised where the pipeline normalises; where the core does not know
            the pretokenizer, it takes each text as one pretoken.
        pretokens: takes pretokens as they stand.
        words: takes raw text whose words stand alone (`tokenry.text.raw_words`); None where the
            pipeline has none, or where ``text`` does the same.
        pretokenizer: what finds pretokens in Python; None where the core does.
    """

    text: _native.Engine
    pretokens: _native.Engine
    words: _native.LocalEngine | None
    pretokenizer: Pretokenizer | None

    @classmethod
    def of(cls, pipeline: Pipeline) -> Engines:
        """Those of a pipeline."""
        pretokenizer, segmenter = pipeline.pretokenizer, pipeline.segmenter.native()
        splitter = _splitter(pretokenizer)
        text = _native.Engine(segmenter, splitter or _native.Splitter("whole"))
        words, pretokens = _words(pipeline), text
        if getattr(pretokenizer, "is_bert", False):
            plain = _native.BertOptions()
            splitter = _native.bert_splitter(plain)
            text = _native.Engine(_native.BertSegmenter(segmenter, plain), splitter)
        return cls(text, pretokens, words, None if splitter is not None else pretokenizer)

    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands."""
        run, offsets = pack(pretokens)
        return Ragged(*self.pretokens.encode_ranges(run, offsets[:-1], offsets[1:]))

    def stats(self) -> dict[str, int]:
        """Threads' private caches that exist, and their memory in bytes."""
        both = [each.stats() for each in (self.text, self.words) if each is not None]
        return {key: sum(stats[key] for stats in both) for key in ("workers", "cache_bytes")}


def _splitter(pretokenizer: Pretokenizer) -> _native.Splitter | None:
    """What does the same in the core: by its name, or made by the pretokenizer itself."""
    if pretokenizer.native is not None:
        return _native.Splitter(pretokenizer.native)
    make = getattr(pretokenizer, "native_splitter", None)
    return None if make is None else make()


def _words(pipeline: Pipeline) -> _native.LocalEngine | None:
    """What encodes raw words one by one, where that is exact and not what the core does anyway."""
    if pipeline.normalizer is None and pipeline.pretokenizer.native is not None:
        return None
    # Imports all normalizers and the regex module, which take longer than loading ranks.
    from tokenry.text.raw_words import local_words

    words = local_words(pipeline.normalizer, pipeline.pretokenizer, pipeline.segmenter)
    return None if words is None else words.engine()


def thread_count(threads: int | None) -> int:
    """How many threads to use: as asked, else TOKENRY_THREADS, else one a core."""
    return _native.default_threads() if threads is None else max(1, threads)
