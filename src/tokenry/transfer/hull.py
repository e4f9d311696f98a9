"""Learning convex combinations of old rows by skip-grams; see `initialisers.cw2v`."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.extras import require
from tokenry.seeds import derived, generator
from tokenry.transfer.context import TransferContext
from tokenry.transfer.vectors import NEGATIVES, pairs_of, sequences_of

WINDOW = 5


class HullOptions(Protocol):
    """Those of `initialisers.cw2v.ConstrainedWord2Vec`."""

    @property
    def corners(self) -> int:
        """See there."""

    @property
    def rank(self) -> int:
        """See there."""

    @property
    def steps(self) -> int:
        """See there."""

    @property
    def pairs(self) -> int:
        """See there."""

    @property
    def negatives(self) -> int:
        """See there."""

    @property
    def rate(self) -> float:
        """See there."""


def learn_hull(context: TransferContext, options: HullOptions) -> dict[str, NDArray[Any]]:
    """Weights of new ids over the old ids that the corpus uses most, for both matrices.

    Returns:
        ``ids`` of new rows, shape (n,); ``corners``, old ids, shape (m,); ``input`` and ``output``,
        convex weights of shape (n, m).

    Raises:
        ModelError: the corpus has no id that is new, or there is none.
    """
    if not context.corpus:
        raise ModelError("constrained word2vec learns from text: give a corpus (corpus=)")
    sequences = sequences_of(context.new, context.corpus)
    used = np.unique(np.concatenate(sequences))
    ids = used[context.matches.old_of_new[used] < 0]
    if not len(ids):
        raise ModelError("the corpus has no id that is new; give text that the new pieces are for")
    old = np.bincount(np.concatenate(sequences_of(context.old, context.corpus)))
    corners = context.used[context.used < len(old)]
    corners = np.sort(corners[np.argsort(-old[corners], kind="stable")][: options.corners])
    return {"ids": ids, "corners": corners, **_learnt(context, options, sequences, ids, corners)}


def _learnt(
    context: TransferContext,
    options: HullOptions,
    sequences: Any,
    ids: NDArray[np.int64],
    corners: NDArray[np.int64],
) -> dict[str, NDArray[Any]]:
    torch = require("torch", "neural", "constrained word2vec")
    draw = generator(context.seed, "hull")
    start = torch.Generator().manual_seed(derived(context.seed, "hull factors") % 2**31)
    centers, contexts = pairs_of(sequences, WINDOW, draw)
    counts = np.bincount(np.concatenate(sequences), minlength=context.size) ** 0.75
    sides = {role: _Side(torch, context, role, ids, corners, options.rank, start)
             for role in ("input", "output")}  # fmt: skip
    optimizer = torch.optim.Adam(
        [each for side in sides.values() for each in side.factors], lr=options.rate
    )
    for step in range(options.steps):
        chosen = draw.integers(0, len(centers), options.pairs)
        drawn = torch.from_numpy(
            draw.choice(context.size, options.negatives, p=counts / counts.sum())
        )
        words = sides["input"].rows(torch.from_numpy(centers[chosen]))
        good = sides["output"].rows(torch.from_numpy(contexts[chosen]))
        bad = sides["output"].rows(drawn)
        fits = torch.nn.functional.logsigmoid((words * good).sum(1)).mean()
        apart = torch.nn.functional.logsigmoid(-(words @ bad.T)).mean() * NEGATIVES
        optimizer.zero_grad()
        (-fits - apart).backward()
        optimizer.step()
        context.progress("constrained word2vec", step + 1, options.steps)
    return {role: side.weights().numpy() for role, side in sides.items()}


class _Side:
    """Rows of all new ids: old ones where they are matched, combinations of corners elsewhere."""

    def __init__(
        self, torch: Any, context: TransferContext, role: Any, ids: Any, corners: Any, rank: int,
        start: Any,
    ) -> None:  # fmt: skip
        old = context.rows(role)
        spread = float(np.sqrt(np.mean(old**2)))
        scale = 1 / max(spread * old.shape[1] ** 0.5, 1e-9)  # logits of a usual size
        matched = context.matches.old_of_new
        self._fixed = torch.from_numpy(old[np.maximum(matched, 0)] * np.float32(scale))
        self._hull = torch.from_numpy(old[corners] * np.float32(scale))
        place = np.full(context.size, -1)
        place[ids] = np.arange(len(ids))
        self._place, self._torch = torch.from_numpy(place), torch
        self.factors = [
            (torch.randn(len(ids), rank, generator=start) / rank**0.5).requires_grad_(),
            (torch.randn(rank, len(corners), generator=start) / rank**0.5).requires_grad_(),
        ]

    def rows(self, ids: Any) -> Any:
        """Of new ids, shape (n, width); one that comes several times is made once."""
        ids, order = ids.unique(return_inverse=True)
        made = self._fixed[ids]
        places = self._place[ids]
        fresh = places >= 0
        if fresh.any():
            weights = (self.factors[0][places[fresh]] @ self.factors[1]).softmax(1)
            made = made.index_put((fresh.nonzero()[:, 0],), weights @ self._hull)
        return made[order]

    def weights(self) -> Any:
        """Of the corners, shape (new rows, corners)."""
        with self._torch.no_grad():
            return (self.factors[0] @ self.factors[1]).softmax(1)
