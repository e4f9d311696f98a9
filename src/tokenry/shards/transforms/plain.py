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
        return EncodedDocuments(Ragged.of([_encoded(tokenizer, text) for text in texts]))

    def decode(self, tokenizer: Tokenizer, ids: Ids) -> bytes:
        """The text again."""
        return tokenizer.decode_bytes(ids)


def _encoded(tokenizer: Tokenizer, text: bytes) -> Ids:
    pieces = exact_pieces(io.BytesIO(text), tokenizer.pipeline, size=LONG)
    return np.concatenate([tokenizer.encode_to_numpy(piece) for piece in pieces])
