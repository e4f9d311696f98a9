"""Tables of texts: nothing that comes in is a command there."""

from __future__ import annotations

import csv
import io
import re

from tokenry.drawing.tables import csv_text, latex_table, latex_text, markdown_table

HOSTILE = "a_b & 50% {x} $y$ #1 ~z ^ \\input{/etc/passwd} | <b> `c`\nnext"


def test_latex_has_no_command_from_outside() -> None:
    text = latex_text(HOSTILE)
    for command in ("textbackslash", "textasciitilde", "textasciicircum", "textless",
                    "textgreater", "textbar"):  # fmt: skip
        text = text.replace(f"\\{command}{{}}", "")
    assert not re.search(r"(?<!\\)[&%{}$#_~^]|\\(?![&%{}$#_])|\n", text)


def test_latex_marks_the_best_and_has_as_many_cells_as_heads() -> None:
    table = latex_table(
        ["tokenizer", "x", "y"], [["a", "1", "2"], [HOSTILE, "3", "4"]], caption="c", label="tab:t",
        best=[frozenset({2}), frozenset({1})],
    )  # fmt: skip
    rows = [line for line in table.splitlines() if line.endswith(r"\\")]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {2}
    assert rows[1] == r"a & 1 & \textbf{2} \\"
    assert r"\textbf{3}" in rows[2]
    assert table.count(r"\begin{tabular}{lrr}") == 1


def test_markdown_stays_one_table() -> None:
    lines = markdown_table(["n", "x"], [[HOSTILE, "1"]], best=[frozenset({1})]).splitlines()
    assert len(lines) == 3
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {3}
    assert lines[2].endswith("| **1** |")


def test_csv_is_read_back() -> None:
    rows = [["a", HOSTILE, "1"], ["b", 'quo"te,', "2"]]
    assert list(csv.reader(io.StringIO(csv_text(["x", "y", "z"], rows)))) == [
        ["x", "y", "z"],
        *rows,
    ]
