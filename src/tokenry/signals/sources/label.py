"""A label: a row for each class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class Label:
    """The fact ``label``, shape (items,); a class that there is not is a row of its own.

    Attributes:
        classes: numbered from 0 on.
    """

    classes: int = 10

    facts = ("label",)
    places = 1

    def __post_init__(self) -> None:
        at_least(self, 1, "classes")

    def build(self, width: int) -> Assembled:
        """The table ``rows``."""
        return assemble(self, rows=torch_for(self, "torch.nn").Embedding(self.classes + 1, width))

    def forward(self, module: Assembled, facts: Mapping[str, Tensor]) -> Tensor:
        """Rows of labels."""
        label = facts["label"].long()
        known = (label >= 0) & (label < self.classes)
        rows: Tensor = module.rows(label.where(known, label.new_full((), self.classes)))
        return rows[:, None]
