"""Texts that a model reads side by side, each with its covers.

The ids that covers share are read once, as the trunk; the heads behind them hang on it as a tree,
so that covers share keys and values. All heads that are new after a byte, of all lanes, are read in
one call. When a tree has grown, what all its live covers share is taken into the trunk.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.bytewise.beam import Beam
from tokenry.decoding.bytewise.covers import Cover, CoverHead, Floats, Outlook, Walk, line_of
from tokenry.errors import ModelError
from tokenry.models.causal import CausalModel
from tokenry.models.state import State

GROWN: Final = 48
"""Nodes of a tree from which on its trunk is moved; a move reads the live heads again later."""


@dataclass(frozen=True)
class ByteReading:
    """How texts are read.

    Attributes:
        model: says what follows.
        walk: makes covers of longer texts.
        beam: which covers are kept; None: all.
    """

    model: CausalModel
    walk: Walk
    beam: Beam | None = None


@dataclass(eq=False)
class Lane:
    """One text.

    Attributes:
        covers: of it.
        trunk: the head up to which the model has read plainly.
        nodes: the heads of the tree behind the trunk, and their numbers in it.
        size: nodes that the tree has.
        kept: the logarithm of the share of the covers' mass that no beam has dropped.
    """

    covers: list[Cover]
    trunk: CoverHead
    nodes: dict[CoverHead, int] = field(default_factory=dict)
    size: int = 0
    kept: float = 0.0

    def waiting(self) -> list[CoverHead]:
        """Heads that the model has to read for the covers, each after its parent."""
        found: dict[CoverHead, None] = {}
        for cover in self.covers:
            if cover.outlook.ids is not None:
                continue
            line = []
            for head in line_of(cover.head):
                if head is self.trunk or head in self.nodes or head in found:
                    break
                line.append(head)
            found.update(dict.fromkeys(reversed(line)))
        return list(found)

    def outlooks(self) -> dict[CoverHead, Outlook]:
        """What is still to be filled in, by the head that it follows."""
        found: dict[CoverHead, Outlook] = {}
        for cover in self.covers:
            found[cover.head] = cover.outlook
            for head in line_of(cover.head):
                if head.before is None or head.parent is None:
                    break
                found[head.parent] = head.before
        return found

    def parents_of(self, heads: Sequence[CoverHead]) -> list[int]:
        """Numbers of the nodes that new heads follow."""
        numbers = {**self.nodes, self.trunk: -1}
        for at, head in enumerate(heads):
            numbers[head] = self.size + at
        return [numbers[head.parent] for head in heads if head.parent is not None]

    def shared(self) -> CoverHead:
        """The last head that all covers share and that the model has read."""
        lines = [[*line_of(cover.head)][::-1] for cover in self.covers]
        shared = self.trunk
        for heads in zip(*lines, strict=False):
            if any(head is not heads[0] for head in heads):
                break
            if heads[0] in self.nodes:
                shared = heads[0]
        return shared

    def path_to(self, head: CoverHead) -> list[int]:
        """Numbers of the nodes from the trunk to a head."""
        path: list[int] = []
        for each in line_of(head):
            if each is self.trunk:
                break
            path.append(self.nodes[each])
        return path[::-1]


class Lanes:
    """Texts side by side; a value: every method leaves it as it was.

    Args:
        reading: how texts are read.
        lanes: one for each text.
        prefixes: ids that the model has to read first, of each; None once it has.
        state: what it has read.
    """

    def __init__(
        self,
        reading: ByteReading,
        lanes: Sequence[Lane],
        prefixes: Sequence[Sequence[int]] | None = None,
        state: State | None = None,
    ) -> None:
        self.reading = reading
        self._lanes = list(lanes)
        self._prefixes, self._state = prefixes, state
        self._found: tuple[Floats, Floats] | None = None

    def __len__(self) -> int:
        return len(self._lanes)

    def next_bytes(self) -> Floats:
        """Probabilities of the next byte (256: the end), shape (lanes, 257).

        Zeros where no sequence of ids writes the text.
        """
        return self._summed()[0]

    def logprobs(self) -> Floats:
        """Logarithms of `next_bytes`.

        Raises:
            ModelError: no sequence of ids writes a text.
        """
        found = self.next_bytes()
        for at, row in enumerate(found):
            if not row.any():
                raise ModelError(
                    f"no sequence of ids writes text {at}, so nothing can follow it; it ends in a "
                    "character or a byte that the tokenizer has no id for"
                )
        with np.errstate(divide="ignore"):
            return np.log(found)

    def log_masses(self) -> Floats:
        """Logarithms of the probabilities of all covers, from the trunk that was given on; shape
        (lanes,)."""
        return self._summed()[1]

    def covers(self) -> list[int]:
        """How many covers each lane keeps."""
        self._summed()
        return [len(lane.covers) for lane in self._lanes]

    def dropped(self) -> Floats:
        """The share of the mass of each lane's covers that beams have dropped; shape (lanes,)."""
        self._summed()
        return -np.expm1([lane.kept for lane in self._lanes])

    def advance(self, texts: Sequence[bytes]) -> Lanes:
        """The lanes with more bytes each, which may be none."""
        if self.reading.beam is not None:
            self._summed()
        found = []
        for lane, text in zip(self._lanes, texts, strict=True):
            covers = lane.covers
            for byte in text:
                covers = self.reading.walk.advance(covers, byte)
            found.append(replace(lane, covers=covers, nodes=dict(lane.nodes)))
        return Lanes(self.reading, found, self._prefixes, self._state)

    def select(self, chosen: Sequence[int]) -> Lanes:
        """Chosen lanes, each as often as it is named."""
        self._summed()
        assert self._state is not None
        lanes = [self._lanes[at] for at in chosen]
        copies = [replace(lane, nodes=dict(lane.nodes)) for lane in lanes]
        state = self.reading.model.fork(self._state, chosen)
        return Lanes(self.reading, copies, None, state)

    def _summed(self) -> tuple[Floats, Floats]:
        if self._found is None:
            self._read()
            walk = self.reading.walk
            found = [walk.next_bytes(lane.covers) for lane in self._lanes]
            self._found = np.array([f for f, _ in found]), np.array([m for _, m in found])
        return self._found

    def _read(self) -> None:
        """Ask the model about all new heads in one call, and keep the likeliest covers."""
        waiting = [lane.waiting() for lane in self._lanes]
        if self._prefixes is not None or any(waiting):
            read = waiting
            if self._prefixes is not None:
                read = [
                    [lane.trunk, *heads] for lane, heads in zip(self._lanes, waiting, strict=True)
                ]
            logits = self._asked(waiting)
            for lane, heads, of_lane in zip(self._lanes, read, logits, strict=True):
                self._take(lane, heads, of_lane)
            self._move_trunks()
        if self.reading.beam is not None:
            for lane in self._lanes:
                lane.covers, kept = self.reading.beam.chosen(lane.covers, self.reading.walk.order)
                lane.kept += kept

    def _asked(self, waiting: list[list[CoverHead]]) -> NDArray[np.float32]:
        """Logits after the trunk where that is new, then after each head; by lane."""
        model = self.reading.model
        ids = [[head.id for head in heads] for heads in waiting]
        parents = [lane.parents_of(heads) for lane, heads in zip(self._lanes, waiting, strict=True)]
        if self._prefixes is not None:
            trees = list(zip(ids, parents, strict=True))
            step = model.start(self._prefixes, trees=trees, logits="tree")
            self._prefixes = None
        else:
            assert self._state is not None
            step = model.extend(self._state, ids, parents=parents, logits="all")
        self._state = step.state
        return step.logits

    def _take(self, lane: Lane, heads: list[CoverHead], logits: NDArray[np.float32]) -> None:
        """Fill in what the model says after heads."""
        outlooks = lane.outlooks()
        for head, of_head in zip(heads, logits, strict=False):  # shorter lanes end in NaN
            if head in outlooks:
                outlooks[head].fill(of_head, self.reading.walk.spelling)
            if head is not lane.trunk:
                lane.nodes[head] = lane.size
                lane.size += 1
        lane.covers = [c for c in lane.covers if not math.isinf(c.head.weight())]

    def _move_trunks(self) -> None:
        """Take what all covers of a lane share into what was read plainly."""
        if all(lane.size < GROWN for lane in self._lanes):
            return
        assert self._state is not None
        shared = [lane.shared() for lane in self._lanes]
        paths = [lane.path_to(head) for lane, head in zip(self._lanes, shared, strict=True)]
        self._state = self.reading.model.keep(self._state, paths)
        for lane, head in zip(self._lanes, shared, strict=True):
            lane.trunk, lane.nodes, lane.size = head, {}, 0


def opened_after(
    reading: ByteReading, prefixes: Sequence[tuple[list[int], CoverHead | None]]
) -> Lanes:
    """Lanes of texts that begin with the text of given ids.

    Args:
        reading: how texts are read.
        prefixes: ids that every cover begins with, and a head that stands for them; without a head
            the text is empty.
    """
    walk, lanes = reading.walk, []
    for _, head in prefixes:
        covers = walk.opening() if head is None else [walk.new(head)]
        lanes.append(Lane(covers, covers[0].head))
    begins = [[*walk.spelling.begin, *ids] for ids, _ in prefixes]
    if not begins:
        raise ModelError("there are no texts to read; give at least one")
    return Lanes(reading, lanes, begins)
