"""The ids of the text, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tokenry.shards.transforms.contract import EncodedDocuments
from tokenry.text.ragged import Ids
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True)
class Plain:
    """Text as it is; a special written in it is ordinary text."""

    takes_records: ClassVar[bool] = False
    channels: ClassVar[tuple[str, ...]] = ()

    def encode(self, tokenizer: Tokenizer, texts: list[bytes]) -> EncodedDocuments:
        """Ids of documents."""
        return EncodedDocuments(tokenizer.encode_batch(texts, threads=1))

    def decode(self, tokenizer: Tokenizer, ids: Ids) -> bytes:
        """The text again."""
        return tokenizer.decode_bytes(ids)
