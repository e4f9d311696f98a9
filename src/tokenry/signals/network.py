"""The module of an `Assembly`: one pass from values to latents, codes and values again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from tokenry.errors import PartError
from tokenry.signals.bases import Based
from tokenry.signals.bottlenecks import HasRuns
from tokenry.signals.bottlenecks.straight import with_gradient_of
from tokenry.signals.conditioners import Site
from tokenry.signals.decoders import Given
from tokenry.signals.features import READ, Decoded, Features, Kept, Passed, Quantized
from tokenry.signals.lengths import Asking, MergesLatents, Rehearsing

EVERYTHING = Asking()
Facts = Mapping[str, Tensor]


class CodecNetwork(nn.Module):
    """Modules of all slots.

    Attributes:
        config: the `Assembly` that it was built from.
    """

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config
        encoder, bottleneck, base = config.encoder, config.bottleneck, config.base
        if getattr(config.conditioner, "encoder", "") == READ and not _reads(encoder.resampler):
            raise PartError("what is told to be read needs a resampler that reads it: queries")
        seen, self._shape = base.seen(config.carrier.shape), base.shape(config.carrier.shape)
        cut = encoder.partition.grid(seen)
        self._inner = encoder.trunk.grid(cut)
        told = {site: config.conditioner.places(site) for site in ("encoder", "decoder")}
        places = prod(cut) + told["encoder"] + encoder.resampler.added(cut)
        self.base = base.build(config.carrier.shape)
        self.partition = encoder.partition.build(seen)
        self.trunk = encoder.trunk.build(encoder.partition.width(seen), places)
        self.resampler = encoder.resampler.build(self._inner, encoder.trunk.width, bottleneck.size)
        self.bottleneck = bottleneck.build(config.grid)
        self.length = config.length.build(config.grid, config.tokens, bottleneck.size)
        self.runs = bottleneck.runs(config.grid) if isinstance(bottleneck, HasRuns) else ()
        size = bottleneck.decoded_size
        self.absent = nn.Parameter(torch.zeros(size))
        self.decoder = config.decoder.build(config.grid, size, self._shape, told["decoder"])
        self.conditioner = config.conditioner.build(encoder.trunk.width, config.decoder.width)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.absent.device

    def features(self, values: Tensor, facts: Facts) -> Features:
        """Latents of values, (batch, places, size), with what the trunk kept on the way."""
        return self._features(values, self.base(values), facts)

    def _features(self, values: Tensor, based: Based, facts: Facts) -> Features:
        encoder = self.config.encoder
        seen = self.config.base.see(self.base, values, based)
        features = encoder.trunk.embed(self.trunk, self.partition(seen))
        told, taps = self._told(facts, "encoder", len(values))
        if taps:
            features = features.having(taps={**features.taps, **taps})
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

    def forward(self, values: Tensor, facts: Facts, done: float = 0.0) -> Passed:
        """One pass, as training needs it; two where the length policy rehearses."""
        based: Based = self.base(values)
        policy = self.config.length
        if not self.training or not isinstance(policy, Rehearsing):
            return self._passed(values, based, facts, done)
        mask = policy.drawn(len(values), self.config.tokens, values)
        learning = self.bottleneck.training
        self.bottleneck.eval()  # rows that learn from what they see do so once a step
        with torch.no_grad():
            first = self._passed(values, based, facts, done, mask)
        self.bottleneck.train(learning)
        error = (first.decoded.values - values).abs().flatten(1).mean(1)
        return self._passed(values, based, {**facts, "error": error}, done, mask)

    def _passed(
        self, values: Tensor, based: Based, facts: Facts, done: float, mask: Tensor | None = None
    ) -> Passed:
        features = self._features(values, based, facts)
        asking = None if self.training else EVERYTHING
        quantized, kept = self._quantized(features.vectors, asking, done, mask)
        given = replace(self._given(quantized, kept, facts), done=done, rows=based.rows)
        if self.training:
            given = replace(given, values=based.latents)
        made: Decoded = self.decoder(given)
        decoded = replace(made, values=self.config.base.values(self.base, made.values))
        return Passed(
            values, facts, features, features.vectors, quantized, kept, decoded, based, done
        )

    def _quantized(
        self, latents: Tensor, asking: Asking | None, done: float, mask: Tensor | None = None
    ) -> tuple[Quantized, Kept]:
        """Codes, perturbed in training, and which are kept: ``mask``, or as the policy says."""
        policy, kept = self.config.length, None
        if isinstance(policy, MergesLatents):
            latents, kept = policy.merged(self.length, latents, asking, done)
        quantized: Quantized = self.bottleneck(latents, done)
        if self.training:
            perturber = self.config.training.perturber
            quantized = perturber.perturbed(quantized, self.bottleneck, done)
        if kept is not None:
            return quantized, kept
        if mask is not None:
            return quantized, policy.taught(self.length, latents, mask)
        return quantized, self.length(latents, quantized.codes.shape[1], asking, done)

    def _told(
        self, facts: Facts, site: Site, items: int
    ) -> tuple[Tensor | None, dict[str, Tensor]]:
        """What stands beside other vectors at a site, and what is told otherwise."""
        part = self.config.conditioner
        vectors = part.vectors(self.conditioner, facts, site)
        taps = part.taps(self.conditioner, facts, site)
        spread = {name: each.expand(items, *each.shape[1:]) for name, each in taps.items()}
        return None if vectors is None else vectors.expand(items, -1, -1), spread

    def _given(self, quantized: Quantized, kept: Kept, facts: Facts) -> Given:
        """Latents for the decoder, with a learned vector where none is kept."""
        vectors, grid = quantized.vectors, self.config.grid
        told, taps = self._told(facts, "decoder", len(vectors))
        if self.runs:
            summed = self._of_runs(quantized, kept)
            return Given(summed, grid, self._shape, conditions=told, taps=taps)
        if kept.scale is not None:
            vectors = vectors * kept.scale[..., None]
        mask = kept.mask[..., None]
        latents = torch.where(mask, vectors, self.absent.to(vectors.dtype))
        hidden = kept.mask if self.config.length.hidden else None
        return Given(latents, grid, self._shape, kept.mask, hidden, told, taps)

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
        self, values: Tensor, facts: Facts, asking: Asking = EVERYTHING
    ) -> tuple[Tensor, Tensor]:
        """Codes, (batch, tokens, slots), and which are kept, (batch, tokens)."""
        if asking.error is not None:
            facts = {**facts, "error": values.new_full((len(values),), asking.error)}
        quantized, kept = self._quantized(self.features(values, facts).vectors, asking, 1.0)
        return quantized.codes, kept.mask

    @torch.no_grad()
    def decoded(self, codes: Tensor, mask: Tensor, facts: Facts, seed: int = 0) -> Tensor:
        """Values of codes of which some are kept."""
        vectors = self.config.bottleneck.vectors(self.bottleneck, codes, mask)
        given = self._given(Quantized(vectors, codes), Kept(mask), facts)
        rows = self.config.base.rows(self.base)
        made: Decoded = self.decoder(replace(given, done=1.0, rows=rows, seed=seed))
        values: Tensor = self.config.base.values(self.base, made.values)
        return values

    def extra_repr(self) -> str:
        """The assembly, for printing."""
        return repr(self.config)


def _reads(resampler: Any) -> bool:
    """Whether it reads the tap `READ`."""
    return getattr(resampler, "reads", False) is True


def tensors_of(facts: Mapping[str, Any], device: torch.device) -> dict[str, Tensor]:
    """Facts as tensors on a device."""
    return {name: torch.as_tensor(each).to(device) for name, each in facts.items()}
