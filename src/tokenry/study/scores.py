"""The figures of a study as tables side by side."""

from __future__ import annotations

from tokenry.drawing.blocks import size_text
from tokenry.drawing.score_tables import LanguageTable, ScoreTable
from tokenry.measuring.registry import metrics_by_domain, metrics_of
from tokenry.study.content import Study


def score_table(study: Study) -> ScoreTable:
    """The scorecard, with what the rows cost, and speed."""
    score = {each.name: each.overall for each in study.tokenizers}
    speed = {each.name: each.speed for each in study.tokenizers}
    title, lossy = "Tokenizers on held-out text", lossy_names(study)
    table = ScoreTable.of("all", title, metrics_of("study", "scorecard"), score, lossy)
    costs = study.advice.costs if study.advice else dict.fromkeys(study.names)
    for section, figures in (("cost", costs), ("speed", speed)):
        metrics = metrics_of("study", section)
        table = table.beside(ScoreTable.of("all", title, metrics, figures, lossy))
    return table


def lossy_names(study: Study) -> frozenset[str]:
    """Tokenizers that did not restore every held-out document."""
    return frozenset(each.name for each in study.tokenizers if not each.restores)


def score_tables(study: Study) -> list[ScoreTable]:
    """The scorecard, and where there are any, domains."""
    tables, lossy = [score_table(study)], lossy_names(study)
    for domain in study.tokenizers[0].domains:
        figures = {each.name: each.domains[domain] for each in study.tokenizers}
        by_domain = metrics_by_domain("study")
        tables.append(ScoreTable.of(f"domain {domain}", f"On {domain}", by_domain, figures, lossy))
    return tables


def language_table(study: Study) -> LanguageTable | None:
    """Premiums of all languages; None without parallel text."""
    found = study.premiums
    if found is None:
        return None
    premiums = {
        name: {row.language: (row.value, row.interval) for row in found.by_tokenizer[name].premiums}
        for name in study.names
    }
    return LanguageTable(found.reference, found.labels, premiums)


def source_of(study: Study) -> str:
    """What was measured on, for a caption."""
    held = study.data.held_out
    return f"{held.documents:,} held-out documents, {size_text(held.bytes)}"
