"""The text around the elements of a page, with places for the size of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tokenry.domains.layouts.pages import Pages
from tokenry.domains.layouts.templates import USUAL_END, page_of

PLAIN, WIDTH_FIRST, HEIGHT_FIRST = range(3)


@dataclass(frozen=True)
class PageFrame:
    """What stands before the elements of a page, or behind all.

    Attributes:
        kind: whether it holds the size of a page, and which number comes first.
        texts: three, around the two numbers; of a plain one only the first has bytes.
    """

    kind: int
    texts: tuple[bytes, ...]

    def filled(self, width: bytes, height: bytes) -> bytes:
        """The text with the size of a page."""
        if self.kind == PLAIN:
            return self.texts[0]
        first, second = (width, height) if self.kind == WIDTH_FIRST else (height, width)
        return b"".join((self.texts[0], first, self.texts[1], second, self.texts[2]))


_OPEN: Final = (b'{"width": ', b', "height": ', b', "elements": [')


def usual_frames(count: int) -> list[PageFrame]:
    """The frames of ``count`` - 1 pages that no file wrote: JSON, one page a line."""
    first = [PageFrame(WIDTH_FIRST, _OPEN)]
    later = [PageFrame(WIDTH_FIRST, (USUAL_END + _OPEN[0], *_OPEN[1:]))] * max(count - 2, 0)
    end = PageFrame(PLAIN, (USUAL_END if count > 1 else b"", b"", b""))
    return [*first, *later, end] if count > 1 else [end]


def frames_of(pages: Pages) -> list[PageFrame]:
    """The frames of the pages of a file, and what stands behind all."""
    gaps = [pages.gaps[at] for at in (*pages.starts.tolist(), len(pages.labels))]
    known = {gap: _frame(gap, page_of(gap)) for gap in set(gaps)}
    return [known[gap] for gap in gaps]


def _frame(gap: bytes, spans: tuple[tuple[int, int], tuple[int, int]] | None) -> PageFrame:
    if spans is None:
        return PageFrame(PLAIN, (gap, b"", b""))
    (first, second) = sorted(spans)
    kind = WIDTH_FIRST if spans[0] < spans[1] else HEIGHT_FIRST
    return PageFrame(kind, (gap[: first[0]], gap[first[1] : second[0]], gap[second[1] :]))
