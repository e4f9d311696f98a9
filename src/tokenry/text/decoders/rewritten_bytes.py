"""Ids of bytes that were rewritten, back to text (Limisiewicz et al. 2024, arXiv:2403.10691)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

from tokenry.text.byte_rules import ByteRules, Unit
from tokenry.text.parts import Decoder
from tokenry.text.saved_parts import saved_as

_BYTES: Final = 256


@saved_as("rewritten_bytes.RewrittenBytesDecoder")
@dataclass(frozen=True)
class RewrittenBytesDecoder(Decoder):
    """A `tokenry.text.parts.Decoder`; bytes that are no UTF-8 are no text.

    Attributes:
        first: the id of the byte 0.
        rules: one after another.
    """

    replacing: ClassVar[str] = "ignore"

    first: int
    rules: tuple[ByteRules, ...]

    def __call__(self, pieces: Sequence[bytes], ids: Sequence[int]) -> bytes:
        """Bytes that ``ids`` stand for; what is no byte stands for its piece."""
        last = self.first + _BYTES
        units: list[Unit] = [
            (id_ - self.first if self.first <= id_ < last else _BYTES + place, 0)
            for place, id_ in enumerate(ids)
        ]
        for rules in self.rules:
            units = rules.rewritten(units)
        single = self._singles
        return b"".join(
            single[unit] if unit < _BYTES else pieces[unit - _BYTES] for unit, _ in units
        )

    @cached_property
    def _singles(self) -> list[bytes]:
        return [bytes([byte]) for byte in range(_BYTES)]
