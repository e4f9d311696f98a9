"""What a source says, told at a site in a way, and now and then not told.

Left out for a share of the items in training, a codec also works without it (Ho & Salimans 2022,
arXiv:2207.12598).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tokenry.errors import PartError, SignalError
from tokenry.neural.building import assemble, torch_for
from tokenry.signals.conditioners import Site
from tokenry.signals.features import READ, TOLD
from tokenry.signals.sources import Source

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.neural.assembled import Assembled

Way = Literal["beside", "modulating", "read", "nowhere"]
"""As vectors beside the others; as one vector that modulates blocks which take one
(`tokenry.neural.blocks.adaptive`); as vectors that queries attend to; or not at that site."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Both sites have their own weights, and leave out by themselves.

    Attributes:
        source: what is told.
        encoder: in which way.
        decoder: in which way; ``read`` is for encoders.
        dropped: share of the items that are told nothing in training.
    """

    source: Source
    encoder: Way = "beside"
    decoder: Way = "beside"
    dropped: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.dropped < 1:
            raise PartError(f"dropped of Told is {self.dropped}, expected 0 to below 1")
        if self.decoder == "read" or (self.encoder, self.decoder) == ("nowhere", "nowhere"):
            raise PartError(f"told to the encoder {self.encoder}, to the decoder {self.decoder}")

    @property
    def facts(self) -> tuple[str, ...]:
        """Of the source."""
        return self.source.facts

    def way(self, site: Site) -> Way:
        """At a site."""
        return self.encoder if site == "encoder" else self.decoder

    def places(self, site: Site) -> int:
        """Of the source, where they stand beside the others."""
        return self.source.places if self.way(site) == "beside" else 0

    def build(self, encoder: int, decoder: int) -> Assembled:
        """For each site that is told, the source and ``nothing``."""
        torch = torch_for(self)
        children = {}
        for site, width in (("encoder", encoder), ("decoder", decoder)):
            if self.way(site) != "nowhere":  # type: ignore[arg-type]
                children[site] = torch.nn.ModuleDict({"source": self.source.build(width)})
                rows = torch.randn(self.source.places, width) * 0.02
                children[site].register_parameter("nothing", torch.nn.Parameter(rows))
        return assemble(self, **children)

    def vectors(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> Tensor | None:
        """Those that stand beside the others."""
        return self._said(module, facts, site) if self.way(site) == "beside" else None

    def taps(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> dict[str, Tensor]:
        """Those told in another way."""
        way = self.way(site)
        if way == "modulating":
            return {TOLD: self._said(module, facts, site).mean(1)}
        return {READ: self._said(module, facts, site)} if way == "read" else {}

    def _said(self, module: Assembled, facts: Mapping[str, Tensor], site: Site) -> Tensor:
        import torch

        for name in self.facts:
            if name not in facts:
                raise SignalError(f"this codec is told {name!r} of each item, and was not")
        here = getattr(module, site)
        said: Tensor = here["source"](facts)
        if module.training and self.dropped:
            dropped = torch.rand(len(said), 1, 1, device=said.device) < self.dropped
            said = torch.where(dropped, here.nothing.to(said.dtype), said)
        return said
