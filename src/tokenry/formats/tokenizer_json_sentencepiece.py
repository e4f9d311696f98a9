"""What SentencePiece does around its model, in the nearest components of a tokenizer.json.

Real models convert well and never exactly: the two apply compiled rules differently, and
SentencePiece looks for user-defined pieces while it normalises.
"""

from __future__ import annotations

from tokenry.errors import UnsupportedError
from tokenry.text.decoders import steps as decoders
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.normalizers.sentencepiece import SentencePieceDecoder, SentencePieceNormalizer
from tokenry.text.normalizers.steps import Precompiled, Prepend, Replace
from tokenry.text.normalizers.word_start import TO_SPACES
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer
from tokenry.vocabulary import METASPACE

NEAREST = (
    "the white space and the compiled rules of SentencePiece have no exact form in this file",
    "decoding writes specials and the unknown token by name, which SentencePiece does not",
)


def normalizer_steps(part: SentencePieceNormalizer) -> list[Normalizer]:
    """Rules, spaces squeezed, one space before, as text with plain spaces.

    Raises:
        UnsupportedError: the space stands after words.
    """
    if part.dummy == "after":
        raise UnsupportedError("a tokenizer.json cannot say that a space stands after each word")
    steps: list[Normalizer] = []
    if part.charsmap is not None:
        steps.append(Precompiled(part.charsmap))
    if part.remove_extra_spaces:
        steps.append(Replace(TextPattern(r"\A +| +\z"), ""))
        steps.append(Replace(TextPattern(" {2,}"), " "))
    if part.dummy == "before":
        steps.append(Prepend(" "))
    return [*steps, TO_SPACES]


def decoder_steps(part: SentencePieceDecoder) -> list[DecoderStep]:
    """Marks to spaces, bytes to text, and the space that was put before removed."""
    steps: list[DecoderStep] = [
        decoders.ReplaceDecoder(TextPattern(METASPACE, True), " "),
        decoders.ByteFallbackDecoder(),
        decoders.FuseDecoder(),
    ]
    return steps if part.strip == "none" else [*steps, decoders.StripDecoder(" ", 1, 0)]
