"""Numbers of a tokenizer.json as tokenizers reads them: not always as the nearest double.

Its parser (serde_json 1.0.151, without ``float_roundtrip``) takes the digits as an integer of 64
bits, makes that a double, and multiplies or divides once by a double near a power of ten. Each step
rounds, so many numbers of 17 digits (a quarter of Pegasus's scores) come out a last bit off; where
two segmentations of a Unigram model score alike, that bit decides. Some doubles no literal gives at
all: of those between 0.001 and 10^15, about one in 800.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

_SIGNIFICANDS: Final = 1 << 64
_POWERS: Final = tuple(float(f"1e{exponent}") for exponent in range(309))


def read(literal: str) -> float:
    """The double that tokenizers reads; infinite where it finds the number too large."""
    whole, _, fraction = literal.partition(".")
    try:
        significand = int(whole + fraction)
        if significand and -_SIGNIFICANDS < significand < _SIGNIFICANDS:
            return significand / _POWERS[len(fraction)]
    except (ValueError, IndexError):
        pass  # an exponent, or very many digits
    return _read_any(literal)


def spell(number: float) -> str | None:
    """A literal that is read as exactly this number, where possible by every other reader too.

    The shortest where that will do. None: no literal found; between 0.001 and 10^15 there is none,
    because a quotient by an exact power of ten is all that a literal can be there.
    """
    shortest = repr(number)
    if read(shortest) == number:
        return shortest
    found = [literal for literal in _spellings(number) if read(literal) == number]
    return next((each for each in found if float(each) == number), found[0] if found else None)


def _read_any(literal: str) -> float:
    mantissa, _, power = literal.lower().partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    significand, dropped = _append(0, whole)
    significand, ignored = _append(significand, fraction)
    exponent = dropped - (len(fraction) - ignored) + int(power or 0)
    return math.copysign(_scale(float(significand), exponent), -1 if literal[0] == "-" else 1)


def _append(significand: int, digits: str) -> tuple[int, int]:
    """Digits put behind a significand while it fits into 64 bits, and how many were left."""
    for place, digit in enumerate(digits):
        longer = significand * 10 + int(digit)
        if longer >= _SIGNIFICANDS:
            return significand, len(digits) - place
        significand = longer
    return significand, 0


def _scale(value: float, exponent: int) -> float:
    while value and exponent <= -len(_POWERS):
        value /= _POWERS[-1]
        exponent += len(_POWERS) - 1
    if not value:
        return value
    if exponent >= len(_POWERS):
        return math.inf
    return value * _POWERS[exponent] if exponent >= 0 else value / _POWERS[-exponent]


def _spellings(number: float) -> Iterator[str]:
    """Literals whose significand is a double near the scaled number, those of few digits first."""
    size = abs(number)
    digits = math.floor(math.log10(size)) + 1
    for places in range(15 - digits, 22 - digits):
        nearest = _scale(size, places)
        for each in (nearest, math.nextafter(nearest, 0), math.nextafter(nearest, math.inf)):
            if math.isfinite(each):
                yield str(Decimal(f"{'-' if number < 0 else ''}{round(each)}e{-places}"))
