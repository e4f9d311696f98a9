"""The figures of a card as tables side by side: every section that has figures."""

from __future__ import annotations

from tokenry.card.content import CardContent
from tokenry.card.drawings import language_costs
from tokenry.drawing.blocks import size_text
from tokenry.drawing.score_tables import LanguageTable, ScoreTable
from tokenry.measuring.registry import metrics_by_domain, metrics_of

_SECTIONS = {
    "premiums": "What languages pay",
    "information": "Information",
    "lexicon": "Words and morphemes of lists",
    "numbers": "Numbers",
    "sensitivity": "Small changes",
}


def score_table(card: CardContent) -> ScoreTable:
    """The scorecard, with speed."""
    score = {each.name: each.scorecard for each in card.tokenizers}
    speed = {each.name: each.speed for each in card.tokenizers}
    title, lossy = "Tokenizers on the same text", lossy_names(card)
    table = ScoreTable.of("all", title, metrics_of("card", "scorecard"), score, lossy)
    return table.beside(ScoreTable.of("all", title, metrics_of("card", "speed"), speed, lossy))


def lossy_names(card: CardContent) -> frozenset[str]:
    """Tokenizers that did not restore every document."""
    values = {each.name: each.scorecard["lossless"].value for each in card.tokenizers}
    return frozenset(name for name, value in values.items() if value != 1)


def score_tables(card: CardContent) -> list[ScoreTable]:
    """The scorecard, domains, and the other sections; those without figures are left out."""
    tables, lossy = [score_table(card)], lossy_names(card)
    for domain in card.data.domains:
        figures = {each.name: each.domains[domain].figures for each in card.tokenizers}
        by_domain = metrics_by_domain("card")
        tables.append(ScoreTable.of(f"domain {domain}", f"On {domain}", by_domain, figures, lossy))
    tables += [card_section(card, name) for name in _SECTIONS]
    for gold in card.tokenizers[0].morphology:
        scores = {each.name: each.morphology[gold].scores for each in card.tokenizers}
        title = f"Boundaries of morphemes, {gold}"
        tables.append(
            ScoreTable.of(f"gold {gold}", title, metrics_of("card", "morphology"), scores, lossy)
        )
    return [table for table in tables if table.metrics]


def card_section(card: CardContent, name: str) -> ScoreTable:
    """The figures of a section; without columns where the card has none."""
    sections = {each.name: getattr(each, name) for each in card.tokenizers}
    return ScoreTable.of(
        name, _SECTIONS[name], metrics_of("card", name), sections, lossy_names(card)
    )


def language_table(card: CardContent) -> LanguageTable | None:
    """Premiums of all languages; None without parallel text."""
    costs, parallel = language_costs(card), card.parallel
    if not costs or parallel is None:
        return None
    premiums = {
        name: {row.language: (row.value, row.interval) for row in each.found.premiums}
        for name, each in costs.items()
    }
    return LanguageTable(parallel.reference, parallel.labels, premiums)


def source_of(card: CardContent) -> str:
    """What was measured on, for a caption."""
    data = card.data
    return f"{data.documents:,} documents, {size_text(data.bytes)}"
