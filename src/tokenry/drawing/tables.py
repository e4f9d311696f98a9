"""Tables of texts as Markdown, LaTeX and CSV. Text that comes in is escaped here."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

_LATEX: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "₂": r"$_2$", "–": "--", "→": r"$\to$", "×": r"$\times$", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "†": r"$^\dagger$",
}  # fmt: skip
_LATEX_SIGNS: Final = re.compile("|".join(map(re.escape, _LATEX)))


def markdown_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, best: Sequence[frozenset[int]] = ()
) -> str:
    """A table in Markdown; the arguments are those of `latex_table`."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    cells = [
        [
            f"**{markdown_text(cell)}**" if best and place in best[i] else markdown_text(cell)
            for place, cell in enumerate(row)
        ]
        for i, row in enumerate(rows)
    ]
    lines = [list(map(markdown_text, heads)), rule, *cells]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def markdown_text(text: str) -> str:
    """A text as one line without Markdown of its own."""
    flat = " ".join(str(text).split())
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", flat)


def latex_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str,
    label: str,
    best: Sequence[frozenset[int]] = (),
) -> str:
    """A table in LaTeX, for the package booktabs.

    Args:
        heads: of the columns; the first column is of names, the others of numbers.
        rows: a text a column.
        caption: what it shows.
        label: to refer to it by.
        best: of each row, the columns in bold.
    """
    drawn = [
        " & ".join(
            rf"\textbf{{{latex_text(cell)}}}" if best and place in best[i] else latex_text(cell)
            for place, cell in enumerate(row)
        )
        for i, row in enumerate(rows)
    ]
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{latex_text(caption)}}}",
        rf"\label{{{label}}}",
        rf"\begin{{tabular}}{{l{'r' * (len(heads) - 1)}}}",
        r"\toprule",
        rf"{' & '.join(map(latex_text, heads))} \\",
        r"\midrule",
        *(rf"{line} \\" for line in drawn),
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def latex_text(text: str) -> str:
    """A text without commands of LaTeX's own.

    >>> latex_text("50% of a_b")
    '50\\\\% of a\\\\_b'
    """
    return _LATEX_SIGNS.sub(lambda found: _LATEX[found[0]], " ".join(text.split()))


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV, as RFC 4180 has it but with plain line ends."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return buffer.getvalue()
