"""The ids of the text, nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from tokenry.shards.transforms.contract import EncodedDocuments
from tokenry.text.ragged import Ids, Ragged
from tokenry.text.safe_cuts import exact_pieces
from tokenry.tokenizer import Tokenizer

LONG: Final = (
    8 << 20
)  # bytes from which on a text is encoded in pieces: ids in one grow by doubling


@dataclass(frozen=True)
class Plain:
    """Text as it is; a special written in it is ordinary text."""

    takes_records: ClassVar[bool] = False
    channels: ClassVar[tuple[str, ...]] = ()

    def encode(self, tokenizer: Tokenizer, texts: list[bytes]) -> EncodedDocuments:
        """Ids of documents."""
        if max(map(len, texts)) < LONG:
            return EncodedDocuments(tokenizer.encode_batch(texts, threads=1))
        return EncodedDocuments(_in_pieces(tokenizer, texts))

    def decode(self, tokenizer: Tokenizer, ids: Ids) -> bytes:
        """The text again."""
        return tokenizer.decode_bytes(ids)


def _in_pieces(tokenizer: Tokenizer, texts: list[bytes]) -> Ragged:
    """Long texts, a piece at a time; ids grow in place, where a list of them would be copied."""
    ids, ends = bytearray(), [0]
    for text in texts:
        for piece in exact_pieces(io.BytesIO(text), tokenizer.pipeline, size=LONG):
            ids += tokenizer.encode_to_numpy(piece).data
        ends.append(len(ids) // 4)
    return Ragged(np.frombuffer(ids, np.uint32), np.array(ends, np.uint64))
