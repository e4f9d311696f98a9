"""The figures that mean something on a part of the data: by domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tokenry.json_data import FLAT
from tokenry.measuring.encoded import Encoded
from tokenry.measuring.registry import metrics_by_domain
from tokenry.measuring.scorecard import Figures, measure_figures
from tokenry.results import Result


@dataclass(frozen=True, slots=True)
class DomainFigures(Result):
    """One tokenizer on one domain.

    Attributes:
        tokens, bytes: of the domain's documents.
        figures: by metric.
        saving: share of tokens that it needs less than the first tokenizer of the card.
    """

    tokens: int
    bytes: int
    figures: Figures = field(metadata=FLAT)
    saving: float = 0.0


def measure_domains(
    encoded: Encoded, parts: Mapping[str, list[int]], seed: int
) -> dict[str, DomainFigures]:
    """Each domain by itself."""
    metrics = metrics_by_domain("card")
    found = {}
    for name, chosen in parts.items():
        part = encoded.part(chosen)
        figures = measure_figures(metrics, part, seed=seed)
        found[name] = DomainFigures(int(part.tokens.sum()), int(part.sample.sizes.sum()), figures)
    return found


def with_savings(
    rows: Sequence[Mapping[str, DomainFigures]],
) -> list[dict[str, DomainFigures]]:
    """The domains of several tokenizers, with what each saves against the first."""
    base = rows[0]
    return [
        {
            name: replace(each, saving=1 - each.tokens / max(1, base[name].tokens))
            for name, each in row.items()
        }
        for row in rows
    ]
