"""The page of a record, docs/systems/<id>.md: what was claimed, run and found, with its figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiments.harness.record import standing
from experiments.harness.run import BY_SEED, ONE_DRAW
from tools.record_figure import figure
from tools.record_lines import drawn_tables


def record_pages(record: dict[str, Any], row: dict[str, str] | None) -> dict[str, str]:
    """File names under docs/systems and their contents: the page and its figure.

    Args:
        record: the content of a JSON in experiments/results.
        row: of docs/systems.tsv, where the record is of a system.
    """
    stands = [(first, second, verdict.value) for first, second, verdict in standing(record)]
    return {
        f"{record['id']}.md": "\n".join(_page(record, row, stands)) + "\n",
        f"{record['id']}.svg": figure(record, stands),
        **{f"{record['id']}-{at}.svg": svg for at, svg in drawn_tables(record["tables"]).items()},
    }


def _page(
    record: dict[str, Any], row: dict[str, str] | None, stands: list[tuple[Any, Any, str]]
) -> Iterator[str]:
    yield f"# {record['id']} {record['name']}: {record['verdict']}"
    yield ""
    yield record["source"]
    yield ""
    if row is not None:
        yield f"Works when: {row['works when']}. Room: `{row['room']}`. "
        yield "All of them: [systems](../systems.md)."
        yield ""
    for fact in ("claim", "scale", "baseline"):
        yield f"- **{fact}**: {_plain(record[fact])}"
    yield ""
    yield f"![Effects with 95% intervals]({record['id']}.svg)"
    yield ""
    yield from _found(record, stands)
    for at, content in enumerate(record["tables"]):
        yield ""
        yield from _table(content, f"{record['id']}-{at}.svg")
    yield ""
    yield _run(record)


def _found(record: dict[str, Any], stands: list[tuple[Any, Any, str]]) -> Iterator[str]:
    for first, second, verdict in stands:
        said = f"- **{verdict}**: {_plain(first['statement'])}; {_plain(first['found'])}"
        if second is not None:
            said += f"; on the second draw ({second['verdict']}): {_plain(second['found'])}"
        yield said
    for cost in record["costs"]:
        met = "met" if cost["met"] else "missed"
        yield f"- our target, {met}: {_plain(cost['statement'])}; {_plain(cost['found'])}"
    for note in record["notes"]:
        yield f"- note: {_plain(note)}"


def _run(record: dict[str, Any]) -> str:
    draws, second = record.get("draws") or ONE_DRAW, record.get("second")
    if draws == ONE_DRAW:  # of before a reason was asked for
        draws += " (no second one yet)"
    if second is not None and not second["divided"] and draws != BY_SEED:
        draws += (
            "; its files are no sample and stayed whole, so the second draw has other seeds alone"
        )
    return (
        f"Run {record['created'][:10]}, {record['cpu_seconds']:,.0f} CPU s; {draws}; seeds "
        f"{', '.join(map(str, record['seeds']))}. Tables are of the first draw. Again: "
        f"`python -m experiments {record['id']} --data DIR`."
    )


def _table(content: dict[str, Any], picture: str) -> Iterator[str]:
    yield f"## {_plain(content['title'])}"
    yield ""
    if content.get("lines"):
        yield f"![{_plain(content['title'])}]({picture})"
        yield ""
    yield "| " + " | ".join(map(_plain, content["columns"])) + " |"
    yield "| " + " | ".join("---" for _ in content["columns"]) + " |"
    for cells in content["rows"]:
        yield "| " + " | ".join(map(_cell, cells)) + " |"
    if content["note"]:
        yield ""
        yield _plain(content["note"])


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else _plain(value)


def _plain(text: str) -> str:
    """Text whose marks do not become marks of Markdown."""
    for mark in ("\\", "|", "<", "*", "_", "`", "[", "$"):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", " ")
