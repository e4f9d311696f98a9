"""Training a hypernetwork: batches under drawn tokenizers, and the loss of the model they feed.

Minixhofer, Ponti, Vulić 2024, arXiv:2405.07883: the loss of the frozen model whose rows are
predicted, and a lexical one that keeps rows of pieces of the old vocabulary near the old ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.data.padded import PAD, padded
from tokenry.neural.training.data.shuffled import Shuffled
from tokenry.neural.training.step import Losses
from tokenry.seeds import derived
from tokenry.surgery.piece_ids import ids_of_pieces
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.matching import match
from tokenry.transfer.zett.sampling import sample_tokenizer

Surface = NDArray[np.int64]


def surfaces(old: Tokenizer, pieces: Sequence[bytes], most: int) -> Surface:
    """Pieces in old ids, shape (n, most), `PAD` behind them; longer ones are cut off."""
    rows = [row[:most] for row in ids_of_pieces(old, pieces)]
    table = padded([*rows, np.zeros(most, np.int64)])[:-1]
    return table[:, :most]


def sampled_batches(
    texts: Sequence[str],
    old: Tokenizer,
    *,
    size: int,
    ids: int,
    pieces: int,
    length: int = 128,
    seed: int = 0,
    spread: float = 1.0,
) -> Shuffled:
    """Batches without end, each under a tokenizer that is drawn for it from its own texts.

    ``surface``: each new piece in old ids, (new ids, pieces); ``same``: the old id that it is, or
    -1; ``ids``: texts in new ids, (rows, length + 1), `PAD` behind them.
    """

    def make(numbers: NDArray[np.int64]) -> Batch:
        chosen = [texts[at] for at in numbers.tolist()]
        draw = np.random.default_rng(derived(seed, "tokenizer", *map(int, numbers)))
        new = sample_tokenizer(chosen, old, ids, draw, spread)
        known = match(old, new).old_of_new
        rows = padded([row[: length + 1].astype(np.int64) for row in new.encode_batch(chosen)])
        surface = surfaces(old, [piece or b"" for piece in new.vocabulary.pieces], pieces)
        return Batch({"ids": rows, "surface": surface, "same": known})

    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    return Shuffled(len(texts), size, make, seed=seed, passes=None, identity=digest)


@dataclass(frozen=True, eq=False)
class PredictRows:
    """The loss of a frozen causal model of transformers under predicted rows.

    Attributes:
        network: the model; the hypernetwork is what learns.
        lexical: weight of the distance from old rows, in units of their spread.
        warmup: the share of the training in which only that distance counts.
    """

    network: Any = field(repr=False)
    lexical: float = 0.5
    warmup: float = 0.0

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """Nats of the predicted ids."""
        import torch

        old = source_rows(self.network)
        rows = model(batch["surface"], old)
        same = batch["same"]
        known = same >= 0
        away = ((rows[known] - old[same[known]]) / (old.std(0) + 1e-6)).square().mean()
        ids = batch["ids"]
        present = ids[:, 1:] != PAD
        units = present.sum().float()
        total = self.lexical * away * units
        if batch.done >= self.warmup:
            logits = with_rows(self.network, rows, ids[:, :-1].clamp(min=0))
            total = total + torch.nn.functional.cross_entropy(
                logits[present], ids[:, 1:][present], reduction="sum"
            )
        return Losses(total, units, {"lexical": (away * units).detach()})


def source_rows(network: Any) -> Any:
    """The matrices of a model side by side, shape (rows, matrices * width)."""
    import torch

    table, head = network.get_input_embeddings().weight, network.get_output_embeddings().weight
    return (table if table is head else torch.cat([table, head], 1)).detach()


def with_rows(network: Any, rows: Any, ids: Any) -> Any:
    """Logits of a model of transformers that reads and predicts by other rows, differentiable."""
    from torch.func import functional_call

    table, head = network.get_input_embeddings(), network.get_output_embeddings()
    width = table.weight.shape[1]
    names = {id(each): name for name, each in network.named_parameters(remove_duplicate=False)}
    given = {names[id(head.weight)]: rows[:, -width:], names[id(table.weight)]: rows[:, :width]}
    return functional_call(network, given, kwargs={"input_ids": ids, "use_cache": False}).logits
