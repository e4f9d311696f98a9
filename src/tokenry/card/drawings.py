"""The plots of a card, drawn from it alone; one without data is None."""

from __future__ import annotations

from collections.abc import Iterator

from tokenry.card.content import CardContent
from tokenry.card.plots import length_plot, lorenz_plot, make_up_plot, sweep_plot
from tokenry.card.sections.premiums import LanguageCosts
from tokenry.drawing.plot import Plot
from tokenry.drawing.plots import domain_plot, premium_plot, rank_plot
from tokenry.measuring.fairness import Premium
from tokenry.measuring.registry import LEAD
from tokenry.measuring.vocabulary import ROLES

MOST_UNKNOWN = 0.1  # as Petrov et al. 2023 (arXiv:2305.15425) leave languages out


def card_plots(card: CardContent) -> Iterator[Plot]:
    """All plots that the card has data for, in the order of its page."""
    parts = (premiums_drawn, lorenz_drawn, domains_drawn, roles_drawn, scripts_drawn,
             lengths_drawn, ranks_drawn, sweep_drawn)  # fmt: skip
    return (plot for part in parts if (plot := part(card)) is not None)


def premiums_drawn(card: CardContent) -> Plot | None:
    """What each language pays."""
    parallel, found = card.parallel, language_costs(card)
    if parallel is None or not found:
        return None
    shown = {name: understood(each) for name, each in found.items()}
    return premium_plot(shown, parallel.labels, parallel.reference, card.names[0])


def language_costs(card: CardContent) -> dict[str, LanguageCosts]:
    """What each language pays, by tokenizer; empty without parallel text."""
    costs = {each.name: each.premiums for each in card.tokenizers}
    return {name: each for name, each in costs.items() if each is not None}


def understood(found: LanguageCosts) -> list[Premium]:
    """Premiums of the languages that the tokenizer knows: unknown text costs next to nothing."""
    return [row for row in found.found.premiums if found.unknown[row.language] <= MOST_UNKNOWN]


def lorenz_drawn(card: CardContent) -> Plot | None:
    """How unequal that is."""
    found = language_costs(card)
    return lorenz_plot({name: each.lorenz for name, each in found.items()}) if found else None


def domains_drawn(card: CardContent) -> Plot:
    """The leading figure by domain."""
    rows = [
        {name: part.figures[LEAD.name] for name, part in each.domains.items()}
        for each in card.tokenizers
    ]
    return domain_plot(LEAD, card.names, rows)


def roles_drawn(card: CardContent) -> Plot:
    """What the ids are."""
    return make_up_plot("role", {e.name: e.vocabulary.roles for e in card.tokenizers}, ROLES)


def scripts_drawn(card: CardContent) -> Plot:
    """The scripts of their letters."""
    return make_up_plot("script", {e.name: e.vocabulary.scripts for e in card.tokenizers})


def lengths_drawn(card: CardContent) -> Plot:
    """How long they are."""
    return length_plot({each.name: each.vocabulary.lengths for each in card.tokenizers})


def ranks_drawn(card: CardContent) -> Plot:
    """How evenly they are used."""
    return rank_plot(card.names, [each.usage.rank_frequency for each in card.tokenizers])


def sweep_drawn(card: CardContent) -> Plot | None:
    """What sizes cost; None where no vocabulary nests."""
    sweeps = {each.name: each.sweep for each in card.tokenizers if each.sweep is not None}
    return sweep_plot(card.names, sweeps) if sweeps else None
