"""Tokens of which those that end a word say so, joined as transformers joins them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from tokenry.extras import require
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.saved_parts import saved_as


@saved_as("word_ends.WordEndsDecoder")
@dataclass(frozen=True, slots=True)
class WordEndsDecoder(DecoderStep):
    """What ends a word is a space; there is none at the ends of a text.

    Attributes:
        end: what ends a word.
    """

    end: str = "</w>"

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text."""
        return ["".join(tokens).replace(self.end, " ").strip()]


@saved_as("word_ends.MosesDecoder")
@dataclass(frozen=True)
class MosesDecoder(DecoderStep):
    """The same words, joined by the detokenizer of sacremoses.

    Attributes:
        language: of the text, by its code of two letters.
        end: what ends a word in its last token.
    """

    language: str = "en"
    end: str = "</w>"

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text."""
        words = "".join(token.replace(" ", "").replace(self.end, " ") for token in tokens)
        return [self._moses.detokenize(words.split())]

    @cached_property
    def _moses(self) -> Any:
        purpose = "joining words as Moses does"
        return require("sacremoses", "words", purpose).MosesDetokenizer(lang=self.language)
