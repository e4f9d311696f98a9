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
        values: list[Sequence[bytes]] = [
            numbers[at :: VALUES - 1]
            for numbers in (self.numbers.written(),)
            for at in range(VALUES - 1)
        ]
        values.insert(self.template.label, self.labels)
        width = 2 * VALUES + 2
        parts = [b""] * (width * count)
        parts[0::width] = self.gaps[:count]
        for number, text in enumerate(self.template.texts):
            parts[1 + 2 * number :: width] = [text] * count
        for number, value in enumerate(values):
            parts[2 + 2 * number :: width] = value
        return b"".join([*parts, self.gaps[count]])

    def page(self) -> NDArray[np.int64]:
        """The page of each element, shape (n,)."""
        steps = np.zeros(len(self.labels), np.int64)
        np.add.at(steps, self.starts[self.starts < len(self.labels)], 1)
        return np.cumsum(steps) - 1

    def extents(self) -> NDArray[np.float64]:
        """Width, height, width, height of the page of each element; shape (n, 4)."""
        sizes = np.array([[float(w), float(h)] * 2 for w, h in self.sizes], np.float64)
        return sizes.reshape(-1, 4)[self.page()]

    def boxes(self) -> NDArray[np.float64]:
        """The four numbers of each element, shape (n, 4)."""
        return self.numbers.values().reshape(-1, 4)
