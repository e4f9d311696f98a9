"""A text behind another one, which a SentencePiece model sees with it: so programs keep the model
from taking away the spaces at the beginning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tokenry.spans import Alignment
from tokenry.text.normalizers.sentencepiece import MARK
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens
from tokenry.text.saved_parts import saved_as


@saved_as("behind_text.BehindText")
@dataclass(frozen=True)
class BehindText(Pretokenizer):
    """A `tokenry.text.parts.Pretokenizer`: one pretoken, with what was put before the text.

    The ids of what stands before are taken away by
    `tokenry.text.segmenters.without_first.WithoutFirstSegmenter`.

    Attributes:
        before: stands before each text; behind it the first text of an input has U+2581.
        normalizer: what the model does to both.
    """

    before: str
    normalizer: Normalizer

    @property
    def lossless(self) -> bool:
        """Never."""
        return False

    @property
    def begins_input(self) -> bool:
        """Whether it puts something before an input, and not before what an added token ends."""
        return True

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Take ``data`` as one; ``first`` says that it stands at the beginning of the input."""
        given = data.decode("utf-8", "replace")
        text = given if first else given.lstrip(" ")
        head = (self.before + MARK if first else self.before).encode()
        normal, origin = self.normalizer.align(head.decode() + text)
        moved = len(given.encode()) - len(text.encode()) - len(head)
        size = len(data)
        starts, ends = (np.clip(each + moved, 0, size) for each in (origin.starts, origin.ends))
        found = normal.encode()
        whole = np.array([0], np.uint64), np.array([len(found)], np.uint64)
        return Pretokens(found, *whole, Alignment(starts, ends))
