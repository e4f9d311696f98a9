"""The network that reads a piece in old ids and gives its rows.

Minixhofer, Ponti, Vulić 2024, arXiv:2405.07883: the old rows of a piece's ids, at most seven of
them, go through a linear map with a residual block, a small transformer that looks both ways, and a
head; what stands at the first place is the row. Here the result is added to the mean of those rows,
in units of their spread, and the head begins at nothing: untrained, the network is the sub-piece
mean, and of an old id it gives that id's own row.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenry.extras import importing
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.parts import at_least
from tokenry.neural.saving import read_tensors, write_tensors
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.results import read_result, write_result

if TYPE_CHECKING:
    from torch import Tensor, nn

FORMAT, CONFIG, WEIGHTS = "tokenry hypernetwork", "hypernetwork.json", "hypernetwork.safetensors"


@dataclass(frozen=True, kw_only=True)
class HyperNetwork:
    """Its sizes.

    Attributes:
        width: of a row of the model.
        matrices: 1 where rows are tied, 2 where input and output differ.
        hidden: width of its own.
        layers: of the transformer.
        heads: of each.
        pieces: old ids of a new piece that are read.
    """

    width: int
    matrices: int = 1
    hidden: int = 128
    layers: int = 3
    heads: int = 4
    pieces: int = 7

    def __post_init__(self) -> None:
        at_least(self, 1, "width", "matrices", "hidden", "layers", "heads", "pieces")

    def build(self, *, seed: int = 0) -> nn.Module:
        """The module: from old ids and old rows to new rows, shape (n, matrices * width).

        Old ids have the shape (n, pieces), with -1 behind them, and old rows, side by side, the
        shape (old ids, matrices * width).
        """
        with importing("neural", "a hypernetwork"):
            import torch
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _module(self)


def _module(config: HyperNetwork) -> nn.Module:
    import torch
    from torch import nn

    size = config.width * config.matrices

    class Predicting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config = config
            self.enter = nn.Linear(size, config.hidden)
            self.mix = nn.Sequential(
                nn.Linear(config.hidden, 2 * config.hidden), nn.GELU(),
                nn.Linear(2 * config.hidden, config.hidden),
            )  # fmt: skip
            self.body = Backbone(
                width=config.hidden, layers=config.layers,
                block=PreNorm(mixer=MultiHead(heads=config.heads)), topology=Bidirectional(),
            ).build()  # fmt: skip
            last = nn.Linear(config.hidden, size)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)
            self.head = nn.Sequential(nn.Linear(config.hidden, config.hidden), nn.GELU(), last)

        def forward(self, surface: Tensor, rows: Tensor) -> Tensor:
            present = surface >= 0
            given = rows[surface.clamp(min=0)] * present[..., None]
            mean = given.sum(1) / present.sum(1, keepdim=True).clamp(min=1)
            spread = rows.std(0) + 1e-6
            inside = self.enter(given / spread)
            inside = inside + self.mix(inside)
            seen = present[:, None, :] | torch.eye(surface.shape[1], dtype=torch.bool)
            read = self.body(inside, seen=seen.expand(len(surface), -1, -1))
            made: Tensor = mean + self.head(read.hidden[:, 0]) * spread
            return made

    return Predicting()


def save_hypernetwork(module: Any, folder: str | os.PathLike[str]) -> None:
    """Write a network into a folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_tensors(folder / WEIGHTS, module.state_dict())
    write_result(folder / CONFIG, asdict(module.config), format=FORMAT, version=1)


def load_hypernetwork(folder: str | os.PathLike[str]) -> nn.Module:
    """Read what `save_hypernetwork` wrote.

    Raises:
        FormatError: there is none, or of another version.
    """
    content = read_result(Path(folder, CONFIG), format=FORMAT, version=1)
    sizes = {name: content[name] for name in HyperNetwork.__dataclass_fields__}
    module = HyperNetwork(**sizes).build()
    module.load_state_dict(read_tensors(Path(folder, WEIGHTS)))
    return module.eval()
