"""The card as a page: one section an output, each readable without the others.

Sections are drawn from the card alone; a section without data is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from tokenry.card.content import CardContent, TokenizerCard
from tokenry.card.figures import domains, premiums, smaller_vocabularies, usage, vocabulary
from tokenry.card.lists import findings, information, lexicon, morphology, numbers, sensitivity
from tokenry.drawing.blocks import (
    SHORT_CSS,
    document,
    figure_cells,
    note,
    row,
    section,
    size_text,
    table,
)
from tokenry.measuring.registry import metrics_of


def render(card: CardContent) -> str:
    """The whole page. Every text from data or file names is escaped."""
    parts: tuple[Callable[[CardContent], str], ...] = (
        _header, _scorecard, premiums, domains, vocabulary, usage, information, findings,
        morphology, lexicon, numbers, sensitivity, smaller_vocabularies, _method,
    )  # fmt: skip
    drawn = (part(card) for part in parts)
    names = ", ".join(each.name for each in card.tokenizers)
    return document(f"{names}: tokenizer card", "\n".join(each for each in drawn if each))


def render_short(card: CardContent) -> str:
    """The scorecard alone, for a notebook."""
    names = ", ".join(each.name for each in card.tokenizers)
    return document(f"{names}: tokenizer card", _scorecard(card), SHORT_CSS)


def _header(card: CardContent) -> str:
    first = card.tokenizers[0]
    score = first.scorecard
    tiles = [
        (f"{first.identity.vocabulary_size:,}", "ids"),
        (f"{score['bytes_per_token'].value:.2f}", "bytes per token"),
        (_percent(score["lossless"].value), "of documents come back byte for byte"),
        (f"{first.speed.value:,.0f}", "MB/s, one core, warm"),
    ]
    if first.premiums is not None and card.parallel is not None:
        label = card.parallel.labels.get(first.premiums.worst, first.premiums.worst)
        tiles.append((f"{first.premiums.dearest:.1f}×", f"paid by {label}, the dearest language"))
    drawn = "".join(
        f'<div class="tile"><b>{escape(value)}</b><span>{escape(text)}</span></div>'
        for value, text in tiles
    )
    others = [each.name for each in card.tokenizers[1:]]
    beside = f", beside {', '.join(others)}" if others else ""
    return (
        f'<header><p class="kicker">Tokenizer card · {card.created[:10]}</p>'
        f"<h1><em>{escape(first.name)}</em>{escape(beside)}</h1>"
        f'<div class="tiles">{drawn}</div></header>'
    )


def _scorecard(card: CardContent) -> str:
    metrics = metrics_of("card", "scorecard", level="page")
    speed = metrics_of("card", "speed")
    rows = [
        row(
            each.name,
            [f"{each.identity.vocabulary_size:,}"],
            after=figure_cells(metrics, each.scorecard) + figure_cells(speed, each.speed),
            position=i,
            note=_file(each),
        )
        for i, each in enumerate(card.tokenizers)
    ]
    data = card.data
    return section(
        "Scorecard",
        table(["tokenizer", "ids", *(metric.label for metric in (*metrics, *speed))], rows),
        note(
            f"{data.documents:,} documents, {size_text(data.bytes)}, at most "
            f"{size_text(data.budget)} a domain. Small figures: 95% interval by bootstrap over "
            "documents; of speed, the slowest and the fastest pass. For fertility, "
            f"{card.word_rule}. Efficiency divides by log₂ of the full vocabulary. Figures of a "
            "tokenizer that loses text flatter it."
        ),
    )


def _file(each: TokenizerCard) -> str:
    found = each.identity
    return "" if found.file is None else f"{found.file}, {size_text(found.file_bytes)}"


def _method(card: CardContent) -> str:
    rows = [
        ("data", ", ".join(card.data.source)),
        ("data fingerprint", card.data.fingerprint),
        ("seed", str(card.options.seed)),
        ("tokenry", card.tokenry),
        *((each.name, each.identity.fingerprint) for each in card.tokenizers),
    ]
    drawn = "".join(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in rows)
    return section(
        "How this was measured",
        f"<dl>{drawn}</dl>",
        note(
            "Every figure, with unit, estimator, denominator, interval and fingerprints, is in the "
            "JSON form of this card (--json)."
        ),
    )


def _percent(value: float) -> str:
    return "100%" if value == 1 else f"{value:.1%}"
