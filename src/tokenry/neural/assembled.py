"""The module of a part: children by name, the part's own forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn


class Assembled(nn.Module):
    """What `tokenry.neural.building.assemble` gives.

    Attributes:
        part: the frozen dataclass that it was built from.
    """

    def __init__(
        self, part: Any, children: Mapping[str, nn.Module | nn.Parameter | Tensor]
    ) -> None:
        super().__init__()
        self.part = part
        for name, child in children.items():
            if isinstance(child, Tensor) and not isinstance(child, nn.Parameter):
                self.register_buffer(name, child, persistent=False)
            else:
                setattr(self, name, child)

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name)

    def forward(self, *inputs: Any) -> Any:
        """What the part makes of the inputs."""
        return self.part.forward(self, *inputs)

    def extra_repr(self) -> str:
        """The part, for printing."""
        return repr(self.part)
