"""Lines of a file as arrays: where they begin and end, and how they end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEWLINE, RETURN = 10, 13
Array = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LineBounds:
    """Lines without their ends.

    Attributes:
        begins: of each line, shape (n,).
        ends: of each line, before its line feed; shape (n,).
        returns: whether every line feed has a carriage return before it, which ``ends`` leave out.
        ended: whether the last line has a line feed, too.
    """

    begins: Array
    ends: Array
    returns: bool
    ended: bool

    @classmethod
    def of(cls, data: bytes) -> LineBounds:
        """Those of a file; none of an empty one."""
        codes = np.frombuffer(data, np.uint8)
        feeds = np.flatnonzero(codes == NEWLINE)
        ended = not len(codes) or (len(feeds) > 0 and int(feeds[-1]) == len(codes) - 1)
        ends = feeds if ended else np.append(feeds, len(codes))
        begins = np.concatenate([[0], feeds + 1])[: len(ends)]
        returns = _all_return(codes, feeds)
        if returns:
            ends = ends - (np.arange(len(ends)) < len(feeds))
        return cls(begins.astype(np.int64), ends.astype(np.int64), returns, ended)

    def __len__(self) -> int:
        return len(self.begins)

    def sizes(self) -> Array:
        """Bytes of each line, without its end."""
        return self.ends - self.begins

    def feed(self) -> bytes:
        """What stands between lines."""
        return b"\r\n" if self.returns else b"\n"


def _all_return(codes: NDArray[np.uint8], feeds: Array) -> bool:
    return len(feeds) > 0 and feeds[0] > 0 and bool((codes[feeds - 1] == RETURN).all())
