"""Figures of tokenizers side by side, as Markdown, LaTeX and CSV.

Columns are metrics: labels, formats, units and which values are better come from their entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tokenry.drawing.tables import csv_text, latex_table, markdown_table
from tokenry.measuring.measurement import Interval, Measurement
from tokenry.measuring.metric import MISSING, Figure, Metric, value_of
from tokenry.measuring.registry import filled

CSV_HEADS: Final = ("tokenizer", "part", "metric", "value", "low", "high", "unit", "better")
_DAGGER: Final = "†: does not restore all text, which flatters its figures."
_MOST_COLUMNS: Final = 8  # of a table in LaTeX, that a page holds


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Metrics of one section of a report: a row a tokenizer, a column a metric.

    Attributes:
        part: what was measured on, as the CSV names it: ``all``, ``domain code``.
        title: what the table shows.
        names: of the tokenizers.
        metrics: with a figure of one tokenizer at least.
        figures: by tokenizer and metric.
        lossy: tokenizers that lose text, which flatters their figures: none of them is best.
    """

    part: str
    title: str
    names: tuple[str, ...]
    metrics: tuple[Metric, ...]
    figures: tuple[tuple[Figure, ...], ...]
    lossy: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        part: str,
        title: str,
        metrics: Iterable[Metric],
        sections: Mapping[str, Any],
        lossy: frozenset[str],
    ) -> ScoreTable:
        """The figures in sections of a report, by name of the tokenizer."""
        found = filled(metrics, list(sections.values()))
        figures = (tuple(each.find(section) for each in found) for section in sections.values())
        return cls(part, title, tuple(sections), found, tuple(figures), lossy)

    def beside(self, other: ScoreTable) -> ScoreTable:
        """The columns of ``other``, of the same tokenizers, after these."""
        pairs = zip(self.figures, other.figures, strict=True)
        figures = tuple((*mine, *theirs) for mine, theirs in pairs)
        return replace(self, metrics=(*self.metrics, *other.metrics), figures=figures)

    @property
    def heads(self) -> list[str]:
        """Names of the tokenizers, a dagger after those that lose text."""
        return [f"{name}†" if name in self.lossy else name for name in self.names]

    @property
    def remark(self) -> str:
        """What the dagger means; nothing where there is none."""
        return f" {_DAGGER}" if self.lossy.intersection(self.names) else ""

    def best(self, column: int) -> float | None:
        """The best value of a metric; None where no value is better or all are the same."""
        better = self.metrics[column].better
        pairs = zip(self.names, self.figures, strict=True)
        figures = [value_of(row[column]) for name, row in pairs if name not in self.lossy]
        values = [value for value in figures if value is not None]
        if not better or len(set(values)) < 2:
            return None
        return max(values) if better == "higher" else min(values)


@dataclass(frozen=True, slots=True)
class LanguageTable:
    """What languages pay: a row a language, a column a tokenizer.

    Attributes:
        reference: the language that premiums are relative to.
        labels: what to call languages.
        premiums: by tokenizer and language, with the interval.
    """

    reference: str
    labels: Mapping[str, str]
    premiums: Mapping[str, Mapping[str, tuple[float, Interval | None]]]

    def texts(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows; the language that the first tokenizer serves best comes first."""
        first = next(iter(self.premiums.values()))
        rows = [
            [
                self.labels.get(language, language),
                *(_premium_text(found.get(language)) for found in self.premiums.values()),
            ]
            for language in first
        ]
        return ["language", *self.premiums], rows


def _premium_text(found: tuple[float, Interval | None] | None) -> str:
    return MISSING if found is None else f"{found[0]:,.2f}"


def scores_as_csv(tables: Iterable[ScoreTable], languages: LanguageTable | None) -> str:
    """One row a figure, which spreadsheets and data frames turn as they like.

    ``low`` and ``high`` are the ends of the 95% interval, empty where a figure has none.
    """
    rows = [row for table in tables for row in _csv_rows(table)]
    if languages is not None:
        unit = f"tokens for one token of {languages.reference}"
        rows += [
            (name, f"language {language}", "premium", repr(value), *_ends(between), unit, "lower")
            for name, found in languages.premiums.items()
            for language, (value, between) in found.items()
        ]
    return csv_text(CSV_HEADS, rows)


def _csv_rows(table: ScoreTable) -> Iterable[tuple[str, ...]]:
    for name, figures in zip(table.names, table.figures, strict=True):
        for metric, figure in zip(table.metrics, figures, strict=True):
            value = value_of(figure)
            if value is not None:
                between = figure.interval if isinstance(figure, Measurement) else None
                number, ends = repr(float(value)), _ends(between)
                yield name, table.part, metric.name, number, *ends, metric.unit, metric.better


def _ends(between: Interval | None) -> tuple[str, str]:
    return ("", "") if between is None else (repr(between.low), repr(between.high))


def scores_as_markdown(table: ScoreTable) -> str:
    """The table turned: a row a metric, a column a tokenizer, the best in bold.

    So that tokenizers stand side by side, however many metrics there are.
    """
    rows, bold = [], []
    for column, metric in enumerate(table.metrics):
        figures, best = [row[column] for row in table.figures], table.best(column)
        rows.append([metric.label, *map(metric.text, figures)])
        bold.append(frozenset(i + 1 for i in range(len(figures)) if _is(table, i, column, best)))
    return markdown_table(["metric", *table.heads], rows, best=bold)


def scores_as_latex(
    tables: Sequence[ScoreTable], languages: LanguageTable | None, *, source: str
) -> str:
    r"""Tables for a paper, each in a `table` of its own with a caption; the best in bold.

    Wide ones are cut into several. They need ``\usepackage{booktabs}``.

    Args:
        tables: one after another.
        languages: what each language pays, after them.
        source: what was measured on, for the captions.
    """
    parts = [_latex(piece, source) for table in tables for piece in _pieces(table)]
    if languages is not None:
        heads, rows = languages.texts()
        reference = languages.labels.get(languages.reference, languages.reference)
        caption = f"Tokens for one token of {reference} on parallel text."
        parts.append(latex_table(heads, rows, caption=caption, label="tab:languages"))
    return "% needs \\usepackage{booktabs}\n" + "\n".join(parts)


def _pieces(table: ScoreTable) -> list[ScoreTable]:
    steps = range(0, len(table.metrics), _MOST_COLUMNS)
    cuts = [slice(start, start + _MOST_COLUMNS) for start in steps]
    return [
        replace(
            table, part=table.part if not i else f"{table.part} {i + 1}",
            metrics=table.metrics[cut], figures=tuple(row[cut] for row in table.figures),
        )
        for i, cut in enumerate(cuts)
    ]  # fmt: skip


def _latex(table: ScoreTable, source: str) -> str:
    columns = range(len(table.metrics))
    best = [table.best(column) for column in columns]
    rows = [
        [name, *(metric.text(cell) for metric, cell in zip(table.metrics, row, strict=True))]
        for name, row in zip(table.heads, table.figures, strict=True)
    ]
    bold = [
        frozenset(column + 1 for column in columns if _is(table, i, column, best[column]))
        for i in range(len(rows))
    ]
    heads = ["tokenizer", *(metric.head for metric in table.metrics)]
    label = f"tab:{'-'.join(''.join(c if c.isalnum() else ' ' for c in table.part).split())}"
    caption = f"{table.title}; {source}.{table.remark}"
    return latex_table(heads, rows, caption=caption, label=label, best=bold)


def _is(table: ScoreTable, row: int, column: int, best: float | None) -> bool:
    if best is None or table.names[row] in table.lossy:
        return False
    return value_of(table.figures[row][column]) == best
