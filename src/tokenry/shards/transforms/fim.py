"""Fill in the middle: a share of documents with their middle moved to the end.

Source: Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the Middle",
arXiv:2207.14255.

1. A document of the share ``rate`` is cut at two places, drawn evenly over its characters.
2. PSM: PREFIX, first part, SUFFIX, last part, MIDDLE, middle part. SPM, for the share ``spm``:
   PREFIX, SUFFIX, last part, MIDDLE, first part, middle part. Parts are encoded on their own.

What is drawn depends on the seed and the document's bytes alone, so a copy is cut alike. Documents
are cut before packing, so a row may hold the half of one; the paper's variant inside a row
(context-level) is not done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from tokenry.errors import ShardError
from tokenry.options import Share, check
from tokenry.shards.transforms.contract import EncodedDocuments
from tokenry.text.ragged import Ids, Ragged
from tokenry.tokenizer import Tokenizer

# Prefix, suffix, middle as models call them.
KNOWN: Final = (
    ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    ("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
    ("<|fim▁begin|>", "<|fim▁hole|>", "<|fim▁end|>"),
    ("▁<PRE>", "▁<SUF>", "▁<MID>"),
    ("<PRE>", "<SUF>", "<MID>"),
)
_Part = bytes | int  # text, or the id of a special


@dataclass(frozen=True, kw_only=True)
class FillInTheMiddle:
    """Options of the transform.

    Attributes:
        rate: share of documents that are cut.
        spm: share of these that have the last part first.
        seed: of what is drawn.
        specials: prefix, suffix, middle; None: the first of `KNOWN` that the tokenizer has.
    """

    takes_records: ClassVar[bool] = False
    channels: ClassVar[tuple[str, ...]] = ()
    rate: Share = 0.5
    spm: Share = 0.5
    seed: int = 0
    specials: tuple[str, str, str] | None = None

    def __post_init__(self) -> None:
        check(self, ShardError)

    def encode(self, tokenizer: Tokenizer, texts: list[bytes]) -> EncodedDocuments:
        """Ids of documents."""
        marks = self.marks(tokenizer)
        parts = [self.parts(text, marks) for text in texts]
        pieces = [part for each in parts for part in each if isinstance(part, bytes)]
        encoded = iter(tokenizer.encode_batch(pieces, threads=1))
        rows = [_row(each, encoded) for each in parts]
        return EncodedDocuments(Ragged.of(rows))

    def decode(self, tokenizer: Tokenizer, ids: Ids) -> bytes:
        """The document again."""
        prefix, suffix, middle = self.marks(tokenizer)
        if not len(ids) or ids[0] != prefix:
            return tokenizer.decode_bytes(ids)
        at_suffix = int(np.flatnonzero(ids == suffix)[0])
        at_middle = int(np.flatnonzero(ids == middle)[0])
        stretches = (ids[1:at_suffix], ids[at_middle + 1 :], ids[at_suffix + 1 : at_middle])
        return b"".join(map(tokenizer.decode_bytes, stretches))

    def marks(self, tokenizer: Tokenizer) -> tuple[int, int, int]:
        """Ids of prefix, suffix and middle.

        Raises:
            ShardError: the tokenizer has no such specials.
        """
        specials = tokenizer.pipeline.specials()
        for names in (self.specials,) if self.specials else KNOWN:
            if all(name in specials for name in names):
                prefix, suffix, middle = (specials[name] for name in names)
                return prefix, suffix, middle
        asked = self.specials or KNOWN[0]
        raise ShardError(
            f"the tokenizer has no specials {', '.join(asked)}; name its own with "
            "specials=(prefix, suffix, middle), or add some (tokenry surgery)"
        )

    def parts(self, text: bytes, marks: tuple[int, int, int]) -> list[_Part]:
        """A document in parts: texts and ids of specials."""
        key = self.seed.to_bytes(16, "little", signed=True)
        drawn = hashlib.blake2b(text, digest_size=32, key=key, person=b"fim").digest()
        chance, mode, one, other = (
            int.from_bytes(drawn[i : i + 8], "little") for i in (0, 8, 16, 24)
        )
        if chance >= self.rate * 2**64:
            return [text]
        first, last = sorted(_place(text, each) for each in (one, other))
        start, within, end = text[:first], text[first:last], text[last:]
        prefix, suffix, middle = marks
        if mode < self.spm * 2**64:
            return [prefix, suffix, end, middle, start, within]
        return [prefix, start, suffix, end, middle, within]


def _place(text: bytes, drawn: int) -> int:
    """A place between characters."""
    place = drawn * (len(text) + 1) >> 64
    while 0 < place < len(text) and text[place] & 0xC0 == 0x80:
        place -= 1
    return place


def _row(parts: list[_Part], encoded: Iterator[Ids]) -> Ids:
    found = [
        next(encoded) if isinstance(part, bytes) else np.array([part], np.uint32) for part in parts
    ]
    return np.concatenate(found)
