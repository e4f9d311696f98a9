"""Print a record for a person."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from experiments.harness.record import standing
from tokenry.json_data import Json


def show(record: Json) -> None:
    """Print a record for a person."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    console.print(f"[bold]{record['id']} {record['name']}[/bold]", highlight=False)
    for fact in ("source", "claim", "scale", "baseline"):
        console.print(f"{fact}: {record[fact]}", highlight=False, markup=False)
    for content in record["tables"]:
        table = Table(title=content["title"], title_justify="left", box=None, pad_edge=False)
        for i, column in enumerate(content["columns"]):
            table.add_column(column, justify="left" if i == 0 else "right")
        for row in content["rows"]:
            table.add_row(*map(_cell, row))
        console.print()
        console.print(table)
        if content["note"]:
            console.print(content["note"], highlight=False, markup=False)
    console.print()
    for first, second, stands in standing(record):
        line = f"{stands}: {first['statement']} — {first['found']}"
        if second is not None:
            line += f"; on the second draw ({second['verdict']}): {second['found']}"
        console.print(line, highlight=False, markup=False)
    for cost in record["costs"]:
        line = f"our target, {'met' if cost['met'] else 'missed'}: {cost['statement']}"
        console.print(f"{line} — {cost['found']}", highlight=False, markup=False)
    for note in record["notes"]:
        console.print(f"note: {note}", highlight=False, markup=False)
    console.print(
        f"[bold]verdict: {record['verdict']}[/bold] ({record['size']} size, "
        f"{record['seconds']:,.0f} s{'' if record['size'] == 'full' else '; it says nothing'})\n",
        highlight=False,
    )


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else value
