"""Every metric, one entry each: tables, pages, plots and docs take their columns from here.

To add one, write its function in a file of this room and an entry in `text_metrics` (text alone) or
`section_metrics` (what needs more); nothing else names it. The order here is that of columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.measuring import section_metrics
from tokenry.measuring.metric import LEVELS, Level, Metric, Report, value_of
from tokenry.measuring.text_metrics import SCORECARD, SPEED
from tokenry.registry import Registry

_METRICS: Final[tuple[Metric, ...]] = (
    *SCORECARD,
    *section_metrics.PARALLEL,
    *section_metrics.ENTROPY,
    *section_metrics.GOLD,
    *section_metrics.LISTS,
    *section_metrics.NUMBERS,
    *section_metrics.CHANGES,
    *section_metrics.COST,
    SPEED,
)
LEAD: Final = SCORECARD[0]
"""The metric that plots show."""
METRICS: Final[Registry[Callable[..., Any]]] = Registry("metric", _METRICS, UnsupportedError)


def metrics_of(report: Report, *sections: str, level: Level = "file") -> tuple[Metric, ...]:
    """The metrics of a report, or of some sections of it, that are at least so prominent."""
    least = LEVELS.index(level)
    return tuple(
        metric
        for metric in _METRICS
        if (not sections or metric.section in sections)
        and (found := getattr(metric, report)) is not None
        and LEVELS.index(found) >= least
    )


def metrics_by_domain(report: Report) -> tuple[Metric, ...]:
    """The metrics that a report measures by domain."""
    return tuple(metric for metric in _METRICS if report in metric.by_domain)


def filled(metrics: Iterable[Metric], sections: Sequence[Any]) -> tuple[Metric, ...]:
    """The metrics that have a figure in one of these sections of a report at least."""
    return tuple(
        metric
        for metric in metrics
        if any(value_of(metric.find(section)) is not None for section in sections)
    )
