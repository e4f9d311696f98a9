"""The causal model over a network, with a memory or without: the protocol's one implementation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError, UnsupportedError
from tokenry.models.causal import CausalOutput, Counters, Logits, Mixtures, Trees
from tokenry.models.network import Made, Memory, Network, Wanted
from tokenry.models.state import Array, Ids, Parents, ReadSequence, State, sequences_of_ids


class Reader:
    """A `tokenry.models.causal.CausalModel`.

    Args:
        network: what reads.
        memory: what is kept between passes.
    """

    def __init__(self, network: Network, memory: Memory) -> None:
        self.network, self.memory = network, memory
        self.counters = Counters()

    @property
    def vocab_size(self) -> int:
        """Logits of each position."""
        return self.network.vocab_size

    @property
    def input_rows(self) -> int:
        """Ids that it reads are below this."""
        return self.network.input_rows

    @property
    def max_length(self) -> int | None:
        """Ids that a sequence may hold."""
        return self.network.max_length

    @property
    def layers(self) -> int:
        """Blocks."""
        return self.network.layers

    @property
    def cached(self) -> bool:
        """Whether its memory is one."""
        return self.memory.keeps

    def start(
        self,
        prefixes: Ids,
        *,
        trees: Trees | None = None,
        logits: Logits = "last",
        hidden: Sequence[int] = (),
        layers: Sequence[int] | None = None,
    ) -> CausalOutput:
        """Read a batch of prefixes, as `tokenry.models.causal.CausalModel.start`."""
        new = sequences_of_ids(prefixes, below=self.input_rows, empty=False)
        before = State((ReadSequence(),) * len(new))
        after = before.extended(new, None)
        if trees is not None and any(len(ids) for ids, _ in trees):
            nodes = sequences_of_ids([ids for ids, _ in trees], below=self.input_rows, empty=True)
            parents = [[*each] for _, each in trees]
            after = State(after).extended(nodes, parents)
        return self._read(before, after, logits, hidden, layers)

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
        """Read more, as `tokenry.models.causal.CausalModel.extend`."""
        new = sequences_of_ids(ids, below=self.input_rows, empty=True)
        if mixtures is not None:
            self._check_mixtures(mixtures, new)
        return self._read(state, state.extended(new, parents), logits, hidden, layers, mixtures)

    def keep(self, state: State, paths: Sequence[Sequence[int]]) -> State:
        """Take paths of nodes into what was read, as `tokenry.models.causal.CausalModel.keep`."""
        kept, entries = state.kept(paths)
        return State(kept, self.memory.select(state, entries))

    def truncate(self, state: State, lengths: int | Sequence[int]) -> State:
        """Go back to first ids, as `tokenry.models.causal.CausalModel.truncate`."""
        kept, entries = state.cut(lengths)
        return State(kept, self.memory.select(state, entries))

    def fork(self, state: State, chosen: Sequence[int] | None = None) -> State:
        """A state with chosen sequences, each as often as it is named; None: all of them."""
        every = range(len(state)) if chosen is None else chosen
        kept = tuple(state.prefixes[at] for at in every)
        return State(kept, self.memory.fork(state, chosen))

    def join(self, states: Sequence[State]) -> State:
        """One state with the sequences of several, in order."""
        kept = tuple(each for state in states for each in state.prefixes)
        if not kept:
            raise ModelError("there are no states to join")
        return State(kept, self.memory.join(states))

    def _read(
        self,
        before: State,
        after: tuple[ReadSequence, ...],
        logits: Logits,
        hidden: Sequence[int],
        layers: Sequence[int] | None,
        mixtures: Mixtures | None = None,
    ) -> CausalOutput:
        self._check_length(after)
        counts = _counts(before, after)
        plain: Array = counts - np.array([len(each.nodes) for each in after])
        wanted = self._wanted(counts, plain, logits, hidden, layers)
        done = self.memory.read(self.network, before, after, wanted, mixtures)
        run = range(self.layers) if layers is None else layers
        self.counters.add(
            positions=done.positions,
            depth=len(run),
            flops=done.lines * self.network.flops(done.queries, done.keys, done.heads, run),
        )
        found = _or_nan_logits(done.made, counts, plain, wanted, logits)
        return _step(State(after, done.memory), done.made, found, counts)

    def _wanted(
        self,
        counts: NDArray[np.int64],
        plain: NDArray[np.int64],
        logits: Logits,
        hidden: Sequence[int],
        layers: Sequence[int] | None,
    ) -> Wanted:
        """What to read off a pass over new ids, which stand at the left of a table."""
        places: dict[str, Sequence[int]] = {
            "last": sorted(set(counts[counts > 0].tolist())),
            "all": range(1, int(counts.max()) + 1),
            "none": (),
            "tree": range(max(1, int(plain.min())), int(counts.max()) + 1),
        }
        if logits not in places:
            raise ModelError(f"logits={logits!r}, expected one of {', '.join(places)}")
        if layers is not None and not self.network.skips:
            raise UnsupportedError("this model runs all of its blocks; leave out layers")
        _below(layers or (), self.layers, "block")
        _below(hidden, (self.layers if layers is None else len(layers)) + 1, "hidden vectors")
        chosen = None if layers is None else tuple(layers)
        return Wanted(np.array(places[logits], np.int64) - 1, tuple(hidden), chosen)

    def _check_mixtures(self, mixtures: Mixtures, ids: Sequence[Array]) -> None:
        expected = (len(ids), self.input_rows)
        if mixtures.shape != expected or any(len(each) != 1 for each in ids):
            raise ModelError(
                f"mixtures of shape {mixtures.shape} for {[*map(len, ids)]} ids; expected "
                f"{expected}, and one id for each sequence"
            )

    def _check_length(self, prefixes: Sequence[ReadSequence]) -> None:
        for at, each in enumerate(prefixes):
            length = len(each.ids) + int(each.depths().max(initial=-1)) + 1
            if self.max_length is not None and length > self.max_length:
                raise ModelError(
                    f"sequence {at} would have {length} ids, and this model reads at most "
                    f"{self.max_length}; truncate it, or start anew with its end"
                )


def _counts(before: State, after: Sequence[ReadSequence]) -> Array:
    """New ids and nodes of each sequence."""
    pairs = zip(before.prefixes, after, strict=True)
    return np.array([new.entries - old.entries for old, new in pairs], np.int64)


def _or_nan_logits(
    made: Made, counts: Array, plain: Array, wanted: Wanted, logits: Logits
) -> NDArray[np.float32]:
    """The logits that were asked for, with NaN where a sequence has no id."""
    found = made.logits
    if logits == "last":
        at = np.searchsorted(wanted.places, counts - 1).clip(max=len(wanted.places) - 1)
        return _or_nan(found[np.arange(len(found)), at][:, None], (counts > 0)[:, None])
    if logits == "tree":
        kept = np.arange(int((counts - plain).max()) + 1)
        at = plain[:, None] - 1 + kept
        rows = np.arange(len(found))[:, None]
        chosen = found[rows, (at - wanted.places[0]).clip(0, found.shape[1] - 1)]
        return _or_nan(chosen, (at < counts[:, None]) & (at >= 0))
    return _or_nan(found, wanted.places[None] < counts[:, None])


def _step(state: State, made: Made, logits: NDArray[np.float32], counts: Array) -> CausalOutput:
    """What a pass gave, with NaN where a sequence has no id."""
    hidden = {
        number: _or_nan(each, np.arange(each.shape[1])[None] < counts[:, None])
        for number, each in made.hidden.items()
    }
    return CausalOutput(state, logits, hidden, counts)


def _or_nan(values: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    if valid.all():
        return values
    found: NDArray[np.float32] = np.where(valid[..., None], values, np.float32(np.nan))
    return found


def _below(numbers: Sequence[int], limit: int, what: str) -> None:
    for number in numbers:
        if not 0 <= number < limit:
            raise ModelError(f"there is no {what} {number}; numbers are below {limit}")
