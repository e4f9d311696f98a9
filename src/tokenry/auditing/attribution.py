"""Which tokens of a text a prediction hangs on, by replacing them; for any causal model.

Source: Zhao, Shan 2024, ReAGent: Towards A Model-agnostic Feature Attribution Method for Generative
Language Models, arXiv:2402.00794. Again and again a random part of the tokens is replaced by others
that could stand there; where the predicted id becomes less probable, the replaced ones gain
importance and the others lose it. No gradients, no attention: forward passes alone.

The paper fills places with RoBERTa's proposals and stops when the most important tokens suffice
for the prediction. Here the model's own predictions from the left fill them, and the number of
rounds is fixed; runs with draws of their own are read as one batch, and importance is their mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ArgumentError
from tokenry.models.causal import CausalModel, log_softmax
from tokenry.seeds import generator

REPLACED: Final = 0.3  # of the tokens in a round, as published
PROPOSED: Final = 50  # the most probable ids that may fill a place
SHARES: Final = (0.1, 0.2, 0.5)
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Fillers:
    """Ids that could stand at each place of a text in the place of its own.

    Args:
        model: whose predictions from the left they are; the first id is never replaced.
        ids: of the text.
        seed: of the draws.
    """

    def __init__(self, model: CausalModel, ids: Sequence[int], seed: int = 0) -> None:
        self.ids = np.array(ids, np.int64)
        logs = log_softmax(model.start([list(ids)], logits="all").logits[0])[:-1]
        logs[np.arange(len(ids) - 1), self.ids[1:]] = -np.inf
        count = min(PROPOSED, logs.shape[1] - 1)
        self._choices = np.argsort(-logs, axis=1)[:, :count]
        weights = np.exp(np.take_along_axis(logs, self._choices, axis=1))
        self._ladders = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        self._source = generator(seed, "replacements")

    def replaced(self, places: NDArray[np.bool_]) -> Ints:
        """Texts with some places filled anew; both of shape (texts, len(ids))."""
        texts = np.tile(self.ids, (len(places), 1))
        drawn = self._source.random((len(places), len(self.ids) - 1, 1))
        at = np.minimum((drawn > self._ladders[None]).sum(axis=2), self._choices.shape[1] - 1)
        filled = np.take_along_axis(self._choices[None], at[..., None], axis=2)[..., 0]
        texts[:, 1:] = np.where(places[:, 1:], filled, texts[:, 1:])
        return texts


def replacement_importance(
    model: CausalModel,
    ids: Sequence[int],
    target: int,
    *,
    rounds: int = 30,
    runs: int = 8,
    seed: int = 0,
) -> Floats:
    """Importance of each id for the prediction of ``target`` after them; they sum to 1.

    Args:
        model: any causal one.
        ids: what is read, two or more.
        target: the id whose probability counts.
        rounds: replacements of each run.
        runs: that are averaged.
        seed: of all draws.

    Raises:
        ArgumentError: there are fewer than two ids.
    """
    if len(ids) < 2:
        raise ArgumentError(f"ids has {len(ids)} ids; the importance of two or more can differ")
    fillers = Fillers(model, ids, seed)
    source = generator(seed, "importance")
    logits = source.normal(scale=0.01, size=(runs, len(ids)))
    whole = probabilities(model, fillers.ids[None], target)[0]
    for _ in range(rounds):
        places = source.random((runs, len(ids))) < REPLACED
        places[:, 0] = False
        lost = whole - probabilities(model, fillers.replaced(places), target)
        step = np.log((1 + lost) / (1 - lost) + 1e-9)[:, None]
        logits += np.where(places, step, -step * REPLACED / (1 - REPLACED))
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = (weights / weights.sum(axis=1, keepdims=True)).mean(axis=0)
    return found


def probabilities(model: CausalModel, texts: Ints, target: int) -> Floats:
    """Of an id after each text, shape (texts,)."""
    found: Floats = np.exp(log_softmax(model.start(texts.tolist()).last)[:, target])
    return found


def faithfulness(
    model: CausalModel,
    ids: Sequence[int],
    target: int,
    importance: Floats,
    *,
    draws: int = 4,
    seed: int = 0,
) -> tuple[float, float]:
    """How much of the probability goes with the most important ids, and how much stays with them.

    Comprehensiveness is what is lost when the most important tenth, fifth and half are replaced,
    and sufficiency what is left when all others are, each as a share of the whole probability and
    the mean of the three and of draws (DeYoung et al. 2020, arXiv:1911.03429). High is good.

    Args:
        model: any causal one.
        ids: what is read.
        target: the id whose probability counts.
        importance: of each id.
        draws: of replacements.
        seed: of these; the same for all importances that are compared.
    """
    fillers = Fillers(model, ids, seed)
    order = np.argsort(-np.asarray(importance)[1:], kind="stable") + 1
    rows = []
    for share in SHARES:
        top = np.zeros(len(ids), bool)
        top[order[: max(1, round(share * (len(ids) - 1)))]] = True
        rows += [top] * draws + [~top] * draws
    kept = probabilities(model, fillers.replaced(np.array(rows)), target)
    whole = probabilities(model, fillers.ids[None], target)[0]
    without, alone = kept.reshape(len(SHARES), 2, draws).mean(axis=(0, 2)) / whole
    return float(1 - without), float(alone)


def gradient_importance(network: object, ids: Sequence[int], target: int) -> Floats:
    """The same by gradient times input, for a model of transformers: the usual baseline.

    Args:
        network: of transformers, in float32.
        ids: what is read.
        target: the id whose log-probability is differentiated.
    """
    import torch

    model: torch.nn.Module = network  # type: ignore[assignment]
    rows = model.get_input_embeddings()(torch.tensor([list(ids)]))  # type: ignore[operator]
    rows = rows.detach().requires_grad_(True)
    logits = model(inputs_embeds=rows).logits[0, -1]
    (gradient,) = torch.autograd.grad(torch.log_softmax(logits, 0)[target], rows)
    strength = (gradient * rows).sum(-1).abs()[0].detach().numpy().astype(np.float64)
    found: Floats = strength / max(strength.sum(), 1e-30)
    return found
