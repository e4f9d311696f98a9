"""One model from any modalities to any others: some tokens of some are seen, others predicted.

4M: Mizrahi et al. 2023, "4M: Massively Multimodal Masked Modeling", arXiv:2312.06647; 4M-21:
Bachmann et al. 2024, arXiv:2406.09406.

1. A budget of tokens is drawn, and divided between the modalities of an item by a Dirichlet
   distribution; so many of each are seen, and the others are predicted.
2. A modality is made in a few rounds from what is known of others (`masked`), and then is known.

Not here: an encoder and a decoder of their own; places that are not seen stand hidden among the
others, which costs more and gives the same distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.building import assemble
from tokenry.neural.parts import at_least
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.signals.generators.code_transformer import HIDDEN, CodeTransformer
from tokenry.signals.generators.contract import ITEMS, NO_LABEL
from tokenry.signals.generators.masked import MaskedCodes
from tokenry.signals.generators.modalities import ABSENT, ModalitySet

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from tokenry.neural.assembled import Assembled


@dataclass(frozen=True, kw_only=True)
class AnyToAny:
    """An `ItemGenerator` of ids of all modalities, (items, places, 1); `ABSENT` is never learnt.

    Attributes:
        modalities: of an item.
        model: over their ids and places.
        spread: of the Dirichlet distribution: small, and few modalities are seen together.
        rounds: of sampling a modality.
        heat: of the distribution that is drawn from.
    """

    modalities: ModalitySet
    model: CodeTransformer
    spread: float = 1.0
    rounds: int = 8
    heat: float = 1.0

    def __post_init__(self) -> None:
        at_least(self, 1, "rounds")
        at_least(self, 0, "spread", "heat")

    @classmethod
    def sized(
        cls, modalities: ModalitySet, *, width: int = 128, layers: int = 4, heads: int = 4
    ) -> AnyToAny:
        """With a model of this size."""
        levels, sizes = (modalities.levels,), {"width": width, "layers": layers, "heads": heads}
        model = CodeTransformer.sized(levels, modalities.tokens, Bidirectional(), **sizes)
        return cls(modalities=modalities, model=model)

    def build(self) -> Assembled:
        """The ``model``."""
        return assemble(self, model=self.model.build())

    def forward(self, module: Assembled, codes: Tensor, labels: Tensor) -> Tensor:
        """Logits in which each place has only the ids of its own modality."""
        import torch

        logits = module.model(codes, labels)
        closed = torch.as_tensor(self._closed(), device=logits.device)
        return torch.cat([logits[:, :1], logits[:, 1:].masked_fill(closed, -torch.inf)], 1)

    def losses(self, module: Assembled, batch: Batch) -> Losses:
        """Nats of a token that is there and not seen."""
        ids = batch[ITEMS].long()
        there = ids[..., 0] != ABSENT
        seen = self._seen(there)
        wanted = there & ~seen
        labels = ids.new_full((len(ids),), NO_LABEL)
        logits = module(ids.masked_fill(~seen[..., None], HIDDEN), labels)[:, 1:]
        own = self._first_own(ids)
        lost = self.model.entropies(logits, ids.where(wanted[..., None], own))
        return Losses(lost[wanted].sum(), wanted.sum().clamp(min=1).float())

    def sampled(self, module: Assembled, labels: Tensor, draw: Generator) -> Tensor:
        """All modalities from nothing, one after another."""
        ids = labels.new_full((len(labels), self.modalities.tokens, 1), HIDDEN)
        for each in self.modalities.members:
            ids = self.made(module, ids, each.name, draw)
        return ids

    def made(self, module: Assembled, ids: Tensor, name: str, draw: Generator) -> Tensor:
        """A modality of what is known of others, `HIDDEN` where nothing is.

        Args:
            module: of this part.
            ids: shape (items, places, 1).
            name: of the modality; what is known of it stays.
            draw: random numbers.
        """
        rounds = MaskedCodes(model=self.model, rounds=self.rounds, heat=self.heat)
        labels = ids.new_full((len(ids),), NO_LABEL)
        whole = ids.clone()
        place = self.modalities.places(name)

        def only(codes: Tensor, labels: Tensor) -> Tensor:
            whole[:, place] = codes
            logits: Tensor = module(whole, labels)
            return logits[:, [0, *range(1 + place.start, 1 + place.stop)]]

        whole[:, place] = rounds.completed(only, ids[:, place], labels, draw)  # type: ignore[arg-type]
        return whole

    def _seen(self, there: Tensor) -> Tensor:
        """Which places are seen, of those that are there."""
        import torch

        counts = [each.tokens for each in self.modalities.members]
        alpha = torch.full((len(counts),), max(self.spread, 1e-3))
        shares = torch.distributions.Dirichlet(alpha).sample((len(there),))
        budget = torch.rand(len(there), 1) * self.modalities.tokens
        chance = (shares * budget / torch.tensor(counts)).clamp(max=1.0).to(there.device)
        member = torch.as_tensor(self.modalities.member_of, device=there.device)
        return (torch.rand(there.shape, device=there.device) < chance[:, member]) & there

    def _closed(self) -> NDArray[np.bool_]:
        """Ids of other modalities at each place, shape (places, levels)."""
        closed = np.ones((self.modalities.tokens, self.modalities.levels), np.bool_)
        for each in self.modalities.members:
            ids = self.modalities.ids(each.name)
            closed[self.modalities.places(each.name), ids.start : ids.stop] = False
        return closed

    def _first_own(self, ids: Tensor) -> Tensor:
        """An id of its own modality at each place, which keeps unwanted entropies finite."""
        import torch

        starts = [self.modalities.ids(each.name).start for each in self.modalities.members]
        first = np.array(starts)[self.modalities.member_of]
        return torch.as_tensor(first, device=ids.device)[None, :, None].expand(ids.shape)


def translated(
    generator: AnyToAny,
    module: Assembled,
    known: Mapping[str, NDArray[Any]],
    wanted: str,
    *,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Codes of a modality for items of which others are known.

    Args:
        generator: its settings.
        module: its weights.
        known: codes by modality, (items, tokens).
        wanted: the modality.
        seed: of what is drawn.

    Raises:
        SignalError: as for `ModalitySet.joined`, or nothing is known.
    """
    import torch

    count = len(next(iter(known.values())))
    ids = torch.as_tensor(generator.modalities.joined(known, count))[..., None]
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        made = generator.made(module, ids, wanted, draw)
    return generator.modalities.parted(made[..., 0].numpy())[wanted]
