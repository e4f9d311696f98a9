"""The module of an `Assembly`: one pass from values to latents, codes and values again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from tokenry.signals.bottlenecks import HasRuns
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.decoders import Given
from tokenry.signals.features import Decoded, Features, Kept, Passed, Quantized
from tokenry.signals.lengths import Asking

EVERYTHING = Asking()


class CodecNetwork(nn.Module):
    """Modules of all slots.

    Attributes:
        config: the `Assembly` that it was built from.
    """

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        shape, encoder, bottleneck = config.carrier.shape, config.encoder, config.bottleneck
        cut = encoder.partition.grid(shape)
        self._inner = encoder.trunk.grid(cut)
        self._told = {site: config.conditioner.places(site) for site in ("encoder", "decoder")}
        places = prod(cut) + self._told["encoder"] + encoder.resampler.added(cut)
        self.partition = encoder.partition.build(shape)
        self.trunk = encoder.trunk.build(encoder.partition.width(shape), places)
        self.resampler = encoder.resampler.build(self._inner, encoder.trunk.width, bottleneck.size)
        self.bottleneck = bottleneck.build(config.grid)
        self.length = config.length.build(config.grid, config.tokens, bottleneck.size)
        self.runs = bottleneck.runs(config.grid) if isinstance(bottleneck, HasRuns) else ()
        size = bottleneck.decoded_size
        self.absent = nn.Parameter(torch.zeros(size))
        self.decoder = config.decoder.build(config.grid, size, shape, self._told["decoder"])
        self.conditioner = config.conditioner.build(encoder.trunk.width, config.decoder.width)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.absent.device

    def features(self, values: Tensor, facts: Mapping[str, Tensor]) -> Features:
        """Latents of values, (batch, places, size), with what the trunk kept on the way."""
        encoder = self.config.encoder
        features = encoder.trunk.embed(self.trunk, self.partition(values))
        told = self.config.conditioner.vectors(self.conditioner, facts, "encoder")
        if told is not None:
            x = torch.cat([features.vectors, told.to(features.vectors.dtype)], 1)
            features = features.having(vectors=x, present=None)
        topology = encoder.resampler.topology(features.vectors.shape[1])
        features = encoder.resampler.enter(self.resampler, features)
        features = self.trunk(features, topology)
        if told is not None and not encoder.resampler.added(self._inner):
            features = features.having(vectors=features.vectors[:, : -told.shape[1]])
        latents: Features = encoder.resampler.leave(self.resampler, features)
        return latents

    def forward(self, values: Tensor, facts: Mapping[str, Tensor], done: float = 0.0) -> Passed:
        """One pass, as training needs it."""
        features = self.features(values, facts)
        latents = features.vectors
        quantized: Quantized = self.bottleneck(latents, done)
        if self.training:
            perturber = self.config.training.perturber
            quantized = perturber.perturbed(quantized, self.bottleneck, done)
        tokens = quantized.codes.shape[1]
        asking = None if self.training else EVERYTHING
        kept: Kept = self.length(latents, tokens, asking, done)
        given = self.given(quantized, kept)
        given = replace(given, values=values, done=done, conditions=self.told(facts))
        decoded: Decoded = self.decoder(given)
        return Passed(values, facts, features, latents, quantized, kept, decoded, done)

    def told(self, facts: Mapping[str, Tensor]) -> Tensor | None:
        """Conditions of the decoder."""
        vectors: Tensor | None = self.config.conditioner.vectors(self.conditioner, facts, "decoder")
        return vectors

    def given(self, quantized: Quantized, kept: Kept) -> Given:
        """Latents for the decoder, with a learned vector where none is kept."""
        vectors, grid, shape = quantized.vectors, self.config.grid, self.config.carrier.shape
        if self.runs:
            return Given(self._of_runs(quantized, kept), grid, shape)
        if kept.scale is not None:
            vectors = vectors * kept.scale[..., None]
        mask = kept.mask[..., None]
        latents = torch.where(mask, vectors, self.absent.to(vectors.dtype))
        return Given(latents, grid, shape, kept.mask if self.config.length.hidden else None)

    def _of_runs(self, quantized: Quantized, kept: Kept) -> Tensor:
        """The sum of the runs whose first token is kept, where there are depths to be summed."""
        if quantized.depths is None or quantized.soft is None or bool(kept.mask.all()):
            return quantized.vectors
        firsts = [sum(self.runs[:each]) for each in range(len(self.runs))]
        mask = kept.mask[:, firsts][:, None, :, None]
        summed = (quantized.depths * mask).sum(2)
        return with_gradient_of(summed, quantized.soft.to(summed.dtype))

    @torch.no_grad()
    def encoded(
        self, values: Tensor, facts: Mapping[str, Tensor], asking: Asking = EVERYTHING
    ) -> tuple[Tensor, Tensor]:
        """Codes, (batch, tokens, slots), and which are kept, (batch, tokens)."""
        latents = self.features(values, facts).vectors
        quantized: Quantized = self.bottleneck(latents, 1.0)
        tokens = quantized.codes.shape[1]
        kept: Kept = self.length(latents, tokens, asking, 1.0)
        return quantized.codes, kept.mask

    @torch.no_grad()
    def decoded(
        self, codes: Tensor, mask: Tensor, facts: Mapping[str, Tensor], seed: int = 0
    ) -> Tensor:
        """Values of codes of which some are kept."""
        vectors = self.config.bottleneck.vectors(self.bottleneck, codes, mask)
        given = self.given(Quantized(vectors, codes), Kept(mask))
        given = replace(given, done=1.0, conditions=self.told(facts), seed=seed)
        values: Tensor = self.decoder(given).values
        return values

    def extra_repr(self) -> str:
        """The assembly, for printing."""
        return repr(self.config)


def tensors_of(facts: Mapping[str, Any], device: torch.device) -> dict[str, Tensor]:
    """Facts as tensors on a device."""
    return {name: torch.as_tensor(each).to(device) for name, each in facts.items()}
