"""Tokens of CPM (Zhang et al. 2020, arXiv:2012.00413) back to text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import METASPACE

_WRITTEN: Final = str.maketrans({" ": None, "\u2582": " ", "\u2583": "\n"})


@saved_as("cpm.CpmDecoder")
@dataclass(frozen=True, slots=True)
class CpmDecoder(DecoderStep):
    """Spaces stand between words only; those of the text are U+2582, its line feeds U+2583."""

    joins: ClassVar[bool] = True

    def __call__(self, tokens: list[str]) -> list[str]:
        """Join all tokens to one text."""
        return ["".join(tokens).replace(METASPACE, " ").strip().translate(_WRITTEN)]
