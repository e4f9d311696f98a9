"""Layouts: labelled boxes on pages, in bins of the page, with exact numbers aside.

Source: Yang et al. 2024, "PosterLLaVa: Constructing a Unified Multi-modal Layout Generator with
LLM", arXiv:2406.02884 (layouts as JSON), with the bins of Arroyo et al. 2021, arXiv:2104.02416.

1. JSON is cut by the template of its first element: a label and four numbers each.
2. A page is a mark with its size behind it; an element is a mark, its label, and four marks for the
   bins of x, y, width and height (or of both corners: ``boxes``).
3. By how much a number is beside the middle of its bin, and all text around, stand aside.

A box that reaches out of its page has a mark that says so. Elements that are written otherwise than
the first stand between the others as they are, behind ``other``. Plans of layouts, one a line, are
read as well (`tokenry.domains.layouts.plans`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from tokenry.domains.contract import Domain, Promise
from tokenry.domains.layouts import plans
from tokenry.domains.layouts.plan_tokens import of_plans, to_plans
from tokenry.domains.layouts.reading import pages_of
from tokenry.domains.layouts.tokens import PLAN, STRUCTURE, of_pages, to_pages
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError
from tokenry.options import Bounds


@dataclass(frozen=True, kw_only=True)
class Layouts(Domain):
    """Options of the domain.

    Attributes:
        bins: into how many parts each side of a page is cut.
        boxes: what the four numbers of an element are: ``xywh`` or ``xyxy``.
        exact: where the exact numbers stand: ``aside``, or ``dropped``, which loses them.
        page: width and height where a file names none.
    """

    bins: Annotated[int, Bounds(2, 1024)] = 128
    boxes: Literal["xywh", "xyxy"] = "xywh"
    exact: Literal["aside", "dropped"] = "aside"
    page: tuple[int, int] | None = None

    name: ClassVar[str] = "layouts"
    suffixes: ClassVar[tuple[str, ...]] = (".layout", ".layouts", ".plan")
    promise: ClassVar[Promise] = Promise(
        lossless="JSON with pages of labelled boxes, in any spacing and with any other keys; plans",
        dropped="exact numbers with exact=dropped: boxes are then as exact as their bins",
        ids="marks for page, element, what reaches out of a page, the words of plans and each bin; "
        "labels and sizes of pages are bytes and pieces",
    )

    @property
    def marks(self) -> tuple[str, ...]:
        """Structure, words of plans, bins."""
        return (*STRUCTURE, *plans.WORDS, *(f"bin {number}" for number in range(self.bins)))

    @property
    def lossless(self) -> bool:
        """Whether exact numbers are kept."""
        return self.exact == "aside"

    def recognises(self, data: bytes) -> bool:
        """Whether it begins with labelled boxes."""
        try:
            return bool(len(pages_of(data[: 1 << 16], self.page).labels))
        except DomainError:
            return False

    def read(self, data: bytes) -> Parsed:
        """The pages of a file, or its plans.

        Raises:
            DomainError: it has no labelled boxes, or no size of a page.
        """
        if plans.begins(data):
            return of_plans(data)
        pages = pages_of(data, self.page)
        corners = self.boxes == "xyxy"
        return of_pages(pages, self.bins, corners=corners, exact=self.lossless)

    def write(self, parsed: Parsed) -> bytes:
        """The file again; without what stands aside, pages as JSON, one a line.

        Raises:
            DomainError: the marks are no pages and no plans.
        """
        if len(parsed.marks) and parsed.marks[0] == PLAN:
            return to_plans(parsed)
        return to_pages(parsed, self.bins).written()
