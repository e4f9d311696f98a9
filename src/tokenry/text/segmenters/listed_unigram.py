"""The Unigram of tokenizers, which finds its specials in text as it finds every other piece."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tokenry.text.id_changes import Renumbering
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.unigram import UnigramSegmenter


@saved_as("listed_unigram.ListedUnigramSegmenter")
@dataclass(frozen=True, eq=False)
class ListedUnigramSegmenter(UnigramSegmenter):
    """`UnigramSegmenter` that also takes some specials where they are written in text.

    Args:
        found: their ids; the unknown one may be among them.
    """

    found: tuple[int, ...] = ()

    def renumbered(self, change: Renumbering) -> ListedUnigramSegmenter:
        """The same with other ids."""
        return replace(super().renumbered(change), found=tuple(change.all_new(self.found)))  # type: ignore[return-value, call-arg]

    def _in_text(self, id_: int) -> bool:
        return id_ in self.found or super()._in_text(id_)
