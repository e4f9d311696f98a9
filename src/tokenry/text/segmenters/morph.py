"""Segmentation by morphs, with byte-pair merging inside them, and ids that suffixes share.

A suffix of a group of allomorphs is one id whatever its form. A residual id follows where the form
is not the one that `tokenry.text.segmenters.allomorphs.Allomorphs` predicts from the letters before
it, and names the form. The rule looks at the letters of the same pretoken only; where the answer
could lie before it, the residual is always written. So the ids of a pretoken stand for its bytes
whatever comes before them, and decoding restores every input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tokenry import _native
from tokenry.text.components import Components, IdNames, Spelling, cannot_say
from tokenry.text.decoders.allomorphs import AllomorphDecoder
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.text.segmenters.morph_splitter import MorphSplitter
from tokenry.vocabulary import Vocabulary

_REMEMBERED: Final = 1 << 16  # morphs whose ids are kept


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
    cutter: MorphSplitter
    shared: AllomorphDecoder | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        """Pieces of all ids; a shared id has its most frequent form."""
        return self.inner.vocabulary

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self._segmented(pretoken, self.inner.segment_with_sizes)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the bytes that it stands for; 0 for a residual."""
        return self._segmented(pretoken, self._merged)

    def _segmented(self, pretoken: bytes, merge: Callable[[bytes], list[SizedId]]) -> list[SizedId]:
        found: list[SizedId] = []
        for stretch in self.cutter.cut(pretoken):
            if stretch.group is None or self.shared is None:
                found += merge(stretch.data)
            else:
                found += self.shared.encoded(stretch)
        return found if self._restores(found, pretoken) else merge(pretoken)

    def _restores(self, found: list[SizedId], pretoken: bytes) -> bool:
        """Whether ids decode to the pretoken: true by construction, and checked all the same."""
        if self.shared is None:
            return True
        ids = [id_ for id_, _ in found]
        pieces = self.vocabulary.pieces
        return self.shared([pieces[id_] or b"" for id_ in ids], ids) == pretoken

    def _merged(self, data: bytes) -> list[SizedId]:
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

    def plain_decoder(self, spelling: Spelling, *, uncut: bool) -> Components:
        """What its merges need."""
        return self.inner.plain_decoder(spelling, uncut=uncut)

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
    def _memory(self) -> dict[bytes, list[SizedId]]:
        return {}
