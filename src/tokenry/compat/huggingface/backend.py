"""A tokenizers.Tokenizer as read by us: ids of texts, and the words that it would give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.compat.huggingface.places import Found, Places
from tokenry.formats.tokenizer_json import reading
from tokenry.text.added_tokens import AddedMatcher, Match
from tokenry.text.encoder import NONE_ALLOWED, Allowed, Encoder
from tokenry.text.ragged import Ragged
from tokenry.text.routes import Route

# Words and offsets are ours only where those of these texts are.
PROBES = (
    "the cat sat on the mat and the dog ran into the house of the man",
    "Ab \u00c9 12",
    " Hello  world, it's 12345 apples.\n\n  don't WE'RE \t\ty  ",
    "na\u00efve \u4e2d\u6587\u3002\u65e5\u672c\u8a9e\u3001\ud55c\uad6d\uc5b4 \u0e44\u0e17\u0e22 "
    "\u0939\u093f\u0928\u094d\u0926\u0940 \U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea x",
    "def f(x):\n    return x[0] + 1  # <s> [CLS] </s>\r\n",
    "do\x12n\x12\x7f't be\x13 \x01so \x02",
)


class Backend:
    """Ids, offsets and words of one state of a tokenizer.

    Args:
        document: its tokenizer.json.
        theirs: what tokenizers gives for one text, without a template.

    Raises:
        TokenryError: it is of a kind that tokenry does not load.
    """

    def __init__(self, document: bytes, theirs: Callable[[str], Any]) -> None:
        self.pipeline = reading.load(document)
        self._encoder = Encoder(self.pipeline)
        self._routes = {split: self._encoder.route(_allowed(split)) for split in (False, True)}
        self._one_word = False
        self._places: Places | None = None
        self.knows_words = True
        self._check([theirs(text) for text in PROBES])

    def route(self, split: bool) -> Route:
        """The way of text; ``split`` reads specials in it as text."""
        return self._routes[split]

    def offsets(self, texts: list[str], batch: Ragged) -> Found | None:
        """The characters of each token of a batch; None where tokenizers has to say."""
        return None if self._places is None else self._places.find(texts, batch)

    @property
    def keeps_first_space(self) -> bool:
        """Whether the first token of a window keeps a space that others lose."""
        return self._places is not None and self._places.keeps_first_space

    @cached_property
    def special_matcher(self) -> AddedMatcher:
        """Finds specials in text."""
        return AddedMatcher([token for token in self.pipeline.added_tokens if token.special])

    def _check(self, expected: list[Any]) -> None:
        """Hold offsets and words to those of tokenizers."""
        batch = self.route(False).encode_batch(PROBES, 1)
        known = 0
        for joined, fused in ((True, False), (False, False), (False, True)):
            places = Places(self.pipeline, joined=joined, fused=fused)
            found = places.find([*PROBES], batch)
            agree = _agree(found, batch, [each.offsets for each in expected])
            if agree and len(PROBES) - len(found.missing) > known:
                self._places, known = places, len(PROBES) - len(found.missing)
        self.knows_words = any(
            self._words_agree(batch, one_word, [each.word_ids for each in expected])
            for one_word in (False, True)
        )

    def _words_agree(self, batch: Ragged, one_word: bool, expected: list[Any]) -> bool:
        self._one_word = one_word
        found = [self.words(text, len(row), False) for text, row in zip(PROBES, batch, strict=True)]
        return found == expected

    def words(self, text: str, count: int, split: bool) -> list[int] | None:
        """The word of each of ``count`` tokens; None where tokenizers has to say."""
        if not self.knows_words:
            return None
        rows: list[NDArray[np.int64]] = []
        before = 0
        for lengths in self._pretokens(text, split):
            rows.append(np.repeat(np.arange(before, before + len(lengths)), lengths))
            before += len(lengths)
        found: list[int] = np.concatenate(rows).tolist() if rows else []
        return found if len(found) == count else None

    def _pretokens(self, text: str, split: bool) -> Iterator[NDArray[np.int64]]:
        """How many tokens the pretokens have, part by part of a text."""
        engine, pretokenizer = self._encoder.engines.pretokens, self.pipeline.pretokenizer
        one = np.ones(1, np.int64)
        for part in self._encoder.preprocessor(_allowed(split)).parts(text.encode()):
            if isinstance(part, Match):
                yield one
                continue
            cut = pretokenizer(part.data, first=part.first)
            ends = engine.encode_ranges(cut.data, cut.starts, cut.ends)[1].astype(np.int64)
            yield one * ends[-1] if self._one_word else np.diff(ends)


def _agree(found: Found, batch: Ragged, expected: list[Any]) -> bool:
    """Whether what is said of texts is what tokenizers says."""
    rows = pairwise(batch.offsets.tolist())
    known = (
        (expected[at], [*zip(found.starts[b:e].tolist(), found.ends[b:e].tolist(), strict=True)])
        for at, (b, e) in enumerate(rows)
        if at not in found.missing
    )
    return all(theirs == ours for theirs, ours in known)


def _allowed(split: bool) -> Allowed:
    return NONE_ALLOWED if split else "all"
