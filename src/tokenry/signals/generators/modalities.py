"""Modalities as data, so that one model reads and makes all of them.

4M and 4M-21: Mizrahi et al. 2023, arXiv:2312.06647; Bachmann et al. 2024, arXiv:2406.09406. There
are four kinds: a grid of codes (``dense``), a few codes of a whole image (``vector``), numbers in
bins, such as boxes (``structured``), and ids of a text (``text``). Whatever made them, a modality
is a number of places and a number of codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import SignalError

Kind = Literal["dense", "vector", "structured", "text"]
ABSENT: Final = -1
"""Of an item that lacks a modality, or the end of a short text."""


@dataclass(frozen=True)
class Modality:
    """Codes of one kind of data.

    Attributes:
        name: ``image``, ``caption``.
        kind: what they are of.
        tokens: places, for the longest item.
        levels: codes from 0 to ``levels - 1``.
    """

    name: str
    kind: Kind
    tokens: int
    levels: int

    def __post_init__(self) -> None:
        if self.tokens < 1 or self.levels < 1:
            raise SignalError(f"{self.name} has {self.tokens} tokens of {self.levels} levels")

    def binned(self, numbers: NDArray[Any]) -> NDArray[np.int64]:
        """Numbers from 0 to 1 as codes, shape (..., tokens).

        Raises:
            SignalError: one is beyond, or NaN.
        """
        values = np.asarray(numbers, np.float64)
        if not ((values >= 0) & (values <= 1)).all():
            raise SignalError(f"{self.name} takes numbers from 0 to 1")
        return np.minimum((values * self.levels).astype(np.int64), self.levels - 1)

    def unbinned(self, codes: NDArray[Any]) -> NDArray[np.float64]:
        """The middle of the bin of each code."""
        return (np.asarray(codes) + 0.5) / self.levels


@dataclass(frozen=True)
class ModalitySet:
    """Modalities one after another in a sequence, with ids of their own.

    Attributes:
        members: in their order.
    """

    members: tuple[Modality, ...]

    def __post_init__(self) -> None:
        names = [each.name for each in self.members]
        if not names or len(set(names)) < len(names):
            raise SignalError(f"modalities {names}; expected one or more, each another name")

    @property
    def tokens(self) -> int:
        """Places of all."""
        return sum(each.tokens for each in self.members)

    @property
    def levels(self) -> int:
        """Ids of all."""
        return sum(each.levels for each in self.members)

    def places(self, name: str) -> slice:
        """Where a modality stands.

        Raises:
            SignalError: there is none of this name.
        """
        number = self._number(name)
        starts = [0, *accumulate(each.tokens for each in self.members)]
        return slice(starts[number], starts[number + 1])

    def ids(self, name: str) -> range:
        """Its ids; errors as for `places`."""
        number = self._number(name)
        starts = [0, *accumulate(each.levels for each in self.members)]
        return range(starts[number], starts[number + 1])

    @property
    def member_of(self) -> NDArray[np.int64]:
        """The number of the modality of each place."""
        return np.repeat(np.arange(len(self.members)), [each.tokens for each in self.members])

    def joined(self, codes: Mapping[str, NDArray[Any]], count: int) -> NDArray[np.int64]:
        """Codes by modality as one table of ids.

        Args:
            codes: for each modality that is known, shape (count, up to its tokens); `ABSENT` where
                an item has none.
            count: items.

        Returns:
            Shape (count, tokens), `ABSENT` where nothing is known.

        Raises:
            SignalError: there is no such modality, or codes do not fit it.
        """
        table = np.full((count, self.tokens), ABSENT, np.int64)
        for name, given in codes.items():
            each, place = self.members[self._number(name)], self.places(name)
            values = np.asarray(given, np.int64)
            if values.ndim != 2 or len(values) != count or values.shape[1] > each.tokens:
                raise SignalError(
                    f"{name} of shape {values.shape}; expected {count} x {each.tokens}"
                )
            if (values < ABSENT).any() or (values >= each.levels).any():
                raise SignalError(f"{name} has codes from {values.min()} to {values.max()}")
            shifted = np.where(values == ABSENT, ABSENT, values + self.ids(name).start)
            table[:, place.start : place.start + values.shape[1]] = shifted
        return table

    def parted(self, table: NDArray[Any]) -> dict[str, NDArray[np.int64]]:
        """Codes by modality of what `joined` gave."""
        found = {}
        for each in self.members:
            ids = np.asarray(table)[:, self.places(each.name)]
            found[each.name] = np.where(ids == ABSENT, ABSENT, ids - self.ids(each.name).start)
        return found

    def _number(self, name: str) -> int:
        names = [each.name for each in self.members]
        if name not in names:
            raise SignalError(f"no modality is named {name!r}; there are {', '.join(names)}")
        return names.index(name)


PUBLISHED: Final[Sequence[Modality]] = (
    Modality("rgb", "dense", 196, 16_384),
    Modality("depth", "dense", 196, 8_192),
    Modality("normal", "dense", 196, 8_192),
    Modality("semseg", "dense", 196, 4_096),
    Modality("clip", "dense", 196, 8_192),
    Modality("caption", "text", 256, 30_000),
    Modality("det", "structured", 256, 30_000),
)
"""Those of 4M at 224 pixels, as its registry has them; boxes are texts of bins there."""
