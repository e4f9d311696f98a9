"""A codec as data: every slot filled.

Carrier, base, partition, trunk, resampler, bottleneck, length policy and decoder in this order,
with what is told beside the item and how it is trained.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log2, prod
from typing import TYPE_CHECKING

from tokenry.errors import PartError
from tokenry.extras import importing
from tokenry.seeds import derived
from tokenry.signals.bases import Base
from tokenry.signals.bases.none import NoBase
from tokenry.signals.bottlenecks import Bottleneck
from tokenry.signals.carriers import Carrier
from tokenry.signals.conditioners import Conditioner
from tokenry.signals.conditioners.none import Unconditioned
from tokenry.signals.decoders import SignalDecoder
from tokenry.signals.features import CodecSizes, Grid
from tokenry.signals.lengths import LengthPolicy
from tokenry.signals.lengths.fixed import EveryToken
from tokenry.signals.partitions import Partition
from tokenry.signals.resamplers import Resampler
from tokenry.signals.training.plan import CodecTraining
from tokenry.signals.trunks import FeatureTrunk

if TYPE_CHECKING:
    from tokenry.signals.network import CodecNetwork


@dataclass(frozen=True, kw_only=True)
class SignalEncoder:
    """From values to latents.

    Attributes:
        partition: values to places.
        trunk: over the places.
        resampler: to the latent layout.
    """

    partition: Partition
    trunk: FeatureTrunk
    resampler: Resampler

    def grid(self, shape: tuple[int, ...]) -> Grid:
        """Of the latents of items of this shape."""
        return self.resampler.grid(self.trunk.grid(self.partition.grid(shape)))


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Filled slots; `build` makes the network.

    Attributes:
        carrier: items to values.
        encoder: values to latents.
        bottleneck: latents to codes.
        decoder: latents to values.
        length: which tokens are kept.
        conditioner: what is told beside the item.
        training: objectives, perturber, stages and so on.
        base: an autoencoder below, whose latents the decoder gives.
    """

    carrier: Carrier
    encoder: SignalEncoder
    bottleneck: Bottleneck
    decoder: SignalDecoder
    length: LengthPolicy = field(default_factory=EveryToken)
    conditioner: Conditioner = field(default_factory=Unconditioned)
    training: CodecTraining = field(default_factory=CodecTraining)
    base: Base = field(default_factory=NoBase)

    @property
    def grid(self) -> Grid:
        """Of the latents."""
        return self.encoder.grid(self.base.seen(self.carrier.shape))

    @property
    def tokens(self) -> int:
        """Of an item that keeps all."""
        return self.bottleneck.tokens(self.grid)

    @property
    def bits(self) -> float:
        """Of an item that keeps all its tokens, without side information."""
        return self.tokens * sum(log2(each) for each in self.bottleneck.levels)

    @property
    def sizes(self) -> CodecSizes:
        """What objectives are told."""
        return CodecSizes(
            shape=self.carrier.shape,
            grid=self.grid,
            tokens=self.tokens,
            size=self.bottleneck.size,
            decoded_size=self.bottleneck.decoded_size,
            levels=self.bottleneck.levels,
            width=self.encoder.trunk.width,
            decoder_width=self.decoder.width,
            pieces=tuple(each.decoded_size for each in getattr(self.bottleneck, "parts", ())),
            teacher=self.training.teacher.sizes(self.carrier.shape),
        )

    def build(self, *, seed: int = 0, device: str = "cpu") -> CodecNetwork:
        """The network, with weights that depend on the seed alone.

        Args:
            seed: of the weights.
            device: where they are; ``meta``: nowhere, which is enough to count them.

        Raises:
            MissingExtraError: torch is not installed.
            PartError: slots do not fit each other.
        """
        with importing("neural", "a codec"):
            import torch

            from tokenry.signals.network import CodecNetwork
        if device == "meta":
            with torch.device("meta"):
                return CodecNetwork(self)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(derived(seed, "weights"))
            network = CodecNetwork(self)
            self.training.start.fill(network)
        return network.to(device)

    def check(self) -> None:
        """Raise where slots do not fit each other.

        Raises:
            PartError: saying which.
        """
        if prod(self.grid) < 1:
            raise PartError(f"the latents have the grid {self.grid}; expected one place or more")
        self.build(device="meta")
