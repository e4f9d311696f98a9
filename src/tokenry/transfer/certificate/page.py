"""A certificate as a page that needs nothing else."""

from __future__ import annotations

from html import escape

from tokenry.drawing.blocks import document, note, row, section, table
from tokenry.transfer.certificate.content import Certificate, NewToken

MARKS = {"holds": "✓ holds", "fails": "✗ fails", "noted": "noted"}


def render(found: Certificate, name: str) -> str:
    """The whole page. Every text from data or file names is escaped."""
    verdict = "not broken" if found.passes else f"{len(found.failed)} hard checks fail"
    header = (
        f'<header><p class="kicker">Certificate · {escape(found.architecture)}</p>'
        f"<h1><em>{escape(name)}</em>: {escape(verdict)}</h1></header>"
    )
    parts = [
        header, _checks(found), _figures(found), _tokens(found), _norms(found), _method(found),
    ]  # fmt: skip
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
    bare = "bits per byte after" not in found.figures
    none = "Bits per byte were not measured: no text was given, or the model fills masks."
    return section("Figures", table(["figure", "value"], rows), note(none) if bare else "")


def _tokens(found: Certificate) -> str:
    if not found.tokens:
        return ""
    rows = [
        row(
            each.piece,
            [f"{each.uses:,}", "-" if each.bits is None else f"{each.bits:.2f}", _made(each)],
        )
        for each in found.tokens
    ]
    said = "Of those in the text. Rows are of old pieces, with their weights."
    if found.trained:
        said += " They were trained since."
    heads = ["piece", "uses", "bits a use", "row made by"]
    return section("New tokens that cost most", note(said), table(heads, rows))


def _made(token: NewToken) -> str:
    """Of one matrix, or of both where they differ."""
    made = dict.fromkeys(token.made.values())
    if len(made) < 2:
        return "".join(made)
    return "; ".join(f"{role} {text}" for role, text in token.made.items())


def _method(found: Certificate) -> str:
    rows = [row("tokenizer before", [found.before]), row("tokenizer after", [found.after])]
    trained = "The model was trained after its rows were made." if found.trained else ""
    return section("Of what", table(["", "fingerprint"], rows), note(trained) if trained else "")
