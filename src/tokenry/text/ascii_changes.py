"""What a normalizer makes of ASCII, as far as that is a matter of single characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

ASCII: Final = np.arange(128)
_OTHER: Final = 128  # what is no character of ASCII


@dataclass(frozen=True, slots=True)
class AsciiChanges:
    """Characters of ASCII that become one each, whatever stands around them.

    Attributes:
        becomes: what each becomes; shape (128,), 128 where it may be no single one of ASCII.
        joined: pairs of neighbours that are not changed apart; shape (128, 128).
    """

    becomes: NDArray[np.intp]
    joined: NDArray[np.bool_]

    @classmethod
    def of(cls, becomes: NDArray[np.intp] = ASCII) -> AsciiChanges:
        """Those of a normalizer that takes every character by itself."""
        return cls(becomes, np.zeros((128, 128), dtype=np.bool_))

    @classmethod
    def of_runs(cls, members: NDArray[np.bool_], least: int, content: str) -> AsciiChanges:
        """``least`` or more members in a row become a text; single ones where ``least`` is 0."""
        (single,) = content.encode() if len(content.encode()) == 1 else (_OTHER,)
        known = min(single, _OTHER) if least < 2 else _OTHER
        joined = np.outer(members, members) if least else np.zeros((128, 128), dtype=np.bool_)
        return cls(np.where(members, known, ASCII), joined)

    def then(self, later: AsciiChanges) -> AsciiChanges:
        """Both, one after the other."""
        becomes = np.append(later.becomes, _OTHER)[self.becomes]
        joined = np.pad(later.joined, (0, 1))[np.ix_(self.becomes, self.becomes)]
        return AsciiChanges(becomes, self.joined | joined)
