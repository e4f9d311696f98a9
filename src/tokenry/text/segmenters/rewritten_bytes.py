"""Bytes of a text, rewritten before they are ids (Limisiewicz et al. 2024, arXiv:2403.10691)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

from tokenry import _native
from tokenry.text.byte_rules import ByteRules, Unit
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.vocabulary import Vocabulary


@saved_as("rewritten_bytes.RewrittenBytesSegmenter")
@dataclass(frozen=True, eq=False)
class RewrittenBytesSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter`: each byte is an id, after the rules.

    Args:
        vocabulary: has the 256 bytes in their order.
        first: the id of the byte 0.
        rules: one after another.
    """

    vocabulary: Vocabulary
    first: int
    rules: tuple[ByteRules, ...]

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of a text."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of a text, each with the number of bytes that it stands for."""
        units: list[Unit] = [(byte, 1) for byte in pretoken]
        for rules in self.rules:
            units = rules.rewritten(units)
        return [(self.first + unit, size) for unit, size in units]

    def native(self) -> _native.Segmenter:
        """The same behind the core's cache; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.PythonSegmenter:
        most = prod(rules.growth for rules in self.rules)
        return interpreted(self.segment_with_sizes, self.vocabulary, ids_per_byte=most)

    @property
    def lossless(self) -> bool:
        """Never: two texts may be rewritten to one."""
        return False
