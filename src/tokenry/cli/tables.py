"""Tables on a terminal, and as plain text where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 140


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, names: int = 1, marked: str = ""
) -> None:
    """Print a table of texts.

    Args:
        heads: of the columns.
        rows: a text a column.
        names: columns, from the left, that hold names; all others are numbers.
        marked: the name of the row that stands out.
    """
    table = Table(header_style="bold", box=None, pad_edge=False)
    for i, head in enumerate(heads):
        name = i < names
        table.add_column(head, justify="left" if name else "right", no_wrap=i == 0 and names == 1)
    for row in rows:
        table.add_row(*row, style="green" if row[0] == marked else "")
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    console.print(table)
