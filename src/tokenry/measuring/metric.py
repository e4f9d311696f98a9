"""What a metric is: a function, and all that tables, pages and docs say of its figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from tokenry.measuring.measurement import Measurement
from tokenry.registry import Entry

Need = Literal[
    "ids", "spans", "decoded text", "time", "parallel text", "gold words", "word lists",
    "drawn numbers", "changed lines", "a model's shape",
]  # fmt: skip
"""What a figure is measured by; of the text alone are the first three."""
Level = Literal["file", "page", "table"]
"""How prominent a figure is in a report: in its JSON, on its page too, in its short table too."""
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
Report = Literal["study", "card"]
Figure = Measurement | float | None
MISSING = "–"


@dataclass(frozen=True, kw_only=True)
class Metric(Entry[Callable[..., Any]]):
    """A figure that reports may show.

    Of `Entry`, ``target`` names the function. For ``ids``, ``spans`` and ``decoded text`` it takes
    an `Encoded` that has them, and a ``seed``, and gives a `Measurement`; for others it gives a
    result that holds the figure.

    Attributes:
        label: what a column is called.
        short: the same where there is little room; the label where it is empty.
        form: how a value is written, as `format` takes it.
        unit: of the value, as its `Measurement` says it.
        better: which values are better; "" where neither is by itself.
        needs: what the function must be given.
        section: the part of a report that holds the figure; "scorecard" by name.
        figure: where the figure is in that part: names of attributes and keys, with dots.
        doc: what it is, in a sentence or two.
        study, card: how prominent it is in these reports; None where it is not in them.
        by_domain: reports that measure it by domain too.
    """

    label: str
    form: str
    unit: str
    needs: Need
    doc: str
    short: str = ""
    better: Literal["higher", "lower", ""] = ""
    section: str = "scorecard"
    figure: str = ""
    study: Level | None = None
    card: Level | None = None
    by_domain: tuple[Report, ...] = ()

    @property
    def head(self) -> str:
        """The head of a narrow column."""
        return self.short or self.label

    @property
    def title(self) -> str:
        """The label at the beginning of a sentence."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def path(self) -> str:
        """Where the figure is in its section."""
        return self.name if self.section == "scorecard" else self.figure

    @property
    def axis(self) -> str:
        """What to write beside an axis of a plot."""
        direction = {"higher": " (more is better)", "lower": " (fewer is better)", "": ""}
        return self.label + direction[self.better]

    def find(self, section: Any) -> Figure:
        """The figure in a section of a report; None where it has none."""
        found = section
        for part in filter(None, self.path.split(".")):
            if found is None:
                return None
            found = found.get(part) if isinstance(found, Mapping) else getattr(found, part)
        return found  # type: ignore[no-any-return]

    def text(self, figure: Figure) -> str:
        """The value for people.

        >>> Metric("x", "m:f", label="x", form=".1%", unit="share", needs="ids", doc="").text(0.25)
        '25.0%'
        """
        number = value_of(figure)
        return MISSING if number is None else format(number, self.form)


def value_of(figure: Figure) -> float | None:
    """The number of a figure; None where it has none."""
    value = figure.value if isinstance(figure, Measurement) else figure
    return None if value is None or math.isnan(value) else value
