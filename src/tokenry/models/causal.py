"""The protocol of causal models: ids in, logits out, and states that can be kept, forked and cut.

Whatever samples, scores, verifies or searches is written against `CausalModel`, and runs on a model
of transformers, on one of `tokenry.neural`, and on a table small enough to be enumerated. Nothing
here needs torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.models.state import Ids, Parents, State

Logits = Literal["last", "all", "none", "tree"]
"""After which of the new ids logits are given: the last of each sequence, all, none; or, where
sequences are started with trees, the last before the tree and those in it."""
Mixtures = NDArray[np.floating]
"""Weights of ids for each sequence, shape (batch, input rows)."""
Trees = Sequence[tuple[Sequence[int], Sequence[int]]]
"""For each sequence the ids of a tree's nodes and their parents."""


@dataclass
class Counters:
    """What a model has done since it was made; the difference of two says what lay between.

    Attributes:
        calls: forward passes.
        positions: ids that were computed, those of all sequences together, padding left out.
        layers: blocks that were run, each counted once for every position.
        flops: floating-point operations of the matrix products, two for a product and its sum,
            those on padding included.
    """

    calls: int = 0
    positions: int = 0
    layers: int = 0
    flops: int = 0

    def add(self, *, positions: int, depth: int, flops: int) -> None:
        """Count one pass through ``depth`` blocks."""
        self.calls += 1
        self.positions += positions
        self.layers += positions * depth
        self.flops += flops

    def copy(self) -> Counters:
        """The figures of now."""
        return self - Counters()

    def __add__(self, other: Counters) -> Counters:
        return Counters(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: Counters) -> Counters:
        return Counters(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, eq=False)
class CausalOutput:
    """What came of reading ids.

    Attributes:
        state: all that was read so far.
        logits: float32, shape (batch, kept, vocab). Asked for "all", ``logits[b, j]`` is for what
            follows the j-th new id of sequence b (of a tree: its j-th new node), and sequences
            with fewer new ids end in NaN. Asked for "last", ``kept`` is 1: what follows the last
            new id; NaN in a sequence that got none. Asked for "tree", ``logits[b, 0]`` is for what
            follows the prefix, and ``logits[b, 1 + j]`` the j-th node of its tree. Asked for
            "none", ``kept`` is 0.
        hidden: by the numbers that were asked for, float32 vectors of shape (batch, new, width),
            NaN where a sequence has no id. Number i is what goes into the i-th of the blocks that
            were run; the number after the last is what logits are read from, after the last norm.
        counts: new ids of each sequence, shape (batch,).
    """

    state: State
    logits: NDArray[np.float32]
    hidden: Mapping[int, NDArray[np.float32]]
    counts: NDArray[np.int64]

    @property
    def last(self) -> NDArray[np.float32]:
        """Logits after the last new id of each sequence, shape (batch, vocab)."""
        batch, kept, _ = self.logits.shape
        ends = np.minimum(self.counts, kept) - 1
        found: NDArray[np.float32] = self.logits[np.arange(batch), ends]
        return found


class CausalModel(Protocol):
    """A model that reads ids from left to right.

    States are values: every method leaves those that it is given as they were, so a state can be
    gone back to, or continued in several ways, at any time. Batches hold sequences of any lengths,
    and the logits of one do not depend on the others. Methods raise ModelError for what cannot be
    read: ids that have no row, more ids than ``max_length``, an empty prefix.
    """

    counters: Counters

    @property
    def vocab_size(self) -> int:
        """Logits of each position. May differ from the ids of the tokenizer; see `check_rows`."""

    @property
    def input_rows(self) -> int:
        """Ids that it reads are below this."""

    @property
    def max_length(self) -> int | None:
        """Ids that a sequence may hold; None: any number."""

    @property
    def layers(self) -> int:
        """Blocks."""

    @property
    def cached(self) -> bool:
        """Whether keys and values are kept between calls; else each reads everything again."""

    def start(
        self,
        prefixes: Ids,
        *,
        trees: Trees | None = None,
        logits: Logits = "last",
        hidden: Sequence[int] = (),
        layers: Sequence[int] | None = None,
    ) -> CausalOutput:
        """Read a batch of prefixes, one or more ids each, in one pass.

        Args:
            prefixes: sequences of ids.
            trees: what hangs on each prefix, as by `extend` with ``parents``, read in the same
                pass.
            logits: after which ids.
            hidden: numbers of the vectors that `CausalOutput.hidden` shall hold.
            layers: numbers of the blocks to run, in order; None: all. UnsupportedError where the
                model runs all or none.
        """

    def extend(
        self,
        state: State,
        ids: Ids,
        *,
        parents: Parents | None = None,
        logits: Logits = "last",
        hidden: Sequence[int] = (),
        layers: Sequence[int] | None = None,
        mixtures: Mixtures | None = None,
    ) -> CausalOutput:
        """Read more ids after a state: sequences of them, or one for each sequence.

        With ``parents`` the ids are nodes of a tree of drafts that hangs on what was read:
        ``parents[j]`` is the node that the j-th id follows, counted from the first node of the
        tree, or -1 if it follows what was read. They are for all sequences, or for each. A
        node sees what was read, its ancestors and itself. Trees grow by further calls with
        ``parents``; `keep` ends them.

        Args:
            state: with as many sequences as there are of ids; some of them may be empty.
            ids: the new ids.
            parents: for trees.
            logits, hidden, layers: as for `start`.
            mixtures: with one id for each sequence, what is read in the place of its vector: a mean
                of the vectors of all ids, by weights. UnsupportedError where the model keeps no
                cache, which would have to hold what was read.
        """

    def keep(self, state: State, paths: Sequence[Sequence[int]]) -> State:
        """Take a path of nodes into what each sequence has read, and forget the rest of its tree.

        Args:
            state: one with a tree.
            paths: for each sequence the numbers of nodes from the root down; may be empty.
        """

    def truncate(self, state: State, lengths: int | Sequence[int]) -> State:
        """Go back to the first ids of each sequence; a tree that hangs there is forgotten.

        Args:
            state: one with at least so many ids.
            lengths: how many, at least one; for all sequences or for each.
        """

    def fork(self, state: State, chosen: Sequence[int] | None = None) -> State:
        """A state with chosen sequences, each as often as it is named; None: all of them."""

    def join(self, states: Sequence[State]) -> State:
        """One state with the sequences of several, in order."""


def log_softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Logarithms of probabilities over the last axis, in float64.

    >>> np.exp(log_softmax(np.array([0.0, 0.0]))).tolist()
    [0.5, 0.5]
    """
    wide = np.asarray(logits, np.float64)
    wide = wide - wide.max(-1, keepdims=True)
    found: NDArray[np.float64] = wide - np.log(np.exp(wide).sum(-1, keepdims=True))
    return found
