"""The vocabulary size at which a language pays what another pays.

Arnett, Chang, Biderman, Bergen 2025, "Explaining and mitigating crosslingual tokenizer inequities",
arXiv:2510.21909: tokenizers of one language each, learnt from equal data, write parallel text in
very different numbers of tokens; a curve fitted to tokens by vocabulary size gives, for each
language, the size that brings it to a common number.

Here the curve is ``tokens = floor + scale * size**-power`` with no part negative, fitted by least
squares of relative errors. It is inverted within the measured sizes only, never beyond them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError, VocabularyError
from tokenry.json_data import FLAT
from tokenry.results import Result

Floats = NDArray[np.float64]
# Fitted powers of 63 languages lie between 0.8 and 1.6 (experiment S065).
POWERS = np.round(np.arange(0.01, 3.0, 0.01), 2)


@dataclass(frozen=True, slots=True)
class SizeCurve:
    """Tokens of a text by vocabulary size.

    Attributes:
        floor: tokens that no size gets below.
        scale: tokens above that at size 1.
        power: how fast they fall.
        error: the largest relative error at a measured size.
    """

    floor: float
    scale: float
    power: float
    error: float

    def tokens(self, size: float) -> float:
        """Tokens at a size."""
        return float(self.floor + self.scale * size**-self.power)

    def size(self, tokens: float) -> float:
        """The size at which there are so many tokens; infinite where no size gets there."""
        if tokens <= self.floor or self.scale == 0:
            return float("inf")
        return float(((tokens - self.floor) / self.scale) ** (-1 / self.power))


def fit_curve(sizes: Sequence[int], tokens: Sequence[int]) -> SizeCurve:
    """Fit a curve to at least three measured sizes.

    Raises:
        VocabularyError: there are fewer, or not as many sizes as counts.
    """
    if len(sizes) != len(tokens) or len(sizes) < 3:
        raise VocabularyError(
            f"a curve over {len(sizes)} sizes and {len(tokens)} counts; give three or more of each"
        )
    measured = np.asarray(tokens, dtype=np.float64)
    logs = np.log(np.asarray(sizes, dtype=np.float64))
    fits = ((*_line(np.exp(-power * logs), measured), float(power)) for power in POWERS)
    floor, scale, errors, power = min(fits, key=lambda fit: float((fit[2] ** 2).sum()))
    return SizeCurve(floor, scale, power, float(np.abs(errors).max()))


def _line(x: Floats, y: Floats) -> tuple[float, float, Floats]:
    """Intercept and slope, neither negative, and relative errors."""
    design = np.stack([1 / y, x / y], axis=1)
    floor, scale = np.linalg.lstsq(design, np.ones(len(y)), rcond=None)[0]
    if floor < 0:
        floor, scale = 0.0, (x / y).sum() / ((x / y) ** 2).sum()
    elif scale < 0:
        floor, scale = (1 / y).sum() / (1 / y**2).sum(), 0.0
    return float(floor), float(scale), np.asarray((floor + scale * x) / y - 1, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LanguageSize(Result):
    """What a language pays at the common size, and the size at which it pays the target.

    Attributes:
        language: its name.
        premium: tokens for one of the reference language, both at the reference size.
        size: ids with which the premium is the target; None where the largest is not enough. It
            is the smallest measured size where that is enough already.
        curve: fitted to the language's tokens.
    """

    language: str
    premium: float
    size: int | None
    curve: SizeCurve = field(metadata=FLAT)


def language_sizes(
    counts: Mapping[str, Mapping[int, int]],
    reference: str,
    *,
    size: int,
    target: float = 1.0,
) -> tuple[LanguageSize, ...]:
    """The size that each language needs for a premium of ``target``, cheapest language first.

    Args:
        counts: by language, tokens of the same parallel text by vocabulary size.
        reference: the language that the others are measured against.
        size: what the reference has, and all have where premiums are compared.
        target: premium over the reference at ``size``.

    Raises:
        CorpusError: the reference is not there, or has no tokens.
        VocabularyError: ``size`` was not measured, there are fewer than three sizes, or the target
            is not positive.
    """
    if reference not in counts:
        raise CorpusError(
            f"the reference language {reference!r} is not among: {', '.join(sorted(counts)[:12])}"
        )
    unmeasured = [language for language, tokens in counts.items() if size not in tokens]
    if unmeasured:
        raise VocabularyError(f"size {size} was not measured in: {', '.join(unmeasured[:8])}")
    if not target > 0:
        raise VocabularyError(f"a target premium of {target}; expected more than 0, such as 1.0")
    base = counts[reference][size]
    if base == 0:
        raise CorpusError(f"the reference language {reference!r} has no text: every line is empty")
    found = []
    for language, tokens in counts.items():
        curve = fit_curve(list(tokens), list(tokens.values()))
        needed = _needed(curve, tokens, target * base)
        found.append(LanguageSize(language, tokens[size] / base, needed, curve))
    return tuple(sorted(found, key=lambda row: (row.premium, row.language)))


def _needed(curve: SizeCurve, tokens: Mapping[int, int], wanted: float) -> int | None:
    """Within the two measured sizes that the target lies between."""
    enough = [size for size, count in sorted(tokens.items()) if count <= wanted]
    if not enough:
        return None
    below = [size for size in sorted(tokens) if size < enough[0]]
    if not below:
        return enough[0]
    return int(np.ceil(np.clip(curve.size(wanted), below[-1] + 1, enough[0])))
