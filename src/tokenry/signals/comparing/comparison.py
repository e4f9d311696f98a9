"""What a comparison found, as a JSON file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from tokenry.results import SavedResult
from tokenry.signals.measures.measured import PictureScores


@dataclass(frozen=True)
class PictureRow:
    """One picture, as it was and as each way gave it back.

    Attributes:
        name: of the picture.
        original: a PNG in base 64.
        decoded: the same by the title of each score; ways that do not show it are left out.
    """

    name: str
    original: str
    decoded: Mapping[str, str]


@dataclass(frozen=True)
class CodingComparison(SavedResult):
    """Figures of all ways at all their settings, on the same pictures.

    Attributes:
        source: where the pictures are from.
        size: height and width.
        pictures: that were measured.
        data: the fingerprint of their album.
        scores: one a way and setting.
        floor: FD-local of as many other real pictures; None where there were none.
        accuracy: of the local classifier on the originals; None where they have no labels.
        classifier: the fingerprint of the local classifier, "" without one.
        rows: pictures side by side.
    """

    format: ClassVar[str] = "tokenry coding comparison"
    version: ClassVar[int] = 1

    source: str
    size: tuple[int, int]
    pictures: int
    data: str
    scores: tuple[PictureScores, ...]
    floor: float | None = None
    accuracy: float | None = None
    classifier: str = ""
    rows: tuple[PictureRow, ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the ways, in order."""
        return tuple(dict.fromkeys(score.family for score in self.scores))

    def beside(self, other: CodingComparison) -> CodingComparison:
        """With the scores and pictures of another comparison on the same pictures behind these."""
        pairs = zip(self.rows, other.rows, strict=True)
        rows = tuple(replace(a, decoded={**a.decoded, **b.decoded}) for a, b in pairs)
        return replace(self, scores=(*self.scores, *other.scores), rows=rows)

    def of(self, family: str) -> list[PictureScores]:
        """Scores of a way, by rising bits."""
        return sorted((s for s in self.scores if s.family == family), key=lambda s: s.bits)

    def at(self, family: str, bits: float, figure: str) -> float | None:
        """A figure of a way at a number of bits: between its settings, on a logarithmic axis.

        None beyond the settings that it has.
        """
        points = [(s.bits, s.figures[figure]) for s in self.of(family) if figure in s.figures]
        if not points or not points[0][0] <= bits <= points[-1][0]:
            return None
        import numpy as np

        logs = [float(np.log2(each)) for each, _ in points]
        return float(np.interp(np.log2(bits), logs, [value for _, value in points]))


def title_of(score: PictureScores) -> str:
    """What a way at a setting is called."""
    return f"{score.family}, {score.setting}" if score.setting else score.family
