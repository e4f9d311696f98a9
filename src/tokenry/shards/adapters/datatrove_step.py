"""A datatrove step: `DocumentTokenizer` with our tokenizers, its own files, shuffling and resuming.

    LocalPipelineExecutor([JsonlReader("data/"), TokenryTokenizer("ids/", "my-bpe/")]).run()

All options are those of datatrove's step. Each rank encodes on one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from datatrove.pipeline.tokens import DocumentTokenizer

from tokenry.errors import ShardError
from tokenry.text.ragged import Ids
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import load_tokenizer


class TokenryTokenizer(DocumentTokenizer):  # type: ignore[misc]  # datatrove has no types
    """datatrove's step for documents to ids; ``tokenizer_name_or_path`` is what `load` reads."""

    name = "tokenry"
    _requires_dependencies: list[str] = []  # noqa: RUF012  # as datatrove declares it

    @cached_property
    def tokenizer(self) -> EncodingFace:
        """What datatrove asks for ids."""
        tokenizer = load_tokenizer(str(self.tokenizer_name_or_path))
        if self.eos_token is None:
            return EncodingFace(tokenizer, None)
        if self.eos_token not in tokenizer.pipeline.specials():
            raise ShardError(f"eos_token {self.eos_token!r} is no special of the tokenizer")
        return EncodingFace(tokenizer, tokenizer.encode_single_token(self.eos_token))


class EncodingFace:
    """The calls of tokenizers' Tokenizer that the step makes."""

    def __init__(self, tokenizer: Tokenizer, end: int | None) -> None:
        self._tokenizer, self._end = tokenizer, end

    def encode_batch(self, texts: Sequence[str]) -> list[EncodedText]:
        """Ids of texts, each with the end behind it."""
        batch = self._tokenizer.encode_batch(texts, threads=1)
        end = np.array([] if self._end is None else [self._end], np.uint32)
        return [EncodedText(np.concatenate([row, end])) for row in batch]

    def get_vocab_size(self) -> int:
        """How many ids there are."""
        return len(self._tokenizer)

    def token_to_id(self, token: str) -> int | None:
        """The id of a token's name."""
        return self._tokenizer.token_to_id(token)


class EncodedText:
    """What encoding gives: ``ids``, and a mask of ones for those who want a loss."""

    def __init__(self, ids: Ids) -> None:
        self.ids: list[int] = ids.tolist()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def attention_mask(self) -> list[Any]:
        """Ones."""
        return [1] * len(self.ids)
