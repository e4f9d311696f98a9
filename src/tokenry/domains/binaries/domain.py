"""Binaries: any bytes in chunks that no piece crosses, marks where sections of ELF and PE begin.

Source: Bommarito 2025, "Binary BPE", arXiv:2511.17573: BPE over bytes in chunks of 8,192, pieces of
at most 16 bytes, one vocabulary of 64k of which smaller ones are the beginning. Marks of sections
are ours; without headers, or with ``sections=False``, there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from tokenry.domains.binaries.sections import CODE, DATA, OTHER, TEXT, Section, sections_of
from tokenry.domains.contract import Domain, Promise
from tokenry.domains.parsed import Parsed
from tokenry.options import Positive

KINDS = (CODE, DATA, TEXT, OTHER)


@dataclass(frozen=True, kw_only=True)
class Binaries(Domain):
    """Bytes of any file.

    Attributes:
        chunk: bytes between two cuts, counted from the beginning of a section.
        sections: whether sections of ELF and PE files have marks.
    """

    name: ClassVar[str] = "binaries"
    learning: ClassVar[Mapping[str, Any]] = {"max_piece_length": 16, "min_frequency": 2}
    promise: ClassVar[Promise] = Promise(
        lossless="every file, whatever it is",
        dropped="nothing, ever",
        ids="marks where a section of code, data, text or another kind begins (ELF, PE); pieces "
        "are bytes of one chunk of a section",
    )

    chunk: Positive = 8192
    sections: bool = True

    @property
    def marks(self) -> tuple[str, ...]:
        """Of the kinds of sections."""
        return KINDS

    def recognises(self, data: bytes) -> bool:
        """Whether it is an executable."""
        return data[:4] == b"\x7fELF" or data[:2] == b"MZ"

    def read(self, data: bytes) -> Parsed:
        """All bytes, with their cuts and marks."""
        found = sections_of(data) if self.sections else []
        cuts = [
            np.arange(begin, end, self.chunk, dtype=np.uint64)
            for begin, end in _stretches(found, len(data))
        ]
        return Parsed(
            run=data,
            cuts=np.concatenate(cuts) if cuts else np.zeros(0, np.uint64),
            marks=np.array([KINDS.index(each.kind) for each in found], np.uint16),
            places=np.array([each.begin for each in found], np.uint64),
        )

    def write(self, parsed: Parsed) -> bytes:
        """The bytes."""
        return parsed.run


def _stretches(sections: list[Section], size: int) -> list[tuple[int, int]]:
    """Begin and end of each section and of what stands between them."""
    edges = sorted({0, size, *(at for each in sections for at in (each.begin, each.end))})
    return [*pairwise(edges)]
