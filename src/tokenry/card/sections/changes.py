"""How ids change when the text does, and what a beginning tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.errors import CorpusError
from tokenry.measuring.robustness import Robustness, robustness
from tokenry.measuring.sensitivity import (
    PrefixStability,
    Sensitivity,
    chosen_lines,
    measure_prefixes,
    measure_sensitivity,
)
from tokenry.results import Result
from tokenry.tokenizer import Tokenizer

OCR_RATE = 0.02  # share of characters that go wrong
_LINES = 200


@dataclass(frozen=True, slots=True)
class SmallChanges(Result):
    """What small changes of lines do.

    Attributes:
        ocr: under the errors of character recognition; None where there is nothing to err.
        changes: by kind of change.
        prefixes: of what a reader who has only a part of a line gets wrong.
    """

    ocr: Robustness | None
    changes: dict[str, Sensitivity]
    prefixes: PrefixStability
    estimator: str = "edit distance of ids over ids of the unchanged lines"


def measure_changes(tokenizer: Tokenizer, lines: Sequence[str], seed: int) -> SmallChanges:
    """Small changes under one tokenizer."""
    return SmallChanges(
        ocr=_garbled(tokenizer, chosen_lines(lines, _LINES, seed), seed),
        changes=measure_sensitivity(tokenizer, lines, seed=seed),
        prefixes=measure_prefixes(tokenizer, lines, seed=seed),
    )


def _garbled(tokenizer: Tokenizer, lines: Sequence[str], seed: int) -> Robustness | None:
    try:
        return robustness(tokenizer, lines, rate=OCR_RATE, seed=seed)
    except CorpusError:
        return None
