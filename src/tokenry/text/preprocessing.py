"""From input to pretokens: added tokens, then the normalizer, then the pretokenizer.

What comes out is what the native core and its readable twin both segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.spans import Alignment, Spans
from tokenry.text.added_tokens import AddedMatcher, HeadMatcher, Match
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.unicode.utf8 import map_valid, valid_stretches


# A tuple is made in 0.2 us, a frozen dataclass in 0.5: with 2 us a text that counts.
class NormalizedText(NamedTuple):
    """Text between added tokens: normalised bytes, and where they stood in the input.

    Attributes:
        data: the bytes.
        start: where the input of ``alignment`` begins in the whole input.
        alignment: the way back; None where the bytes are as they were.
        first: whether it stands at the beginning of the input.
    """

    data: bytes
    start: int
    alignment: Alignment | None
    first: bool

    def spans(self, ranges: Spans) -> Spans:
        """Spans of the input, shape (n, 2), of ranges of ``data``, shape (n, 2)."""
        if self.alignment is None:
            return ranges + self.start if self.start else ranges
        spans = self.alignment.spans(ranges[:, 0], ranges[:, 1])
        return spans + self.start if self.start else spans

    def place(self, match: Match) -> Match:
        """A match in ``data`` as one in the input."""
        if self.alignment is None:
            return Match(self.start + match.start, self.start + match.end, match.id)
        (span,) = self.spans(np.array([[match.start, match.end]]))
        return Match(int(span[0]), int(span[1]), match.id)

    def recut(self, pretokens: Pretokens) -> NormalizedText:
        """The same with the text that a pretokenizer made of it."""
        if pretokens.alignment is None:
            return self
        alignment = pretokens.alignment
        if self.alignment is not None:
            alignment = alignment.after(self.alignment)
        return NormalizedText(pretokens.data, self.start, alignment, self.first)


class Preprocessor:
    """What happens to text before it is cut into pretokens, for one choice of added tokens.

    Args:
        normalizer: changes what stands between added tokens.
        raw: finds added tokens in the input as it is; None where none can occur.
        normalized: finds those that the file looks for in normalised text.
        heads: finds those at the beginning of what stands between the others; None for none.
    """

    def __init__(
        self,
        normalizer: Normalizer | None,
        raw: AddedMatcher | None = None,
        normalized: AddedMatcher | None = None,
        heads: HeadMatcher | None = None,
    ) -> None:
        self._normalizer = normalizer
        self._raw = raw
        self._heads = heads
        self._normalized = normalized
        self.core = None if normalizer is None else normalizer.native()

    @property
    def finds_tokens(self) -> bool:
        """Whether an added token is looked for, so that an input may come in parts."""
        return any(each is not None for each in (self._raw, self._normalized, self._heads))

    @property
    def finder(self) -> AddedMatcher | None:
        """The one matcher, where it looks at the input as it is; None where there are others."""
        if self._heads is not None:
            return self._heads.beside(self._raw) if self._normalized is None else None
        if self._normalized is None:
            return self._raw
        if self._normalizer is not None:
            return None
        return self._normalized if self._raw is None else self._raw.before(self._normalized)

    def without_tokens(self) -> Preprocessor:
        """The same that looks for no added token."""
        return Preprocessor(self._normalizer)

    @property
    def runs_in_core(self) -> bool:
        """Whether the core can do all that is done to text without added tokens."""
        return self._normalizer is None or self.core is not None

    def parts(self, data: bytes, *, aligned: bool = False) -> list[NormalizedText | Match]:
        """Cut the input at added tokens; ``aligned`` asks for the way back to the input."""
        if self._raw is None:
            return self._from_head(data, 0, aligned)
        parts: list[NormalizedText | Match] = []
        for begin, end, match in _gaps(data, self._raw):
            parts += self._from_head(data[begin:end], begin, aligned)
            if match is not None:
                parts.append(match)
        return parts

    def _from_head(self, data: bytes, start: int, aligned: bool) -> list[NormalizedText | Match]:
        """The parts of what stands between two tokens, of which one may be its head."""
        head = None if self._heads is None else self._heads.find(data)
        if head is None:
            return self._between(data, start, aligned)
        first = Match(start, start + head.end, head.id)
        return [first, *self._between(data[head.end :], start + head.end, aligned)]

    def _between(self, data: bytes, start: int, aligned: bool) -> list[NormalizedText | Match]:
        """The parts of what stands between two tokens of the raw input."""
        changed, alignment = self.normalize(data, aligned=aligned)
        whole = NormalizedText(changed, start, alignment, start == 0)
        if self._normalized is None:
            return [whole] if changed else []
        parts: list[NormalizedText | Match] = []
        for begin, end, match in _gaps(changed, self._normalized):
            if begin < end:
                parts.append(_part(whole, begin, end))
            if match is not None:
                parts.append(whole.place(match))
        return parts

    def normalize(self, data: bytes, *, aligned: bool = False) -> tuple[bytes, Alignment | None]:
        """What the normalizer makes of ``data``, and where it came from if ``aligned``."""
        if self._normalizer is None:
            return data, None
        if self.core is not None:
            return _normalize_natively(self.core, data, aligned)
        if not aligned:
            return map_valid(data, self._normalizer), None
        return align_valid(data, self._normalizer)


def _gaps(data: bytes, matcher: AddedMatcher) -> Iterator[tuple[int, int, Match | None]]:
    """Ranges between matches, each with the match that ends it (None at the end)."""
    begin = 0
    for match in matcher.find(data):
        yield begin, match.start, match
        begin = match.end
    yield begin, len(data), None


def _part(whole: NormalizedText, begin: int, end: int) -> NormalizedText:
    if begin == 0 and end == len(whole.data):
        return whole
    data = whole.data[begin:end]
    first = whole.first and begin == 0
    if whole.alignment is None:
        return NormalizedText(data, whole.start + begin, None, first)
    part = Alignment(whole.alignment.starts[begin:end], whole.alignment.ends[begin:end])
    return NormalizedText(data, whole.start, part, first)


def _normalize_natively(
    core: _native.Normalizer, data: bytes, aligned: bool
) -> tuple[bytes, Alignment | None]:
    if not aligned:
        return core.normalize(data), None
    changed, starts, ends = core.align(data)
    return changed, Alignment(starts, ends)


def align_valid(data: bytes, normalizer: Normalizer) -> tuple[bytes, Alignment | None]:
    """Normalise what is valid UTF-8, and say where it came from; None where nothing changed."""
    pieces: list[bytes] = []
    starts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    for begin, end, valid in valid_stretches(data):
        piece, alignment = data[begin:end], Alignment.identity(end - begin)
        if valid:
            text, alignment = normalizer.align(piece.decode())
            piece = text.encode()
        pieces.append(piece)
        starts.append(alignment.starts + begin)
        ends.append(alignment.ends + begin)
    changed = b"".join(pieces)
    if changed == data:
        return data, None
    return changed, Alignment(np.concatenate(starts), np.concatenate(ends))


def segment_by_hand(
    preprocessor: Preprocessor, pretokenizer: Pretokenizer, segmenter: Segmenter, data: bytes
) -> list[int]:
    """Ids of ``data`` without the native core: the readable twin that it is held to."""
    ids: list[int] = []
    for part in preprocessor.parts(data):
        if isinstance(part, Match):
            ids.append(part.id)
            continue
        pretokens = pretokenizer(part.data, first=part.first)
        for begin, end in zip(pretokens.starts.tolist(), pretokens.ends.tolist(), strict=True):
            ids += segmenter.segment(pretokens.data[begin:end])
    return ids
