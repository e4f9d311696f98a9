"""Ids that suffixes share, back to the form that each of them has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.text.parts import Decoder, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.allomorphs import TAIL, Allomorphs
from tokenry.text.segmenters.morph_splitter import MorphSegment


@saved_as("morph.AllomorphDecoder")
@dataclass(frozen=True, eq=False)
class AllomorphDecoder(Decoder):
    """A `tokenry.text.parts.Decoder` that writes the right form of each shared suffix.

    Args:
        allomorphs: groups and the rule.
        first_group: id of the first group; the others follow.
        first_form: id of the first residual, which names form 0; the others follow.
    """

    allomorphs: Allomorphs
    first_group: int
    first_form: int

    @property
    def lossless(self) -> bool:
        """Whether decoding restores what was encoded."""
        return True

    def encoded(self, stretch: MorphSegment) -> list[SizedId]:
        """Ids of a stretch of a group."""
        assert stretch.group is not None
        shared = [(self.first_group + stretch.group, len(stretch.data))]
        return shared if stretch.form is None else [*shared, (self.first_form + stretch.form, 0)]

    def __call__(self, pieces: Sequence[bytes], ids: Sequence[int]) -> bytes:
        """Bytes that ``ids`` stand for; a residual that follows no group stands for nothing."""
        text = bytearray()
        for place, id_ in enumerate(ids):
            if self._is_group(id_):
                text += self._form(id_, ids[place + 1 : place + 2], text)
            elif not self._is_form(id_):
                text += pieces[place]
        return bytes(text)

    def join_most(self, ids: NDArray[np.uint32], join: Callable[[Any], bytes]) -> bytes:
        """The same with one call of ``join`` for each stretch of ordinary ids."""
        ends = self.first_form + self._forms
        odd = np.flatnonzero((ids >= self.first_group) & (ids < ends)).tolist()
        text = bytearray()
        begin = 0
        for place in odd:
            text += join(ids[begin:place])
            if self._is_group(int(ids[place])):
                text += self._form(int(ids[place]), ids[place + 1 : place + 2].tolist(), text)
            begin = place + 1
        return bytes(text + join(ids[begin:]))

    def stream(self) -> AllomorphStream:
        """It at work on ids that come one by one."""
        return AllomorphStream(self)

    def _form(self, id_: int, following: Sequence[int], before: bytearray) -> bytes:
        group = id_ - self.first_group
        forms = self.allomorphs.groups[group]
        if following and self._is_form(following[0]):
            named = following[0] - self.first_form
            if named < len(forms):
                return forms[named].encode()
        context = self.allomorphs.context_of_bytes(before)
        return forms[self.allomorphs.predict(group, context)].encode()

    def _is_group(self, id_: int) -> bool:
        return 0 <= id_ - self.first_group < len(self.allomorphs.groups)

    def _is_form(self, id_: int) -> bool:
        return 0 <= id_ - self.first_form < self._forms

    @cached_property
    def _forms(self) -> int:
        return max(map(len, self.allomorphs.groups), default=0)


class AllomorphStream:
    """A `tokenry.text.piece_streams.PieceStream`: a shared suffix waits for the id behind it."""

    def __init__(self, decoder: AllomorphDecoder) -> None:
        self._decoder = decoder
        self._end = bytearray()  # of the text so far, as much as the rule looks at
        self._group: int | None = None

    def push(self, piece: bytes, id_: int) -> bytes:
        """What is settled by one more id."""
        settled = self._settle([id_])
        if self._decoder._is_group(id_):
            self._group = id_
        elif not self._decoder._is_form(id_):
            settled += self._written(piece)
        return settled

    def finish(self) -> bytes:
        """The form of the last suffix."""
        return self._settle([])

    def _settle(self, following: Sequence[int]) -> bytes:
        group, self._group = self._group, None
        if group is None:
            return b""
        return self._written(self._decoder._form(group, following, self._end))

    def _written(self, text: bytes) -> bytes:
        self._end += text
        del self._end[:-TAIL]
        return text
