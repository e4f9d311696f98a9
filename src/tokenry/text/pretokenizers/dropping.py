"""Text that a model has no symbol for and no unknown id: it is left out before merging.

Hugging Face's byte-pair encoder skips such symbols without a word, so that what stands around them
may merge. A vocabulary that lacks some bytes is not lossless, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, Spelling
from tokenry.text.parts import Pretokenizer, Pretokens
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import CODE_POINTS, byte_offsets, code_points


@saved_as("dropping.DroppingPretokenizer")
@dataclass(frozen=True)
class DroppingPretokenizer(Pretokenizer):
    """A pretokenizer whose pretokens lose every symbol that is not in ``known``.

    Attributes:
        pretokenizer: what cuts the text.
        known: the bytes, or the code points, that have a piece; ascending.
        characters: whether ``known`` are code points.
    """

    pretokenizer: Pretokenizer
    known: NDArray[np.uint32]
    characters: bool
    lossless: bool = False

    drops_text: ClassVar[bool] = True

    @property
    def reads_marks(self) -> bool | None:
        """Whether what cuts the text reads U+2581 as a space."""
        return self.pretokenizer.reads_marks

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What cuts the text: a reader drops what its model has no symbol for by itself."""
        return self.pretokenizer.to_tokenizer_json(spelling)

    def in_core(
        self, segmenter: _native.Segmenter
    ) -> tuple[_native.Segmenter, _native.Finder] | None:
        """What cuts the text, and symbols that fall out of pretokens."""
        dropping = _native.DroppingSegmenter(segmenter, self.known, characters=self.characters)
        return self.pretokenizer.in_core(dropping)

    @property
    def changes_text(self) -> bool:
        """Whether what cuts the text does."""
        return self.pretokenizer.changes_text

    def prepared(self, data: bytes, *, first: bool) -> bytes:
        """As what cuts the text wants it."""
        return self.pretokenizer.prepared(data, first=first)

    def spans_in_core(self, data: bytes) -> bool:
        """Where nothing falls out."""
        return self.pretokenizer.spans_in_core(data) and bool(self._kept(data).all())

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; ``first`` says that it stands at the beginning of the input."""
        pretokens = self.pretokenizer(data, first=first)
        kept = self._kept(pretokens.data)
        return pretokens if kept.all() else _without(pretokens, kept)

    def _kept(self, data: bytes) -> NDArray[np.bool_]:
        if not self.characters:
            return self._table[np.frombuffer(data, dtype=np.uint8)]
        text = data.decode("utf-8", "surrogateescape")
        return np.repeat(self._table[code_points(text)], np.diff(byte_offsets(text)))

    @cached_property
    def _table(self) -> NDArray[np.bool_]:
        table = np.zeros(CODE_POINTS if self.characters else 256, dtype=np.bool_)
        table[self.known] = True
        return table


def _without(pretokens: Pretokens, kept: NDArray[np.bool_]) -> Pretokens:
    places = np.concatenate((np.zeros(1, np.uint64), np.cumsum(kept, dtype=np.uint64)))
    starts, ends = places[pretokens.starts], places[pretokens.ends]
    data = np.frombuffer(pretokens.data, dtype=np.uint8)[kept].tobytes()
    whole = pretokens.alignment or Alignment.identity(len(kept))
    alignment = Alignment(whole.starts[kept], whole.ends[kept])
    filled = ends > starts
    return Pretokens(data, starts[filled], ends[filled], alignment)
