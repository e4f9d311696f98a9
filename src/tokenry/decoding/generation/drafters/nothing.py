"""No drafts: an id a call, which is plain decoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenry.decoding.generation.draft_tree import DraftTree
from tokenry.decoding.generation.drafter import Setting, Stateless


@dataclass(frozen=True)
class Nothing:
    """No drafts."""

    def session(self, setting: Setting) -> EmptyDrafts:
        """Begin a run."""
        return EmptyDrafts()


class EmptyDrafts(Stateless):
    """A session of `Nothing`."""

    def draft(self, texts: Sequence[Sequence[int]]) -> list[DraftTree]:
        """An empty tree for each text."""
        return [DraftTree()] * len(texts)
