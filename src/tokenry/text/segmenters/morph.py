"""Segmentation by morphs, with byte-pair merging inside them, and ids that suffixes share.

A suffix of a group of allomorphs is one id whatever its form. A residual id follows where the form
is not the one that `tokenry.text.segmenters.allomorphs.Allomorphs` predicts from the letters before
it, and names the form. The rule looks at the letters of the same pretoken only; where the answer
could lie before it, the residual is always written. So the ids of a pretoken stand for its bytes
whatever comes before them, and decoding restores every input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.text.components import Components, IdNames, Spelling, cannot_say
from tokenry.text.parts import Decoder, Segmenter
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.allomorphs import Allomorphs
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.text.segmenters.morph_cuts import MorphCutter, Stretch
from tokenry.vocabulary import Vocabulary

_REMEMBERED: Final = 1 << 16  # morphs whose ids are kept
Sized = tuple[int, int]  # id, bytes of input


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

    def encoded(self, stretch: Stretch) -> list[Sized]:
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

    def __getstate__(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@saved_as("morph.MorphSegmenter")
@dataclass(frozen=True, eq=False)
class MorphSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that merges inside morphs only.

    Args:
        inner: merges the bytes of a stretch.
        cutter: cuts a pretoken into stretches.
        shared: ids of suffixes that share one, or None.
    """

    inner: BytePairSegmenter
    cutter: MorphCutter
    shared: AllomorphDecoder | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        """Pieces of all ids; a shared id has its most frequent form."""
        return self.inner.vocabulary

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self._segmented(pretoken, self.inner.segment_with_sizes)]

    def segment_with_sizes(self, pretoken: bytes) -> list[Sized]:
        """Ids of one pretoken, each with the bytes that it stands for; 0 for a residual."""
        return self._segmented(pretoken, self._merged)

    def _segmented(self, pretoken: bytes, merge: Callable[[bytes], list[Sized]]) -> list[Sized]:
        found: list[Sized] = []
        for stretch in self.cutter.cut(pretoken):
            if stretch.group is None or self.shared is None:
                found += merge(stretch.data)
            else:
                found += self.shared.encoded(stretch)
        return found if self._restores(found, pretoken) else merge(pretoken)

    def _restores(self, found: list[Sized], pretoken: bytes) -> bool:
        """Whether ids decode to the pretoken: true by construction, and checked all the same."""
        if self.shared is None:
            return True
        ids = [id_ for id_, _ in found]
        pieces = self.vocabulary.pieces
        return self.shared([pieces[id_] or b"" for id_ in ids], ids) == pretoken

    def _merged(self, data: bytes) -> list[Sized]:
        known = self._memory.get(data)
        if known is not None:
            return known
        ids, spans = self._engine.encode_spans(data)
        sizes = spans[:, 1] - spans[:, 0]
        found = list(zip(ids.tolist(), sizes.tolist(), strict=True))
        if len(self._memory) < _REMEMBERED and len(data) <= 64:
            self._memory[data] = found
        return found

    @property
    def starts_from_bytes(self) -> bool:
        """Whether merging starts from bytes, and no id stands for several forms."""
        return self.shared is None and self.inner.starts_from_bytes

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """Its merges, where no ids are shared."""
        if self.shared is not None:
            cannot_say(self, " with ids that suffixes share")
        reason = "tokenizers knows no morphs, and merges across their boundaries"
        return Components(reasons=(reason,)) + self.inner.to_tokenizer_json(ids)

    def joining(self, spelling: Spelling, *, uncut: bool) -> Components:
        """What its merges need."""
        return self.inner.joining(spelling, uncut=uncut)

    def native(self) -> _native.PythonSegmenter:
        """The same behind the native engine; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.PythonSegmenter:
        # A suffix of one byte may need a residual.
        return interpreted(self.segment_with_sizes, self.vocabulary, ids_per_byte=2)

    @cached_property
    def _engine(self) -> _native.Engine:
        return _native.Engine(self.inner.native(), _native.Splitter("whole"))

    @cached_property
    def _memory(self) -> dict[bytes, list[Sized]]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}
