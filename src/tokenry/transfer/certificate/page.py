"""A certificate as a page that needs nothing else."""

from __future__ import annotations

from html import escape

from tokenry.drawing.blocks import document, note, row, section, table
from tokenry.transfer.certificate.content import Certificate

MARKS = {"holds": "✓ holds", "fails": "✗ fails", "noted": "noted"}


def render(found: Certificate, name: str) -> str:
    """The whole page. Every text from data or file names is escaped."""
    verdict = "not broken" if found.passes else f"{len(found.failed)} hard checks fail"
    header = (
        f'<header><p class="kicker">Certificate · {escape(found.architecture)}</p>'
        f"<h1><em>{escape(name)}</em>: {escape(verdict)}</h1></header>"
    )
    parts = [header, _checks(found), _norms(found), _figures(found), _method(found)]
    return document(f"Certificate of {name}", "\n".join(parts))


def _checks(found: Certificate) -> str:
    rows = [
        row(each.name, [MARKS[each.status], "hard" if each.hard else "", each.found, each.expected])
        for each in found.checks
    ]
    return section("Checks", table(["check", "", "", "found", "expected"], rows))


def _norms(found: Certificate) -> str:
    rows = [
        row(
            f"{each.role}, {each.kind}",
            [f"{each.rows:,}", f"{each.low:.3f}", f"{each.median:.3f}", f"{each.high:.3f}"],
        )
        for each in found.norms
    ]
    return section(
        "Lengths of rows",
        note("New rows much shorter than shared ones have logits that are all alike."),
        table(["matrix, rows", "rows", "5th percentile", "median", "95th"], rows),
    )


def _figures(found: Certificate) -> str:
    rows = [
        row(name, ["-" if value is None else f"{value:,.4g}"])
        for name, value in found.figures.items()
    ]
    return section("Figures", table(["figure", "value"], rows))


def _method(found: Certificate) -> str:
    rows = [row("tokenizer before", [found.before]), row("tokenizer after", [found.after])]
    trained = "The model was trained after its rows were made." if found.trained else ""
    return section("Of what", table(["", "fingerprint"], rows), note(trained) if trained else "")
