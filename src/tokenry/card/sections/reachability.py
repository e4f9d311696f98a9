"""Ids that no text produces, or only as a part of a character; and odd ones."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.card.sections.examples import SHOWN, IdExample, id_examples
from tokenry.measuring.vocabulary import suspicious
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Reachability(Result):
    """Ids to look at.

    Attributes:
        holes, unproduced, cut, partial_utf8: how many, as in `tokenry.Tokenizer.unreachable`.
        examples: some of each but the holes.
        suspicious: pieces that look like junk of the data.
    """

    holes: int
    unproduced: int
    cut: int
    partial_utf8: int
    examples: dict[str, tuple[IdExample, ...]]
    suspicious: tuple[str, ...]


def measure_reachability(tokenizer: Tokenizer) -> Reachability:
    """Odd ids of one tokenizer."""
    found = tokenizer.unreachable()
    shown = {
        "unproduced": found.unproduced,
        "cut": found.cut,
        "partial_utf8": found.partial_utf8,
    }
    return Reachability(
        holes=len(found.holes),
        unproduced=len(found.unproduced),
        cut=len(found.cut),
        partial_utf8=len(found.partial_utf8),
        examples={name: id_examples(tokenizer, ids) for name, ids in shown.items()},
        suspicious=tuple(suspicious(tokenizer.vocabulary, shown=SHOWN)),
    )
