"""The native way from text to ids; `segment_by_hand` in `preprocessing` is its readable twin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.added_tokens import AddedMatcher, Match
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.preprocessing import Cutter, Stretch, segment_by_hand
from tokenry.text.ragged import Ragged
from tokenry.text.unicode.utf8 import join_surrogates, to_utf8
from tokenry.vocabulary import pack

Ids = NDArray[np.uint32]
Spans = NDArray[np.int64]
Allowed = AbstractSet[str] | Literal["all"]
NO_SPANS = np.zeros((0, 2), np.int64)


class Encoder:
    """Text to ids for one pipeline; without its template.

    ``allowed_special`` names the specials that are recognised in text; "all" allows every one.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._specials = pipeline.specials()
        self._cutters: dict[frozenset[str], Cutter] = {}

    @cached_property
    def native(self) -> NativeEncoder:
        """The core's part of it, built when first needed, so that loading is quick."""
        parts = self.pipeline
        return NativeEncoder(parts.segmenter, parts.pretokenizer, parts.normalizer)

    def encode(self, text: str | bytes, allowed_special: Allowed = frozenset()) -> Ids:
        """Ids of ``text``, shape (k,)."""
        cutter, native = self.cutter(allowed_special), self.native
        ids = native.encode_local(text, cutter)
        if ids is not None:
            return ids
        if cutter.idle and native.splits:
            return native.encode_plain(text, cutter.core)
        return native.encode(to_utf8(text), cutter)

    def encode_batch(
        self,
        texts: Iterable[str | bytes],
        allowed_special: Allowed = frozenset(),
        *,
        threads: int | None = None,
    ) -> Ragged:
        """Ids of many texts."""
        cutter, native = self.cutter(allowed_special), self.native
        texts = list(texts)
        batch = native.encode_local_batch(texts, cutter, threads)
        if batch is not None:
            return batch
        if cutter.idle and native.splits:
            return native.encode_batch(texts, threads, cutter.core)
        return native.encode_parts([to_utf8(text) for text in texts], cutter, threads)

    def count(self, text: str | bytes, allowed_special: Allowed = frozenset()) -> int:
        """How many ids `encode` gives."""
        cutter, native = self.cutter(allowed_special), self.native
        ids = native.encode_local(text, cutter)
        if ids is None and cutter.idle and native.splits:
            return native.count_plain(text, cutter.core)
        return len(native.encode(to_utf8(text), cutter) if ids is None else ids)

    def encode_with_spans(
        self, text: str | bytes, allowed_special: Allowed = frozenset()
    ) -> tuple[Ids, Spans]:
        """Ids, shape (k,), and their byte spans of the UTF-8 input, shape (k, 2)."""
        cutter, native = self.cutter(allowed_special), self.native
        if cutter.whole and cutter.normalizer is None and native.splits:
            return native.encode_with_spans_plain(text)
        return native.encode_with_spans(to_utf8(text), cutter)

    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands: nothing is normalised, split or looked for."""
        return self.native.encode_pretokens(pretokens)

    def encode_by_hand(
        self, text: str | bytes, allowed_special: Allowed = frozenset()
    ) -> list[int]:
        """What `encode` gives, found by readable Python instead of the native core; slow."""
        parts = self.pipeline
        cutter = self.cutter(allowed_special)
        return segment_by_hand(cutter, parts.pretokenizer, parts.segmenter, to_utf8(text))

    def cutter(self, allowed_special: Allowed = frozenset()) -> Cutter:
        """The text side for a choice of specials.

        Raises:
            VocabularyError: ``allowed_special`` names something that is no special.
        """
        allowed = frozenset(self._specials if allowed_special == "all" else allowed_special)
        cutter = self._cutters.get(allowed)
        if cutter is None:
            cutter = self._make_cutter(allowed)
            if len(self._cutters) < 64:
                self._cutters[allowed] = cutter
        return cutter

    def _make_cutter(self, allowed: frozenset[str]) -> Cutter:
        unknown = allowed - self._specials.keys()
        if unknown:
            raise VocabularyError(
                f"allowed_special names {sorted(unknown)}, which are no specials of this "
                f"tokenizer; it has {sorted(self._specials)}"
            )
        added, normalizer = self.pipeline.added_tokens, self.pipeline.normalizer
        active = [each for each in added if not each.special or each.content in allowed]
        raw = [token for token in active if not token.normalized]
        normalized = [token for token in active if token.normalized]
        return Cutter(
            normalizer,
            AddedMatcher(raw) if raw else None,
            AddedMatcher(normalized, normalizer) if normalized else None,
        )


class NativeEncoder:
    """A segmenter and a pretokenizer in the core.

    Where the core knows the pretokenizer, text goes straight through; where it does not, the
    pretokenizer's Python finds the pretokens and the core segments them. Where all of it acts on
    each word by itself (`tokenry.text.raw_words`), the core takes text as it stands.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        pretokenizer: Pretokenizer,
        normalizer: Normalizer | None = None,
    ) -> None:
        splitter = _splitter(pretokenizer)
        # Pretokens found in Python are whole inputs to the core.
        self._engine = _native.Engine(segmenter.native(), splitter or _native.Splitter("whole"))
        self._bare = self._engine  # takes pretokens as they stand
        if getattr(pretokenizer, "is_bert", False):
            plain = _native.BertOptions()
            splitter = _native.bert_splitter(plain)
            self._engine = _native.Engine(
                _native.BertSegmenter(segmenter.native(), plain), splitter
            )
        self._pretokenizer = None if splitter is not None else pretokenizer
        self._local = _local_engine(segmenter, pretokenizer, normalizer)

    @property
    def splits(self) -> bool:
        """Whether the core itself splits text."""
        return self._pretokenizer is None

    def encode_plain(self, text: str | bytes, normalizer: _native.Normalizer | None) -> Ids:
        """Ids of text that nothing but the core looks at."""
        try:
            return self._engine.encode(text, normalizer)
        except UnicodeEncodeError:
            return self._engine.encode(join_surrogates(text), normalizer)  # type: ignore[arg-type]

    def count_plain(self, text: str | bytes, normalizer: _native.Normalizer | None) -> int:
        """How many ids `encode_plain` gives."""
        try:
            return self._engine.count(text, normalizer)
        except UnicodeEncodeError:
            return self._engine.count(join_surrogates(text), normalizer)  # type: ignore[arg-type]

    def encode_local(self, text: str | bytes, cutter: Cutter) -> Ids | None:
        """Ids of a text whose words stand alone, or None for any other."""
        if self._local is None or not cutter.whole:
            return None
        try:
            return self._local.encode(text)
        except UnicodeEncodeError:
            return self._local.encode(join_surrogates(text))  # type: ignore[arg-type]

    def encode_local_batch(
        self, texts: list[str | bytes], cutter: Cutter, threads: int | None
    ) -> Ragged | None:
        """The same for many texts; those whose words do not stand alone go the other way."""
        if self._local is None or not cutter.whole:
            return None
        many = thread_count(threads)
        try:
            ids, offsets, others = self._local.encode_batch(texts, many)
        except UnicodeEncodeError:
            ids, offsets, others = self._local.encode_batch(_repaired(texts), many)
        found = Ragged(ids, offsets)
        if not others:
            return found
        return _merged(found, others, self._rest([texts[at] for at in others], cutter, threads))

    def _rest(self, texts: list[str | bytes], cutter: Cutter, threads: int | None) -> Ragged:
        if cutter.idle and self.splits:
            return self.encode_batch(texts, threads, cutter.core)
        return self.encode_parts([to_utf8(text) for text in texts], cutter, threads)

    def encode_with_spans_plain(self, text: str | bytes) -> tuple[Ids, Spans]:
        """`encode_plain` without a normalizer, and the spans, shape (k, 2)."""
        try:
            return self._engine.encode_spans(text)
        except UnicodeEncodeError:
            return self._engine.encode_spans(join_surrogates(text))  # type: ignore[arg-type]

    def encode(self, data: bytes, cutter: Cutter) -> Ids:
        """Ids of an input that added tokens, a normalizer or Python pretokens may concern."""
        rows = [
            np.array([part.id], dtype=np.uint32) if isinstance(part, Match) else self._stretch(part)
            for part in cutter.stretches(data, aligned=False)
        ]
        return rows[0] if len(rows) == 1 else np.concatenate([np.zeros(0, np.uint32), *rows])

    def _stretch(self, stretch: Stretch) -> Ids:
        if self._pretokenizer is None:
            return self._engine.encode(stretch.data)
        pretokens = self._pretokenizer(stretch.data, first=stretch.first)
        return self._engine.encode_ranges(pretokens.data, pretokens.starts, pretokens.ends)[0]

    def encode_with_spans(self, data: bytes, cutter: Cutter) -> tuple[Ids, Spans]:
        """Ids, shape (k,), and their byte spans of ``data``, shape (k, 2)."""
        ids = [np.zeros(0, np.uint32)]
        spans = [NO_SPANS]
        for part in cutter.stretches(data, aligned=True):
            if isinstance(part, Match):
                ids.append(np.array([part.id], dtype=np.uint32))
                spans.append(np.array([[part.start, part.end]], dtype=np.int64))
            else:
                found, ranges = self._stretch_spans(part)
                ids.append(found)
                spans.append(ranges)
        return np.concatenate(ids), np.concatenate(spans)

    def _stretch_spans(self, stretch: Stretch) -> tuple[Ids, Spans]:
        if self._pretokenizer is None:
            ids, spans = self._engine.encode_spans(stretch.data)
            if stretch.start == 0 and stretch.alignment is None:
                return ids, spans
            return ids, stretch.spans(spans[:, 0], spans[:, 1])
        pretokens = self._pretokenizer(stretch.data, first=stretch.first)
        stretch = stretch.recut(pretokens)
        ids, spans = self._pretoken_spans(pretokens)
        return ids, stretch.spans(spans[:, 0], spans[:, 1])

    def _pretoken_spans(self, pretokens: Pretokens) -> tuple[Ids, Spans]:
        """Ids, and their spans of ``pretokens.data``."""
        distinct: dict[bytes, int] = {}
        data = pretokens.data
        starts = pretokens.starts.astype(np.int64)
        bounds = zip(starts.tolist(), pretokens.ends.tolist(), strict=True)
        which = np.array(
            [distinct.setdefault(data[start:end], len(distinct)) for start, end in bounds],
            dtype=np.int64,
        )
        rows = [self._engine.encode_spans(pretoken) for pretoken in distinct]
        ids = Ragged.of(row for row, _ in rows)
        spans = np.concatenate([NO_SPANS, *(row for _, row in rows)])
        lengths = ids.lengths()[which]
        # Where each id of the whole stands among those of the distinct pretokens.
        first = np.repeat(ids.offsets[:-1].astype(np.int64)[which], lengths)
        at = first + _counters(lengths)
        places = np.repeat(starts, lengths)
        return ids.ids[at], spans[at] + places[:, None]

    def encode_batch(
        self,
        texts: Sequence[str | bytes],
        threads: int | None,
        normalizer: _native.Normalizer | None = None,
    ) -> Ragged:
        """Ids of many texts that nothing but the core looks at."""
        many = thread_count(threads)
        try:
            return Ragged(*self._engine.encode_batch(texts, many, normalizer))
        except UnicodeEncodeError:
            return Ragged(*self._engine.encode_batch(_repaired(texts), many, normalizer))

    def encode_parts(self, texts: Sequence[bytes], cutter: Cutter, threads: int | None) -> Ragged:
        """Ids of many inputs that added tokens or a normalizer may concern."""
        if self._pretokenizer is not None:
            return Ragged.of(self.encode(text, cutter) for text in texts)
        if cutter.whole:
            return self.encode_batch([cutter.normalize(text) for text in texts], threads)
        parts = [list(cutter.stretches(text, aligned=False)) for text in texts]
        stretches = [part.data for row in parts for part in row if isinstance(part, Stretch)]
        encoded = self.encode_batch(stretches, threads)
        if all(len(row) == 1 and isinstance(row[0], Stretch) for row in parts):
            return encoded
        return _assemble(parts, encoded)

    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands."""
        run, offsets = pack(pretokens)
        return Ragged(*self._bare.encode_ranges(run, offsets[:-1], offsets[1:]))

    def decode(self, ids: Ids) -> bytes:
        """Pieces of ids, one after another; ids that the segmenter knows no bytes of give none."""
        return self._engine.decode(ids)

    def decode_batch(self, batch: Ragged, threads: int | None) -> list[bytes]:
        """`decode` for each sequence."""
        return self._engine.decode_batch(batch.ids, batch.offsets, thread_count(threads))

    def stats(self) -> dict[str, int]:
        """Threads' private caches that exist, and their memory in bytes."""
        both = [each.stats() for each in (self._engine, self._local) if each is not None]
        return {key: sum(stats[key] for stats in both) for key in ("workers", "cache_bytes")}

    def pieces(self, size: int) -> list[bytes]:
        """What each id below ``size`` decodes to."""
        ids = np.arange(size, dtype=np.uint32)
        return self._engine.decode_batch(ids, np.arange(size + 1, dtype=np.uint64), 1)


def _splitter(pretokenizer: Pretokenizer) -> _native.Splitter | None:
    """What does the same in the core: by its name, or made by the pretokenizer itself."""
    if pretokenizer.native is not None:
        return _native.Splitter(pretokenizer.native)
    make = getattr(pretokenizer, "native_splitter", None)
    return None if make is None else make()


def _merged(found: Ragged, places: list[int], rest: Ragged) -> Ragged:
    """``found``, whose rows at ``places`` are empty, with those of ``rest`` there."""
    lengths, other = found.lengths(), np.zeros(len(found.offsets) - 1, dtype=np.bool_)
    other[places] = True
    lengths[other] = rest.lengths()
    which = np.repeat(other, lengths)
    ids = np.empty(len(which), dtype=np.uint32)
    ids[which] = rest.ids
    ids[~which] = found.ids
    return Ragged(ids, np.append(np.uint64(0), np.cumsum(lengths).astype(np.uint64)))


def _repaired(texts: Sequence[str | bytes]) -> list[str | bytes]:
    return [join_surrogates(text) if isinstance(text, str) else text for text in texts]


def _local_engine(
    segmenter: Segmenter, pretokenizer: Pretokenizer, normalizer: Normalizer | None
) -> _native.LocalEngine | None:
    """What encodes raw words one by one, where that is exact and not what the core does anyway."""
    if normalizer is None and pretokenizer.native is not None:
        return None
    # Imports all normalizers and the regex module, which take longer than loading ranks.
    from tokenry.text.raw_words import local_words

    words = local_words(normalizer, pretokenizer, segmenter)
    return None if words is None else words.engine()


def _assemble(parts: Sequence[Sequence[Stretch | Match]], encoded: Ragged) -> Ragged:
    rows = iter(encoded)
    empty = np.zeros(0, np.uint32)
    return Ragged.of(
        np.concatenate(
            [
                empty,
                *(np.array([p.id], np.uint32) if isinstance(p, Match) else next(rows) for p in row),
            ]
        )
        for row in parts
    )


def _counters(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, ... for each length, one after the other."""
    total = int(lengths.sum())
    return np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def thread_count(threads: int | None) -> int:
    """How many threads to use: as asked, else TOKENRY_THREADS, else one a core."""
    return _native.default_threads() if threads is None else max(1, threads)
