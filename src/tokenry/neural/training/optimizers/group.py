"""Group: parameters, by name, that are trained in another way."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.neural.parts import at_least


@dataclass(frozen=True, kw_only=True)
class Group:
    """What differs for parameters whose names match.

    Attributes:
        names: a pattern as of file names: ``embedding.*``, ``*.bias``.
        rate: what their rate is multiplied by.
        decay: their weight decay; None: as for the others.
    """

    names: str
    rate: float = 1.0
    decay: float | None = None

    def __post_init__(self) -> None:
        at_least(self, 0, "rate", "decay")
