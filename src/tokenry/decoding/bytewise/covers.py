"""The sequences of ids that write a prefix: its covers.

A cover is a sequence of ids of which all but the last end inside of the prefix, and the last ends
at its end or reaches beyond. The probability that a text begins with the prefix is the sum of the
probabilities of its covers (Phan et al. 2024, arXiv:2410.09303; Vieira et al. 2024,
arXiv:2412.03719). Covers that share all ids but the last are kept together: a `CoverHead` is what
they share, a `Cover` adds the nodes of the trie of pieces that the last id can stand at.

Nothing here asks a model. What it says after a head is an `Outlook`, which is filled in later, so
that a whole prompt can be walked through before the model is asked once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.canonical.followers import Context, Followers, Following
from tokenry.decoding.piece_order import PieceOrder, TrieNode
from tokenry.decoding.spelling import Spelling

Floats = NDArray[np.float64]
END = 256
"""The number of the end of a text among bytes."""


@dataclass(eq=False)
class Outlook:
    """What a model says of the id after a head.

    Attributes:
        followers: which ids are summed over.
        ids: probabilities by place in the order of pieces; None before the model was asked.
        end: the probability that the text ends.
    """

    followers: Followers
    ids: Floats | None = None
    end: float = 0.0

    def fill(self, logits: NDArray[np.float32], spelling: Spelling) -> None:
        """Take what a model says: softmax over the ids that may follow and the end."""
        if self.ids is not None:
            return
        of_ids = logits[spelling.order.ids].astype(np.float64)
        of_end = logits[list(spelling.ends)].astype(np.float64)
        of_ids[~self.followers.ids] = -np.inf
        if not self.followers.may_end:
            of_end[:] = -np.inf
        highest = max(of_ids.max(initial=-np.inf), of_end.max())
        if np.isinf(highest):
            self.ids = np.zeros(len(of_ids))
            return
        weights, ends = np.exp(of_ids - highest), np.exp(of_end - highest)
        total = weights.sum() + ends.sum()
        self.ids, self.end = weights / total, float(ends.sum() / total)


@dataclass(eq=False)
class CoverHead:
    """Ids that end inside of a text, or at its end.

    Attributes:
        id: the last of them; -1 of the one that every sequence begins with.
        parent: those before it.
        context: what of them decides which ids may follow.
        place: of the last id, in the order of pieces.
        before: what the model says after ``parent``; None once the weight is known.
    """

    id: int
    parent: CoverHead | None
    context: Context
    place: int = 0
    before: Outlook | None = None
    _weight: float = 0.0

    def weight(self) -> float:
        """The logarithm of the probability of its ids, from a head of weight 0 on."""
        if self.before is not None and self.parent is not None:
            assert self.before.ids is not None
            probability = float(self.before.ids[self.place])
            own = math.log(probability) if probability > 0 else -math.inf
            self._weight = self.parent.weight() + own
            self.before = None
        return self._weight


@dataclass(frozen=True, eq=False)
class Cover:
    """A head and where the id after it can stand.

    Attributes:
        head: all ids but the last.
        outlook: what the model says after it.
        nodes: of the trie of pieces.
        whole: whether the head ends where the text does, so that the text may end with it.
    """

    head: CoverHead
    outlook: Outlook
    nodes: tuple[TrieNode, ...]
    whole: bool

    def mass(self, order: PieceOrder) -> float:
        """The probability of the ids at its nodes, and of the end."""
        assert self.outlook.ids is not None
        ids = (self.outlook.ids[order.branches(n).first : n.high].sum() for n in self.nodes)
        return float(sum(ids)) + (self.outlook.end if self.whole else 0.0)


@dataclass(frozen=True, eq=False)
class Walk:
    """How covers of a text become covers of a longer one.

    Attributes:
        spelling: of the tokenizer.
        following: which sequences are summed over.
    """

    spelling: Spelling
    following: Following
    order: PieceOrder = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", self.spelling.order)

    def new(self, head: CoverHead) -> Cover:
        """The cover that begins after a head."""
        outlook = Outlook(self.following.followers(head.context))
        return Cover(head, outlook, (self.order.root,), True)

    def opening(self) -> list[Cover]:
        """Covers of the empty text: the tokenizer's prefix is written, and is not part of it."""
        first = self.new(CoverHead(-1, None, ()))
        prefix = self.spelling.prefix
        return self._past_prefix(first, prefix[0]) if prefix else [first]

    def _past_prefix(self, first: Cover, byte: int) -> list[Cover]:
        """Ids that begin with the prefix have written it; others begin the text themselves."""
        child = self.order.child(self.order.root, byte)
        if child is None:
            return [first]
        root = self.order.root
        others = (TrieNode(root.low, child.low, 0), TrieNode(child.high, root.high, 0))
        nodes = (child, *(node for node in others if node.high > node.low))
        ended = [self.spawn(first, place) for place in self.order.ending(child)]
        opened = Cover(first.head, first.outlook, nodes, True)
        return [opened, *(cover for cover in ended if cover)]

    def advance(self, covers: list[Cover], byte: int) -> list[Cover]:
        """Covers of the text and one more byte; those of probability zero are left out."""
        found: list[Cover] = []
        for cover in covers:
            nodes = [n for n in (self.order.child(each, byte) for each in cover.nodes) if n]
            for node in nodes:
                for place in self.order.ending(node):
                    spawned = self.spawn(cover, place)
                    found += [spawned] if spawned else []
            left = tuple(node for node in nodes if self._goes_on(cover, node))
            if left:
                found.append(Cover(cover.head, cover.outlook, left, False))
        return found

    def spawn(self, cover: Cover, place: int) -> Cover | None:
        """The cover that begins after one more id; None where that may not follow."""
        if not cover.outlook.followers.ids[place]:
            return None
        if cover.outlook.ids is not None and not cover.outlook.ids[place]:
            return None
        id_ = int(self.order.ids[place])
        context = self.following.after(cover.head.context, id_)
        return self.new(CoverHead(id_, cover.head, context, place, cover.outlook))

    def _goes_on(self, cover: Cover, node: TrieNode) -> bool:
        first = self.order.branches(node).first
        if cover.outlook.ids is not None:
            return bool(cover.outlook.ids[first : node.high].any())
        return bool(cover.outlook.followers.ids[first : node.high].any())

    def next_bytes(self, covers: list[Cover]) -> tuple[Floats, float]:
        """Probabilities of the next byte and of the end, shape (257,), and the logarithm of the
        probability of all covers together; -inf and zeros where there is none."""
        weights = [cover.head.weight() for cover in covers]
        highest = max(weights, default=-math.inf)
        found = np.zeros(END + 1)
        if math.isinf(highest):
            return found, -math.inf
        for cover, weight in zip(covers, weights, strict=True):
            self._add(found, cover, math.exp(weight - highest))
        total = float(found.sum())
        return (found / total, highest + math.log(total)) if total > 0 else (found, -math.inf)

    def _add(self, found: Floats, cover: Cover, weight: float) -> None:
        assert cover.outlook.ids is not None
        for node in cover.nodes:
            sums = self.order.sums(node, cover.outlook.ids)
            found[self.order.branches(node).bytes] += weight * sums
        if cover.whole:
            found[END] += weight * cover.outlook.end


def line_of(head: CoverHead) -> Iterator[CoverHead]:
    """A head and all before it, the last first."""
    at: CoverHead | None = head
    while at is not None:
        yield at
        at = at.parent
