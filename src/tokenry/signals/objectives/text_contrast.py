"""Codes that find the text of their item among those of others.

Ge et al. 2023 (SEED), arXiv:2307.08041, by the last of causal codes; contrast: Radford et al. 2021,
arXiv:2103.00020. The text's network is trained here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from tokenry.errors import SignalError
from tokenry.neural.building import assemble, torch_for
from tokenry.neural.parts import at_least
from tokenry.signals.objectives.distillation import tapped
from tokenry.signals.sources.text import Text

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled
    from tokenry.signals.features import CodecSizes, Passed


@dataclass(frozen=True, kw_only=True)
class TextContrast:
    """Cross entropy of the right text and of the right item; equal texts are all right.

    Attributes:
        weight: among the other objectives.
        tap: ``last`` code, or the mean of ``codes`` or ``latents``.
        text: its network.
        width: of what is compared.
    """

    weight: float = 0.1
    tap: str = "last"
    text: Text = field(default_factory=Text)
    width: int = 32

    name: ClassVar[str] = "text contrast"
    facts: ClassVar[tuple[str, ...]] = ("text",)

    def __post_init__(self) -> None:
        at_least(self, 0, "weight")
        at_least(self, 1, "width")

    def build(self, sizes: CodecSizes) -> Assembled:
        """The ``head``: the text's network, and a linear layer for the codes."""
        nn = torch_for(self, "torch.nn")
        size = sizes.size if self.tap == "latents" else sizes.decoded_size
        layers = {"text": self.text.build(self.width), "codes": nn.Linear(size, self.width)}
        return assemble(self, head=nn.ModuleDict(layers))

    def forward(self, module: Assembled, passed: Passed) -> Tensor:
        """Both ways, at a temperature of 0.1."""
        from torch.nn.functional import normalize

        if "text" not in passed.facts:
            raise SignalError("the objective text contrast needs the fact 'text' of each item")
        text = passed.facts["text"]
        codes = normalize(module.head["codes"](tapped(passed, self.tap)).mean(1), dim=-1)
        said = normalize(module.head["text"](passed.facts).mean(1), dim=-1)
        scores = codes @ said.T / 0.1
        same = (text[:, None] == text[None]).all(-1).to(scores.dtype)
        both = (scores.log_softmax(1), scores.T.log_softmax(1))
        right = [-(each * same / same.sum(1, keepdim=True)).sum(1).mean() for each in both]
        return (right[0] + right[1]) / 2
