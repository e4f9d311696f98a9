"""Sections of a card's page that are tables: odd ids, morphemes, numbers, small changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from tokenry.card.content import CardContent, TokenizerCard
from tokenry.drawing.blocks import figure_cells, note, row, section, table
from tokenry.drawing.tokens import marked
from tokenry.measuring.metric import Metric
from tokenry.measuring.registry import metrics_of

EXAMPLES = 20


def information(card: CardContent) -> str:
    """Entropies; nothing where the text was too short."""
    found = [each.information for each in card.tokenizers]
    if None in found:
        return ""
    return section(
        "Information",
        _table(card, metrics_of("card", "information"), found),
        note(
            "Bits for a byte of every second document under counts of the others, with none, one "
            "or two ids before (Witten-Bell). Bits a token do not compare; bits a byte do. Counted "
            "entropies of longer contexts are left out: on so little text they are sample size, "
            "not language."
        ),
    )


def _table(
    card: CardContent,
    metrics: Sequence[Metric],
    sections: Iterable[Any],
    *,
    extra: Sequence[str] = (),
    cells: Sequence[Sequence[str]] = (),
) -> str:
    """A column a metric, a row a tokenizer; ``cells`` of each stand before under ``extra``."""
    rows = [
        row(
            card.tokenizers[i].name,
            cells[i] if cells else (),
            after=figure_cells(metrics, found),
            position=i,
        )
        for i, found in enumerate(sections)
    ]
    return table(["tokenizer", *extra, *(metric.label for metric in metrics)], rows)


def findings(card: CardContent) -> str:
    """Ids that no text produces, parts of characters, junk."""
    heads = ["tokenizer", "never produced", "cut by the splitter", "parts of characters"]
    heads += ["holes", "never seen here"]
    rows = []
    for i, each in enumerate(card.tokenizers):
        found = each.reachability
        counts = (found.unproduced, found.cut, found.partial_utf8, found.holes, each.usage.dead)
        rows.append(row(each.name, [f"{count:,}" for count in counts], position=i))
    return section(
        "Ids to look at",
        table(heads, rows),
        note(
            "Never produced: no text becomes the id, since merging gives other ids of its bytes. "
            "Parts of characters are in use, but a model that writes one alone writes broken text. "
            "Suspicious pieces are long without a space, or one character again and again."
        ),
        *map(_odd, card.tokenizers),
    )


def _odd(each: TokenizerCard) -> str:
    found = each.reachability
    rows = [
        ("never produced", [item.piece for item in found.examples["unproduced"]]),
        ("cut by the splitter", [item.piece for item in found.examples["cut"]]),
        ("never seen here", [item.piece for item in each.usage.dead_examples]),
        ("suspicious", found.suspicious),
    ]
    drawn = "".join(
        f"<dt>{escape(name)}</dt><dd>{' '.join(map(_piece, pieces[:EXAMPLES]))}</dd>"
        for name, pieces in rows
        if pieces
    )
    if not drawn:
        return ""
    return f"<details><summary>{escape(each.name)}: examples</summary><dl>{drawn}</dl></details>"


def _piece(text: str) -> str:
    return f"<code>{marked(text[:60])}{'…' if len(text) > 60 else ''}</code>"


def morphology(card: CardContent) -> str:
    """Boundaries against gold morphemes; nothing without gold."""
    sets = list(card.tokenizers[0].morphology)
    if not sets:
        return ""
    return section(
        "Morphemes",
        *(_gold_set(card, name) for name in sets),
        note(
            "Boundaries of tokens against boundaries of gold morphemes, over all words together, "
            "each word after a space. Gold that cannot be aligned to the word is dropped and "
            "counted. MorphScore is recall only and rewards cutting everywhere."
        ),
    )


def _gold_set(card: CardContent, name: str) -> str:
    """A table for one gold file, its processes, and the words that are cut worst."""
    found = [each.morphology[name].scores for each in card.tokenizers]
    metrics = metrics_of("card", "morphology")
    counts = [[f"{scores.words:,}", f"{scores.dropped:,}"] for scores in found]
    worst = "".join(
        f"<li><code>{marked(item.cut)}</code> should be <code>{marked(item.gold)}</code></li>"
        for item in card.tokenizers[0].morphology[name].worst
    )
    return (
        f"<h3>{escape(name)}</h3>"
        f"{_table(card, metrics, found, extra=('words', 'dropped'), cells=counts)}"
        f"{_by_process(card, name, metrics)}"
        f"<details><summary>words that {escape(card.tokenizers[0].name)} cuts worst</summary>"
        f"<ol>{worst}</ol></details>"
    )


def _by_process(card: CardContent, name: str, metrics: Sequence[Metric]) -> str:
    rows = []
    for kind in card.tokenizers[0].morphology[name].kinds:
        for each in card.tokenizers:
            scores = each.morphology[name].kinds[kind]
            cells = figure_cells(metrics, scores)
            rows.append(row(f"{each.name}: {kind}", [f"{scores.words:,}"], after=cells))
    heads = ["by process", "words", *(metric.label for metric in metrics)]
    drawn = f"<details><summary>by process</summary>{table(heads, rows)}</details>"
    return drawn if rows else ""


def lexicon(card: CardContent) -> str:
    """Tokens that are words or morphemes of a list; nothing without one."""
    if card.tokenizers[0].lexicon is None:
        return ""
    return section(
        "Words and morphemes of the lexicon",
        _table(card, metrics_of("card", "lexicon"), (each.lexicon for each in card.tokenizers)),
        note(
            "Share of the tokens that are words of the lexicon (%TR), or exactly a root or an "
            "affix (%Pure): Bayram et al. 2025, arXiv:2502.07057. Tokens without a letter are left "
            "out; single letters are easily roots."
        ),
    )


def numbers(card: CardContent) -> str:
    """What is done to numbers."""
    found = [each.numbers for each in card.tokenizers]
    extra = [f"{name} in one token" for name in found[0].single]
    cells = [
        [
            *(f"{value:.0%}" for value in each.single.values()),
            each.patterns[7],
            f"{each.tokens[12]:.1f}",
        ]
        for each in found
    ]
    examples = "".join(
        f"<dt>{escape(each.name)}</dt><dd>{escape(each.numbers.examples[0])}</dd>"
        for each in card.tokenizers
    )
    extra += ["7 digits", "tokens of 12 digits"]
    return section(
        "Numbers",
        _table(card, metrics_of("card", "numbers"), found, extra=extra, cells=cells),
        f"<dl>{examples}</dl>",
        note(
            "Places line up where both addends and the sum of an addition are cut at the same "
            f"places counted from the right; {found[0].sampled} additions, drawn by the seed."
        ),
    )


def sensitivity(card: CardContent) -> str:
    """What small changes of a text do."""
    found = [each.sensitivity for each in card.tokenizers]
    first, metrics = found[0].changes, metrics_of("card", "sensitivity")
    rows = [
        row(
            card.tokenizers[i].name,
            [f"{change.distance:.1%}" for change in each.changes.values()],
            after=figure_cells(metrics, each),
            position=i,
        )
        for i, each in enumerate(found)
    ]
    rows.append(row("characters that change", [f"{c.characters:.1%}" for c in first.values()]))
    return section(
        "Small changes",
        table(["tokenizer", *first, *(metric.label for metric in metrics)], rows),
        note(
            "Edit distance of the ids over the ids of the unchanged lines: typos in one word of "
            "ten, one space in ten doubled or lost, one Latin letter in twenty replaced by its "
            "Cyrillic twin. Stable beginnings: a part of a line has the ids that the whole line "
            "begins with. Boundaries kept: those of the clean text that are there in a text with "
            "two wrong characters in a hundred, as character recognition makes them."
        ),
    )
