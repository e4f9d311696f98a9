"""Sections of a card's page that are drawings, with the tables that belong to them."""

from __future__ import annotations

from html import escape

from tokenry.card.content import CardContent
from tokenry.card.drawings import (
    MOST_UNKNOWN,
    domains_drawn,
    language_costs,
    lengths_drawn,
    lorenz_drawn,
    premiums_drawn,
    ranks_drawn,
    roles_drawn,
    scripts_drawn,
    sweep_drawn,
    understood,
)
from tokenry.card.sections.premiums import LanguageCosts
from tokenry.card.sections.vocabulary import FOLDS, VocabularyMakeUp
from tokenry.drawing.blocks import figure, figure_cells, note, row, section, size_text, table
from tokenry.measuring.registry import LEAD, filled, metrics_of


def premiums(card: CardContent) -> str:
    """What each language pays; nothing without parallel text."""
    parallel, names, costs = card.parallel, card.names, language_costs(card)
    drawn, curve = premiums_drawn(card), lorenz_drawn(card)
    if parallel is None or drawn is None or curve is None:
        return ""
    found = list(costs.values())
    caption = (
        f"{parallel.lines:,} lines that say the same in {len(parallel.labels)} languages: "
        f"{escape(parallel.source)}. Bars: {escape(names[0])}. A premium also grows where the "
        f"reference language alone gets cheaper.{_left_out(names, found)}"
    )
    return (
        figure("What each language pays", drawn, caption)
        + figure(
            "How unequal that is",
            curve,
            "The further below the line, the more unequal: half the area between them is the Gini "
            "coefficient.",
        )
        + _inequality(card, found)
    )


def _left_out(names: list[str], found: list[LanguageCosts]) -> str:
    counts = [len(each.found.premiums) - len(understood(each)) for each in found]
    notes = [
        f" {escape(name)}: {count} languages left out, of whose tokens more than "
        f"{MOST_UNKNOWN:.0%} are unknown."
        for name, count in zip(names, counts, strict=True)
        if count
    ]
    return "".join(notes)


def _inequality(card: CardContent, found: list[LanguageCosts]) -> str:
    metrics = filled(metrics_of("card", "premiums"), found)
    costs = [each.cost for each in found]
    heads = ["tokenizer", *(metric.label for metric in metrics), "paid by"]
    heads += ["dearest text costs"] if costs[0] is not None else []
    rows = []
    for i, (each, cost) in enumerate(zip(found, costs, strict=True)):
        cells = [each.worst]
        cells += [] if cost is None else [f"{card.options.currency}{max(cost.values()):.4f}"]
        figures = figure_cells(metrics, each)
        rows.append(row(card.tokenizers[i].name, cells, before=figures, position=i))
    return section("Inequality in figures", table(heads, rows))


def domains(card: CardContent) -> str:
    """The leading figure by domain."""
    names, lead = card.names, LEAD
    drawn = figure(
        "By domain",
        domains_drawn(card),
        "Each mark is one tokenizer on one domain; the line through it is the 95% interval. Do not "
        "compare domains in different scripts by bytes: a letter takes one to four.",
    )
    rows = []
    for i, each in enumerate(card.tokenizers):
        parts = [each.domains[name] for name in card.data.domains]
        cells = [f"{part.figures[lead.name].value:.2f}" for part in parts]
        if i:
            savings = (f" ({-part.saving:+.1%})" for part in parts)
            cells = [cell + saving for cell, saving in zip(cells, savings, strict=True)]
        rows.append(row(each.name, cells, position=i))
    remark = note(f"{lead.title}; in brackets, tokens more or fewer than {names[0]}.")
    heads = ["tokenizer", *card.data.domains]
    return drawn + section("Domains in figures", table(heads, rows), remark)


def vocabulary(card: CardContent) -> str:
    """What the ids are."""
    return (
        figure(
            "What the ids are",
            roles_drawn(card),
            "A word begins with a space; a subword may stand inside one; a superword holds letters "
            f"on both sides of a space. Bars: {escape(card.names[0])}.",
        )
        + figure(
            "Scripts", scripts_drawn(card), "Script of the letters of a piece; none: no letters."
        )
        + figure("Lengths", lengths_drawn(card), "How long pieces are.")
        + _vocabulary_table(card)
    )


def _vocabulary_table(card: CardContent) -> str:
    heads = ["tokenizer", "duplicates by case", "by space", "by both", "row parameters"]
    heads += ["share of the model", "ids that no language uses"]
    rows = [
        row(each.name, _vocabulary_cells(each.vocabulary), position=i)
        for i, each in enumerate(card.tokenizers)
    ]
    model = card.options
    return section(
        "The vocabulary in figures",
        table(heads, rows),
        note(
            f"Rows of input and output for a model of width {model.width:,} with "
            f"{model.layers} layers. Duplicates are ids beyond the first of those that "
            "differ in case, in a leading space, or in both."
        ),
    )


def _vocabulary_cells(part: VocabularyMakeUp) -> list[str]:
    found = [part.duplicates[fold] for fold in FOLDS]
    return [
        *(f"{each.extra / max(1, each.total):.1%}" for each in found),
        f"{part.model.row_parameters / 1e6:,.1f} M",
        f"{part.model.row_share:.0%}",
        "–" if part.languages is None else f"{part.languages.unused:,}",
    ]


def usage(card: CardContent) -> str:
    """How evenly ids are used, and how many never are."""
    dead = ", ".join(
        f"{escape(each.name)} {each.usage.dead:,} ({each.usage.dead_share:.0%})"
        for each in card.tokenizers
    )
    return figure(
        "How evenly the ids are used",
        ranks_drawn(card),
        f"In {size_text(card.tokenizers[0].usage.bytes)} of text. A flatter line uses "
        f"the vocabulary more evenly. Ids that never occur here: {dead}.",
    )


def smaller_vocabularies(card: CardContent) -> str:
    """What sizes cost; nothing where no vocabulary nests."""
    sweeps = {each.name: each.sweep for each in card.tokenizers if each.sweep is not None}
    drawn, model = sweep_drawn(card), card.options
    if drawn is None:
        return ""
    rules = "; ".join(
        f"{escape(name)}: {found.recommended:,} ids" for name, found in sweeps.items()
    )
    return figure(
        "What a smaller vocabulary would cost",
        drawn,
        "The first n ids of each vocabulary that nests, in a model of width "
        f"{model.width:,} with {model.layers} layers: "
        f"{escape(next(iter(sweeps.values())).formula)}. Recommended is the smallest size whose "
        f"operations per byte are within 1% of the fewest: {rules}.",
    )
