"""The compiled rules of a SentencePiece model, as the normalizer Precompiled runs them."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.parts import Normalizer
from tokenry.text.raw_words import WordRules
from tokenry.text.saved_parts import saved_as


@saved_as("normalizers.Precompiled")
@dataclass(frozen=True, slots=True)
class Precompiled(Normalizer):
    """The rules of a SentencePiece model, as tokenizers applies them."""

    rules: Charsmap
    lossless: bool = False

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return self.rules.normalize_transformers(text)

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise and align by what a rule matched."""
        return self.rules.align_transformers(text)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return self.rules.to_tokenizer_json()

    def native(self) -> _native.PrecompiledNormalizer:
        """The same in the core."""
        return _native.PrecompiledNormalizer(self.rules.native)

    def word_rules(self) -> WordRules:
        """These."""
        return WordRules(self.rules.native)
