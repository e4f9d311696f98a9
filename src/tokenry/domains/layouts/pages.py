"""Pages of labelled boxes as arrays, with the text around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.layouts.numbers import Decimals
from tokenry.domains.layouts.templates import VALUES, ElementTemplate


@dataclass(frozen=True)
class Pages:
    """Elements of all pages in a row.

    Attributes:
        template: how elements are written.
        labels: of the elements, as JSON writes them between quotation marks; n of them.
        numbers: four an element; 4 n of them.
        starts: the first element of each page, ascending; shape (pages,).
        sizes: width and height of each page, as they are written; 2 a page.
        gaps: the text before, between and behind the elements; n + 1 of them.
    """

    template: ElementTemplate
    labels: Sequence[bytes]
    numbers: Decimals
    starts: NDArray[np.int64]
    sizes: Sequence[tuple[bytes, bytes]]
    gaps: Sequence[bytes]

    def written(self) -> bytes:
        """The file."""
        count = len(self.labels)
        numbers = self.numbers.formatted()
        values = [numbers[at :: VALUES - 1] for at in range(VALUES - 1)]
        form = b"%d" if not self.numbers.places.any() else b"%b"
        forms = [form] * (VALUES - 1)
        values.insert(self.template.label, self.labels)
        forms.insert(self.template.label, b"%b")
        texts = [text.replace(b"%", b"%%") for text in self.template.texts]
        # One format for all: half the time of a join of all parts.
        element = b"%b" + texts[0] + b"".join(map(bytes.__add__, forms, texts[1:]))
        row: list[bytes | int] = [b""] * ((VALUES + 1) * count)
        row[0 :: VALUES + 1] = self.gaps[:count]
        for number, value in enumerate(values):
            row[1 + number :: VALUES + 1] = value
        return element * count % tuple(row) + self.gaps[count]

    def page(self) -> NDArray[np.int64]:
        """The page of each element, shape (n,)."""
        steps = np.zeros(len(self.labels), np.int64)
        np.add.at(steps, self.starts[self.starts < len(self.labels)], 1)
        return np.cumsum(steps) - 1

    def extents(self) -> NDArray[np.float64]:
        """Width, height, width, height of the page of each element; shape (n, 4)."""
        numbers = {size: number for number, size in enumerate(dict.fromkeys(self.sizes))}
        known = np.array([[float(w), float(h)] * 2 for w, h in numbers], np.float64)
        of_page = np.array([numbers[size] for size in self.sizes], np.int64)
        return known.reshape(-1, 4)[of_page[self.page()]]

    def boxes(self) -> NDArray[np.float64]:
        """The four numbers of each element, shape (n, 4)."""
        return self.numbers.values().reshape(-1, 4)
