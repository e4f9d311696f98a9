"""Sections of a card's page that are drawings, with the tables that belong to them."""

from __future__ import annotations

from html import escape

from tokenry.card.content import CardContent
from tokenry.card.plots import length_plot, lorenz_plot, make_up_plot, sweep_plot
from tokenry.card.sections.premiums import LanguageCosts
from tokenry.card.sections.vocabulary import FOLDS, VocabularyMakeUp
from tokenry.drawing.blocks import figure, figure_cells, note, row, section, size_text, table
from tokenry.drawing.plots import domain_plot, premium_plot, rank_plot
from tokenry.measuring.fairness import Premium
from tokenry.measuring.registry import LEAD, filled, metrics_of
from tokenry.measuring.vocabulary import ROLES

MOST_UNKNOWN = 0.1  # as Petrov et al. 2023 (arXiv:2305.15425) leave languages out


def premiums(card: CardContent) -> str:
    """What each language pays; nothing without parallel text."""
    parallel, names = card.parallel, _names(card)
    found = [each.premiums for each in card.tokenizers if each.premiums is not None]
    if parallel is None or not found:
        return ""
    drawn = premium_plot(
        {name: _understood(each) for name, each in zip(names, found, strict=True)},
        parallel.labels,
        parallel.reference,
        names[0],
    )
    caption = (
        f"{parallel.lines:,} lines that say the same in {len(parallel.labels)} languages: "
        f"{escape(parallel.source)}. Bars: {escape(names[0])}. A premium also grows where the "
        f"reference language alone gets cheaper.{_left_out(names, found)}"
    )
    return (
        figure("What each language pays", drawn, caption, names)
        + figure(
            "How unequal that is",
            lorenz_plot([each.lorenz for each in found]),
            "The further below the line, the more unequal: half the area between them is the Gini "
            "coefficient.",
            names,
        )
        + _inequality(card, found)
    )


def _understood(found: LanguageCosts) -> list[Premium]:
    """Premiums of the languages that the tokenizer knows: unknown text costs next to nothing."""
    return [row for row in found.found.premiums if found.unknown[row.language] <= MOST_UNKNOWN]


def _left_out(names: list[str], found: list[LanguageCosts]) -> str:
    counts = [len(each.found.premiums) - len(_understood(each)) for each in found]
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
    names, lead = _names(card), LEAD
    drawn = figure(
        "By domain",
        domain_plot(
            lead,
            [
                {name: part.figures[lead.name] for name, part in each.domains.items()}
                for each in card.tokenizers
            ],
        ),
        "Each mark is one tokenizer on one domain; the line through it is the 95% interval. Do not "
        "compare domains in different scripts by bytes: a letter takes one to four.",
        names,
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
    names, parts = _names(card), {each.name: each.vocabulary for each in card.tokenizers}
    roles = {name: part.roles for name, part in parts.items()}
    scripts = {name: part.scripts for name, part in parts.items()}
    return (
        figure(
            "What the ids are",
            make_up_plot("role", roles, ROLES),
            "A word begins with a space; a subword may stand inside one; a superword holds letters "
            f"on both sides of a space. Bars: {escape(names[0])}.",
            names,
        )
        + figure(
            "Scripts",
            make_up_plot("script", scripts),
            "Script of the letters of a piece; none: no letters.",
            names,
        )
        + figure(
            "Lengths",
            length_plot([part.lengths for part in parts.values()]),
            "How long pieces are.",
            names,
        )
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
        rank_plot([each.usage.rank_frequency for each in card.tokenizers]),
        f"In {size_text(card.tokenizers[0].usage.bytes)} of text. A flatter line uses "
        f"the vocabulary more evenly. Ids that never occur here: {dead}.",
        _names(card),
    )


def smaller_vocabularies(card: CardContent) -> str:
    """What sizes cost; nothing where no vocabulary nests."""
    sweeps = {each.name: each.sweep for each in card.tokenizers if each.sweep is not None}
    if not sweeps:
        return ""
    names, model = _names(card), card.options
    rules = "; ".join(
        f"{escape(name)}: {found.recommended:,} ids" for name, found in sweeps.items()
    )
    return figure(
        "What a smaller vocabulary would cost",
        sweep_plot(names, sweeps),
        "The first n ids of each vocabulary that nests, in a model of width "
        f"{model.width:,} with {model.layers} layers: "
        f"{escape(next(iter(sweeps.values())).formula)}. Recommended is the smallest size whose "
        f"operations per byte are within 1% of the fewest: {rules}.",
        names,
    )


def _names(card: CardContent) -> list[str]:
    return [each.name for each in card.tokenizers]
