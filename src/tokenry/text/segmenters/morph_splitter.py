"""Cuts a pretoken into stretches that merges never cross: morphs, and suffixes with a shared id."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tokenry.text.saved_parts import PickledFields, saved_as
from tokenry.text.segmenters.allomorphs import Allomorphs
from tokenry.text.segmenters.morph_model import MorphModel


class MorphSegment(NamedTuple):
    """A part of a pretoken.

    Attributes:
        data: its bytes.
        group: of allomorphs that it is a form of, or None: ordinary bytes.
        form: which form, where prediction would give another one or cannot know; else None.
    """

    data: bytes
    group: int | None = None
    form: int | None = None


@saved_as("morph_cuts.MorphCutter")
@dataclass(frozen=True, eq=False)
class MorphSplitter(PickledFields):
    """Where a pretoken may not be merged across.

    Args:
        morphs: finds the morphs.
        whole: pretokens that stay in one stretch (soft cuts); empty: all cuts are hard.
        allomorphs: suffixes that share an id by group, or None.
    """

    morphs: MorphModel
    whole: frozenset[bytes] = frozenset()
    allomorphs: Allomorphs | None = None

    def cut(self, pretoken: bytes) -> list[MorphSegment]:
        """The stretches, which together are the pretoken; not UTF-8 stays in one."""
        if pretoken in self.whole:
            return [MorphSegment(pretoken)]
        try:
            text = pretoken.decode()
        except UnicodeDecodeError:
            return [MorphSegment(pretoken)]
        places = [0, *self.morphs.cuts(text), len(text)]
        return [self._stretch(text, begin, end) for begin, end in pairwise(places)]

    def _stretch(self, text: str, begin: int, end: int) -> MorphSegment:
        form = text[begin:end]
        # The first stretch has no context in this pretoken, so it never gets a shared id.
        found = self.allomorphs.find(form) if self.allomorphs is not None and begin else None
        if found is None or self.allomorphs is None:
            return MorphSegment(form.encode())
        group, number = found
        context = self.allomorphs.context(text[:begin])
        usual = context is not None and self.allomorphs.predict(group, context) == number
        return MorphSegment(form.encode(), group, None if usual else number)
