"""Ways from text to ids through the native core; `tokenry.text.encoder` chooses one, once.

All of them give the ids that `tokenry.text.preprocessing.segment_by_hand` finds by Python alone. A
str with surrogates raises UnicodeEncodeError; the encoder mends it and asks again.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.spans import Spans
from tokenry.text.added_tokens import Match
from tokenry.text.engines import Engines
from tokenry.text.parts import Pretokens
from tokenry.text.preprocessing import NormalizedText, Preprocessor
from tokenry.text.ragged import Ids, Ragged
from tokenry.text.unicode.utf8 import to_utf8

NO_IDS = np.zeros(0, np.uint32)
NO_SPANS = np.zeros((0, 2), np.int64)


class Route(Protocol):
    """One way from text to ids."""

    def encode(self, text: str | bytes, threads: int = 1) -> Ids:
        """Ids of a text, shape (k,); ``threads`` may share one that is large."""

    def encode_list(self, text: str | bytes, threads: int = 1) -> list[int]:
        """The same as a list."""

    def count(self, text: str | bytes) -> int:
        """How many ids `encode` gives."""

    def encode_with_spans(self, text: str | bytes) -> tuple[Ids, Spans]:
        """Ids, shape (k,), and their byte spans of the UTF-8 text, shape (k, 2)."""

    def encode_batch(self, texts: Sequence[str | bytes], threads: int) -> Ragged:
        """Ids of many texts."""


class CoreRoute:
    """Text that nothing but the core looks at: it normalises, splits and segments.

    Args:
        engine: splits and segments.
        normalizer: that of the core; None for none.
        steps: for spans where there is a normalizer, or a token in the text.
        tokens: added tokens to find in text as it is; None for none.
        tells_spans: whether the engine tells where in any text its ids stand.
    """

    def __init__(
        self,
        engine: _native.Engine,
        normalizer: _native.Normalizer | None,
        steps: Route,
        tokens: _native.TokenFinder | None = None,
        *,
        tells_spans: bool = True,
    ) -> None:
        self._engine = engine
        self._tells_spans = tells_spans
        self._normalizer = normalizer
        self._steps = steps
        self._tokens = tokens

    def encode(self, text: str | bytes, threads: int = 1) -> Ids:
        """Ids of a text, straight from the core."""
        return self._engine.encode(text, self._normalizer, self._tokens, threads)

    def encode_list(self, text: str | bytes, threads: int = 1) -> list[int]:
        """Ids of a text as a list, straight from the core."""
        return self._engine.encode_list(text, self._normalizer, self._tokens, threads)

    def straight(self) -> _native.EngineCall:
        """`encode` and `encode_list` on one thread, of a call or two less than they."""
        return _native.EngineCall(self._engine, self._normalizer, self._tokens)

    def count(self, text: str | bytes) -> int:
        """How many they are; none leaves the core."""
        if self._tokens is not None and self._tokens.occurs(text):
            return len(self.encode(text))
        return self._engine.count(text, self._normalizer)

    def encode_with_spans(self, text: str | bytes) -> tuple[Ids, Spans]:
        """Ids and spans; where text is changed or has tokens, by steps."""
        tokens = self._tokens is not None and self._tokens.occurs(text)
        changed = self._normalizer is not None and not self._normalizer.leaves(text)
        if changed or tokens or not self._tells_spans:
            return self._steps.encode_with_spans(text)
        return self._engine.encode_spans(text)

    def encode_batch(self, texts: Sequence[str | bytes], threads: int) -> Ragged:
        """Ids of many texts, straight from the core."""
        return Ragged(*self._engine.encode_batch(texts, threads, self._normalizer, self._tokens))


class EitherRoute(ABC):
    """A route for texts that are simple in some way, and another for those that are not.

    Args:
        simple: the route of the first.
        others: the route of the others.
    """

    def __init__(self, simple: Route, others: Route) -> None:
        self._simple = simple
        self._others = others

    @abstractmethod
    def is_simple(self, text: str | bytes) -> bool:
        """Whether a text goes by the simple route."""

    def not_simple(self, texts: Sequence[str | bytes]) -> list[int]:
        """Places of the texts that go by the other one, ascending."""
        return [i for i, text in enumerate(texts) if not self.is_simple(text)]

    def _of(self, text: str | bytes) -> Route:
        return self._simple if self.is_simple(text) else self._others

    def encode(self, text: str | bytes, threads: int = 1) -> Ids:
        """Ids of a text, by the route that is its own."""
        return self._of(text).encode(text, threads)

    def encode_list(self, text: str | bytes, threads: int = 1) -> list[int]:
        """Ids of a text as a list."""
        return self._of(text).encode_list(text, threads)

    def count(self, text: str | bytes) -> int:
        """How many `encode` gives."""
        return self._of(text).count(text)

    def encode_with_spans(self, text: str | bytes) -> tuple[Ids, Spans]:
        """Ids and spans."""
        return self._of(text).encode_with_spans(text)

    def encode_batch(self, texts: Sequence[str | bytes], threads: int) -> Ragged:
        """Ids of many texts, each by its own route."""
        places = self.not_simple(texts)
        if not places:
            return self._simple.encode_batch(texts, threads)
        rest = self._others.encode_batch([texts[i] for i in places], threads)
        if len(places) == len(texts):
            return rest
        left = [*texts]
        for i in places:
            left[i] = b""
        return _merged(self._simple.encode_batch(left, threads), places, rest)


class TokenRoute(EitherRoute):
    """Simple are texts that have none of some added tokens.

    Args:
        tokens: finds them.
        without: the route of texts that have none.
        steps: the route of the others.
    """

    def __init__(self, tokens: _native.TokenFinder, without: Route, steps: Route) -> None:
        super().__init__(without, steps)
        self._tokens = tokens

    def is_simple(self, text: str | bytes) -> bool:
        """Whether no token is in it."""
        return not self._tokens.occurs(text)

    def not_simple(self, texts: Sequence[str | bytes]) -> list[int]:
        """Places of the texts with a token, by one call of the core."""
        return self._tokens.occurring(texts)


class UnchangedRoute(EitherRoute):
    """Simple are texts that a normalizer leaves as they are, in whatever parts they come.

    Args:
        normalizer: it.
        without: the route of texts without the normalizer.
        others: the route with it.
    """

    def __init__(self, normalizer: _native.Normalizer, without: Route, others: Route) -> None:
        super().__init__(without, others)
        self._normalizer = normalizer

    def is_simple(self, text: str | bytes) -> bool:
        """Whether the normalizer leaves it."""
        return self._normalizer.leaves(text)


class WordRoute:
    """Raw text whose words stand alone, and another route for all other text.

    Args:
        words: knows raw words; gives nothing for a text of which one does not stand alone.
        others: the route of such texts, and of spans.
        tokens: added tokens to find in text as it is; None for none.
    """

    def __init__(
        self,
        words: _native.LocalEngine,
        others: Route,
        tokens: _native.TokenFinder | None = None,
    ) -> None:
        self._words = words
        self._others = others
        self._tokens = tokens

    def encode(self, text: str | bytes, threads: int = 1) -> Ids:
        """Ids of a text, word by word where its words stand alone."""
        ids = self._words.encode(text, self._tokens, threads)
        return self._others.encode(text, threads) if ids is None else ids

    def encode_list(self, text: str | bytes, threads: int = 1) -> list[int]:
        """Ids of a text as a list."""
        ids = self._words.encode_list(text, self._tokens, threads)
        return self._others.encode_list(text, threads) if ids is None else ids

    def count(self, text: str | bytes) -> int:
        """How many `encode` gives."""
        ids = self._words.encode(text, self._tokens)
        return self._others.count(text) if ids is None else len(ids)

    def encode_with_spans(self, text: str | bytes) -> tuple[Ids, Spans]:
        """Ids and spans, by the other route."""
        return self._others.encode_with_spans(text)

    def encode_batch(self, texts: Sequence[str | bytes], threads: int) -> Ragged:
        """Ids of many texts; the other route takes those whose words do not stand alone."""
        ids, offsets, others = self._words.encode_batch(texts, threads, self._tokens)
        found = Ragged(ids, offsets)
        if not others:
            return found
        return _merged(
            found, others, self._others.encode_batch([texts[i] for i in others], threads)
        )


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


class StepRoute:
    """Text in steps: added tokens and a normalizer by Python, and pretokens where need be."""

    def __init__(self, preprocessor: Preprocessor, engines: Engines) -> None:
        self._preprocessor = preprocessor
        self._engine = engines.text
        self._pretokens = engines.pretokens
        self._pretokenizer = engines.pretokenizer
        self._by_hand = engines.by_hand

    def encode(self, text: str | bytes, threads: int = 1) -> Ids:
        """Ids of a text, part by part; threads share what the core splits."""
        parts = self._preprocessor.parts(to_utf8(text))
        rows = [
            np.array([part.id], np.uint32) if isinstance(part, Match) else self._ids(part, threads)
            for part in parts
        ]
        return rows[0] if len(rows) == 1 else np.concatenate([NO_IDS, *rows])

    def encode_list(self, text: str | bytes, threads: int = 1) -> list[int]:
        """Ids of a text as a list."""
        return self.encode(text, threads).tolist()  # type: ignore[no-any-return]

    def count(self, text: str | bytes) -> int:
        """How many `encode` gives."""
        return len(self.encode(text))

    def _ids(self, part: NormalizedText, threads: int) -> Ids:
        if self._pretokenizer is None:
            data = self._by_hand.prepared(part.data, first=part.first)
            return self._engine.encode(data, threads=threads)
        pretokens = self._pretokenizer(part.data, first=part.first)
        return self._engine.encode_ranges(pretokens.data, pretokens.starts, pretokens.ends)[0]

    def encode_with_spans(self, text: str | bytes) -> tuple[Ids, Spans]:
        """Ids and spans, part by part, with the way back through every change."""
        ids, spans = [NO_IDS], [NO_SPANS]
        for part in self._preprocessor.parts(to_utf8(text), aligned=True):
            if isinstance(part, Match):
                ids.append(np.array([part.id], np.uint32))
                spans.append(np.array([[part.start, part.end]], np.int64))
            else:
                found, ranges = self._spans(part)
                ids.append(found)
                spans.append(ranges)
        return np.concatenate(ids), np.concatenate(spans)

    def _spans(self, part: NormalizedText) -> tuple[Ids, Spans]:
        if self._pretokenizer is None and self._by_hand.spans_in_core(part.data):
            ids, spans = self._engine.encode_spans(part.data)
        else:
            pretokens = self._by_hand(part.data, first=part.first)
            part = part.recut(pretokens)
            ids, spans = _pretoken_spans(self._pretokens, pretokens)
        return ids, part.spans(spans)

    def encode_batch(self, texts: Sequence[str | bytes], threads: int) -> Ragged:
        """Ids of many texts; the core segments their parts together where it splits them."""
        if self._pretokenizer is not None:
            return Ragged.of(map(self.encode, texts))
        if not self._preprocessor.finds_tokens:
            changed = [self._preprocessor.normalize(to_utf8(text))[0] for text in texts]
            inputs = [self._by_hand.prepared(data, first=True) for data in changed]
            return Ragged(*self._engine.encode_batch(inputs, threads))
        rows = [self._preprocessor.parts(to_utf8(text)) for text in texts]
        parts = [
            self._by_hand.prepared(part.data, first=part.first)
            for row in rows
            for part in row
            if isinstance(part, NormalizedText)
        ]
        encoded = Ragged(*self._engine.encode_batch(parts, threads))
        whole = all(len(row) == 1 and isinstance(row[0], NormalizedText) for row in rows)
        return encoded if whole else _assembled(rows, encoded)


def _pretoken_spans(engine: _native.Engine, pretokens: Pretokens) -> tuple[Ids, Spans]:
    """Ids, and their spans of ``pretokens.data``; equal pretokens are encoded once."""
    distinct: dict[bytes, int] = {}
    data = pretokens.data
    starts = pretokens.starts.astype(np.int64)
    bounds = zip(starts.tolist(), pretokens.ends.tolist(), strict=True)
    which = np.array(
        [distinct.setdefault(data[start:end], len(distinct)) for start, end in bounds], np.int64
    )
    rows = [engine.encode_spans(pretoken) for pretoken in distinct]
    ids = Ragged.of(row for row, _ in rows)
    spans = np.concatenate([NO_SPANS, *(row for _, row in rows)])
    lengths = ids.lengths()[which]
    # Where each id of the whole stands among those of the distinct pretokens.
    first = np.repeat(ids.offsets[:-1].astype(np.int64)[which], lengths)
    at = first + _counters(lengths)
    places = np.repeat(starts, lengths)
    return ids.ids[at], spans[at] + places[:, None]


def _counters(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, ... for each length, one after the other."""
    total = int(lengths.sum())
    return np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _assembled(rows: Sequence[Sequence[NormalizedText | Match]], encoded: Ragged) -> Ragged:
    """Ids of texts in parts; ``encoded`` has those of the parts that are no match, in order."""
    others = iter(encoded)
    return Ragged.of(
        np.concatenate(
            [
                NO_IDS,
                *(
                    np.array([p.id], np.uint32) if isinstance(p, Match) else next(others)
                    for p in row
                ),
            ]
        )
        for row in rows
    )
