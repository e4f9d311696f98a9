"""Numbers between bounds, and multiples of one, as regular languages of decimal literals.

Where a bound or a factor is given, numbers have no exponent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from tokenry.decoding.constrained import algebra
from tokenry.decoding.constrained.automaton import Automaton, Link
from tokenry.decoding.constrained.regular import Regex
from tokenry.decoding.constrained.schemas.kinds import Bound, Figure
from tokenry.errors import ConstraintError

WHOLE: Final = "-?(0|[1-9][0-9]*)"
ANY: Final = rf"{WHOLE}(\.[0-9]+)?([eE][+-]?[0-9]+)?"
DIGITS: Final = b"0123456789"
POINT: Final = ord(".")
BEHIND: Final = -1
"""The place of a literal whose digits are behind those of a bound."""


def number_language(figure: Figure) -> Automaton:
    """Literals of the numbers that are meant; of no text where there are none."""
    low, high = figure.low, figure.high
    if low is None and high is None:
        found = Regex(WHOLE if figure.whole else ANY).language
    elif low and high and low.value == high.value:
        found = _single(figure, low, high)
    else:
        found = algebra.union(_signed(figure))
    if figure.factor is None or found.first < 0:
        return found
    return algebra.both(found, _multiples(figure.factor))


def is_empty(figure: Figure) -> bool:
    """Whether the bounds leave no number."""
    low, high = figure.low, figure.high
    if low is None or high is None:
        return False
    if figure.whole:
        return _first_whole(low) > -_first_whole(Bound(-high.value, high.open))
    return low.value > high.value or (low.value == high.value and (low.open or high.open))


def _first_whole(low: Bound) -> int:
    whole = int(low.value.to_integral_value(rounding="ROUND_CEILING"))
    return whole + 1 if low.open and whole == low.value else whole


def _single(figure: Figure, low: Bound, high: Bound) -> Automaton:
    value = low.value
    if low.open or high.open or (figure.whole and value != value.to_integral_value()):
        return algebra.nothing()
    text = format(value.normalize(), "f") if value else "-0" if value.is_signed() else "0"
    return algebra.literal(text.encode())


def _signed(figure: Figure) -> Iterator[Automaton]:
    """Those without a sign, and those with one, by their amounts."""
    low, high = figure.low, figure.high
    if high is None or high.value >= 0:
        yield _between(low if low and low.value >= 0 else None, high, whole=figure.whole)
    if low is None or low.value < 0:
        # The amounts of what is below zero; -0 is one of them where whole numbers may be 0.
        zero = low is not None and high is not None and high.value >= 0 and figure.whole
        least = (
            Bound(-high.value, high.open)
            if high and high.value < 0
            else Bound(Decimal(0), not zero)
        )
        most = Bound(-low.value, low.open) if low else None
        yield algebra.concatenated(
            [algebra.literal(b"-"), _between(least, most, whole=figure.whole)]
        )


class _Compared(NamedTuple):
    """A literal beside a bound.

    Attributes:
        digits: that were read before the point, at most one more than the bound has.
        sign: -1 where it is less by the digits so far, 1 where it is more, 0 where they are alike.
        place: of the digit behind the point that comes next; `BEHIND` before the point.
    """

    digits: int = 0
    sign: int = 0
    place: int = BEHIND


class _Amount:
    """A bound that is not below zero, digit by digit."""

    def __init__(self, bound: Bound) -> None:
        before, _, self._behind = format(bound.value, "f").lstrip("-").partition(".")
        self._before = before.lstrip("0") or "0"
        self.open = bound.open

    def step(self, at: _Compared, byte: int) -> _Compared:
        if byte == POINT:
            return _Compared(0, self.sign_before(at), 0)
        digit = byte - DIGITS[0]
        if at.place == BEHIND:
            own = int(self._before[at.digits]) if at.digits < len(self._before) else 0
            count = min(at.digits + 1, len(self._before) + 1)
            return _Compared(count, at.sign or _sign(digit - own))
        own = int(self._behind[at.place]) if at.place < len(self._behind) else 0
        return _Compared(0, at.sign or _sign(digit - own), min(at.place + 1, len(self._behind)))

    def sign_before(self, at: _Compared) -> int:
        """By all digits before the point."""
        return _sign(at.digits - len(self._before)) or at.sign

    def sign(self, at: _Compared) -> int:
        """Where the literal ends here: what is left of the bound counts as more."""
        if at.place == BEHIND:
            sign, left = self.sign_before(at), self._behind
        else:
            sign, left = at.sign, self._behind[at.place :]
        return sign or (-1 if left.strip("0") else 0)


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


class _Literal(NamedTuple):
    """Where a literal without a sign stands: begun, before the point, at it, behind it."""

    part: str
    low: _Compared = _Compared()
    high: _Compared = _Compared()


_FOLLOWING: Final = {
    ("begun", "0"): "zero", ("begun", "1"): "whole", ("whole", "0"): "whole",
    ("whole", "1"): "whole", ("zero", "."): "point", ("whole", "."): "point",
    ("point", "0"): "behind", ("point", "1"): "behind", ("behind", "0"): "behind",
    ("behind", "1"): "behind",
}  # fmt: skip
"""Parts of a literal by the part before and a point, a zero (0) or another digit (1)."""


def _between(low: Bound | None, high: Bound | None, *, whole: bool) -> Automaton:
    """Literals without a sign whose value stands between two bounds."""
    least = _Amount(low) if low else None
    most = _Amount(high) if high else None

    def step(at: _Literal, byte: int) -> _Literal | None:
        kind = "." if byte == POINT else "0" if byte == DIGITS[0] else "1"
        part = _FOLLOWING.get((at.part, kind))
        if part is None or (whole and kind == "."):
            return None
        return _Literal(
            part,
            least.step(at.low, byte) if least else at.low,
            most.step(at.high, byte) if most else at.high,
        )

    def accepts(at: _Literal) -> bool:
        if at.part not in ("zero", "whole", "behind"):
            return False
        above = least is None or least.sign(at.low) >= int(least.open)
        return above and (most is None or most.sign(at.high) <= -int(most.open))

    return algebra.explored(_Literal("begun"), step, accepts, lambda _: _EACH)


_EACH: Final[tuple[Link, ...]] = tuple((byte, byte, 0) for byte in (POINT, *DIGITS))


def _multiples(factor: Decimal) -> Automaton:
    """Literals of multiples; behind the point they have as many digits as the factor at most."""
    exponent = -int(factor.normalize().as_tuple().exponent)
    places = max(0, exponent)
    unit = int(factor.scaleb(places))
    if not unit:
        raise ConstraintError("multipleOf is 0; expected a number above 0")

    def step(at: tuple[str, int, int], byte: int) -> tuple[str, int, int] | None:
        part, rest, behind = at
        kind = "." if byte == POINT else "0" if byte == DIGITS[0] else "1"
        following = _FOLLOWING.get((part, kind))
        if following is None or (kind == "." and not places) or (behind == places and behind):
            return None
        if kind == ".":
            return following, rest, 0
        return (
            following,
            (10 * rest + byte - DIGITS[0]) % unit,
            behind + (part in ("point", "behind")),
        )

    def accepts(at: tuple[str, int, int]) -> bool:
        return at[0] in ("zero", "whole", "behind") and not at[1] * 10 ** (places - at[2]) % unit

    unsigned = algebra.explored(("begun", 0, 0), step, accepts, lambda _: _EACH)
    return algebra.union([unsigned, algebra.concatenated([algebra.literal(b"-"), unsigned])])
