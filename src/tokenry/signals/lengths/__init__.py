"""Slot: how many tokens an item keeps, in training and when it is encoded; always as a mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tokenry.errors import SignalError

if TYPE_CHECKING:
    from torch import Tensor, nn

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import Grid, Kept


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What whoever encodes asks for.

    Attributes:
        tokens: at most so many of each item; None: as the policy finds right.
        error: mean absolute error of the values (of -1 to 1) that is good enough, for policies that
            decide by it; None: the best there is.
    """

    tokens: int | None = None
    error: float | None = None

    def __post_init__(self) -> None:
        if self.tokens is not None and self.tokens < 0:
            raise SignalError(f"{self.tokens} tokens were asked for; expected none or more")


class LengthPolicy(Protocol):
    """A frozen dataclass; its module is called with latents and what is asked, None in training."""

    @property
    def prefix(self) -> bool:
        """Whether what is kept are always the first tokens."""

    @property
    def hidden(self) -> bool:
        """Whether the decoder does not look where none is kept; else it sees a learned vector."""

    @property
    def variable(self) -> bool:
        """Whether items keep different numbers of tokens, so that a receiver has to be told."""

    def build(self, grid: Grid, tokens: int, size: int) -> nn.Module:
        """The module, for latents of this grid and size, and so many tokens."""

    def forward(
        self, module: Assembled, latents: Tensor, tokens: int, asking: Asking | None, done: float
    ) -> Kept:
        """Which of the tokens of each item are kept."""


@runtime_checkable
class MergesLatents(Protocol):
    """A policy that decides before the bottleneck, and gives kept latents what others held."""

    def merged(
        self, module: Assembled, latents: Tensor, asking: Asking | None, done: float
    ) -> tuple[Tensor, Kept]:
        """Latents with what was merged into them, and which are kept."""


@runtime_checkable
class Rehearsing(Protocol):
    """A policy that learns from what a first pass with a drawn number of tokens comes to.

    The error of that pass is told to the second one as the fact ``error``.
    """

    def drawn(self, items: int, tokens: int, latents: Tensor) -> Tensor:
        """Which tokens the first pass keeps, shape (items, tokens)."""

    def taught(self, module: Assembled, latents: Tensor, mask: Tensor) -> Kept:
        """The same tokens in the second pass, and what the policy lost by its own choice."""
