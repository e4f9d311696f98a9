"""Draft, read, keep: the one loop of all lossless methods.

Each call reads, for every text of the batch, the id that was settled last and a tree of drafts that
hangs on it. What the target would have drawn along the tree is settled, with one id more behind
it, and the cache keeps the path alone. Without drafts this is plain decoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenry.decoding.generation.draft_tree import DraftTree
from tokenry.decoding.generation.drafter import Drafter, DraftSession, Setting
from tokenry.decoding.generation.method import (
    Continuation,
    Generated,
    Request,
    check_draft,
    continuations_of,
)
from tokenry.decoding.generation.verification import verified
from tokenry.models.causal import CausalModel, CausalOutput
from tokenry.models.state import State
from tokenry.seeds import generator


@dataclass(frozen=True)
class Speculative:
    """Plain decoding of a target, several ids a call where drafts are right.

    Attributes:
        drafter: what proposes ids.
    """

    drafter: Drafter
    lossless = True

    def generate(
        self,
        target: CausalModel,
        prompts: Sequence[Sequence[int]],
        request: Request,
        draft: CausalModel | None = None,
    ) -> list[Generated]:
        """Go on with prompts, as `tokenry.decoding.generation.method.Method.generate`."""
        check_draft(target, draft)
        sources = [generator(request.seed, "draft", at) for at in range(len(prompts))]
        session = self.drafter.session(Setting(target.vocab_size, draft, sources))
        return _Run(target, session, request, draft).through(continuations_of(prompts, request))


class _Run:
    """One run over a batch of texts."""

    def __init__(
        self,
        target: CausalModel,
        session: DraftSession,
        request: Request,
        draft: CausalModel | None,
    ) -> None:
        self.target, self.session, self.request = target, session, request
        self.room = target.max_length
        self.draft_room = None if draft is None else draft.max_length

    def through(self, texts: list[Continuation]) -> list[Generated]:
        """Write all texts to their ends."""
        calls, positions = np.zeros((2, len(texts)), np.int64)
        going, state = texts, None
        while going:
            trees = self._drafts(going)
            step = self._read(state, going, trees)
            for text, tree in zip(going, trees, strict=True):
                calls[text.number] += 1
                positions[text.number] += len(tree) + (text.prompt if state is None else 1)
            state, going = self._settle(step, going, trees, first=state is None)
        done = zip(texts, calls.tolist(), positions.tolist(), strict=True)
        return [Generated(tuple(x.new), x.over or "length", c, p) for x, c, p in done]

    def _drafts(self, texts: list[Continuation]) -> list[DraftTree]:
        """What is drafted, as far as it could be settled; nothing where a draft's context ends."""
        longest = max(len(text.ids) for text in texts) + self.session.reach
        if self.draft_room is not None and longest > self.draft_room:
            return [DraftTree()] * len(texts)
        drafted = self.session.draft([text.ids for text in texts])
        levels = [text.levels(self.request, self.room) for text in texts]
        return [tree.cut(most) for tree, most in zip(drafted, levels, strict=True)]

    def _read(
        self, state: State | None, texts: list[Continuation], trees: list[DraftTree]
    ) -> CausalOutput:
        """One call: logits after each text and each node of its tree."""
        if state is None:
            hung = [(tree.ids, tree.parents) for tree in trees]
            return self.target.start([text.ids for text in texts], trees=hung, logits="tree")
        if not any(map(len, trees)):
            return self.target.extend(state, [text.ids[-1] for text in texts], logits="all")
        nodes = [t.hung_on(text.ids[-1]) for t, text in zip(trees, texts, strict=True)]
        ids, parents = zip(*nodes, strict=True)
        return self.target.extend(state, ids, parents=parents, logits="all")

    def _settle(
        self, step: CausalOutput, texts: list[Continuation], trees: list[DraftTree], *, first: bool
    ) -> tuple[State, list[Continuation]]:
        """Settle what the target agrees with; the state and the texts that go on."""
        self.session.learn([text.ids for text in texts], trees, step.logits)
        paths = [
            self._follow(text, tree, rows)
            for text, tree, rows in zip(texts, trees, step.logits, strict=True)
        ]
        state = step.state
        if any(len(each.nodes) for each in state.prefixes):
            root = [] if first else [0]
            shift = len(root)
            state = self.target.keep(state, [root + [n + shift for n in path] for path in paths])
        going = [at for at, text in enumerate(texts) if text.over is None]
        if going and len(going) < len(texts):
            state = self.target.fork(state, going)
            self.session.keep(going)
        return state, [texts[at] for at in going]

    def _follow(
        self, text: Continuation, tree: DraftTree, logits: NDArray[np.float32]
    ) -> list[int]:
        """The path of nodes that the target draws; the text takes it and the id behind it up."""
        path, behind = verified(tree, logits, self.request.drawing, text.source)
        text.settle([*(tree.ids[node] for node in path), behind], self.request, self.room)
        return path
