"""Words whose pieces say that they go on (subword-nmt: Sennrich, Haddow, Birch 2016,
arXiv:1508.07909), or that they continue one, joined as transformers joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tokenry.text.decoders.steps import CLEANED, DecoderStep
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import METASPACE


@saved_as("continued.ContinuedDecoder")
@dataclass(frozen=True, slots=True)
class ContinuedDecoder(DecoderStep):
    """A space between every two tokens, but behind the mark, which falls out.

    Attributes:
        mark: at the end of a token that is not the last of its word.
    """

    mark: str = "@@"

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text, without white space at its ends."""
        return [" ".join(tokens).replace(f"{self.mark} ", "").strip()]


@saved_as("continued.ContinuingDecoder")
@dataclass(frozen=True, slots=True)
class ContinuingDecoder(DecoderStep):
    """A space between every two tokens, but before the mark, which falls out.

    Attributes:
        mark: at the beginning of a token that is not the first of its word.
    """

    mark: str = "##"

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text, without white space at its ends."""
        return [" ".join(tokens).replace(f" {self.mark}", "").strip()]


@saved_as("continued.MarkedDecoder")
@dataclass(frozen=True, slots=True)
class MarkedDecoder(DecoderStep):
    """U+2581 is a space, and no other stands between tokens."""

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text, without white space at its ends."""
        return ["".join(tokens).replace(METASPACE, " ").strip()]


@saved_as("continued.CleaningDecoder")
@dataclass(frozen=True, slots=True)
class CleaningDecoder(DecoderStep):
    """The spaces that splitting English at punctuation leaves, undone in the whole text.

    As the slow classes of transformers do, which leave "do not" alone.
    """

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text."""
        text = "".join(tokens)
        for old, new in CLEANED:
            text = text if old == " do not" else text.replace(old, new)
        return [text]
