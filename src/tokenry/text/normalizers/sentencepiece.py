"""What SentencePiece does to text before it segments it (Kudo and Richardson 2018,
arXiv:1808.06226), and how it joins pieces again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.components import Components, cannot_say, component, joined, replacing
from tokenry.text.model_fields import ModelNormalization
from tokenry.text.normalizers.charsmap import Charsmap, CharsmapRules
from tokenry.text.parts import Normalizer
from tokenry.text.raw_words import WordNormalization
from tokenry.text.saved_parts import saved_as

Dummy = Literal["before", "after", "none"]
MARK = "\u2581"
SPACES = " \t\n\r"
NEAREST = (
    "the white space and the compiled rules of SentencePiece have no exact form in this file",
    "decoding writes specials and the unknown token by name, which SentencePiece does not",
)


@saved_as("sentencepiece_normalizer.SentencePieceNormalizer")
@dataclass(frozen=True)
class SentencePieceNormalizer(Normalizer):
    """A `tokenry.text.parts.Normalizer`: rules, white space, and one space around the text.

    The result has a plain space where SentencePiece has U+2581: the two mean the same to a model.

    Args:
        charsmap: the rules of the model; None for none.
        remove_extra_spaces: drop spaces at both ends and all but the first of several.
        dummy: where one space is put.
        kept: strings that no rule changes (the user-defined pieces of the model).
    """

    charsmap: Charsmap | None = None
    remove_extra_spaces: bool = True
    dummy: Dummy = "before"
    kept: tuple[str, ...] = ()

    @property
    def lossless(self) -> bool:
        """Whether decoding restores every text (a U+2581 in it comes back as a space)."""
        return self.charsmap is None and not self.remove_extra_spaces

    def __call__(self, text: str) -> str:
        """Normalise ``text``."""
        return self._core.normalize(text.encode()).decode()

    def align(self, text: str) -> tuple[str, Alignment]:
        """Normalise ``text`` and say which bytes of it each byte of the result stands for."""
        data, starts, ends = self._core.align(text.encode())
        return data.decode(), Alignment(starts, ends)

    def native(self) -> _native.SentencePieceNormalizer:
        """The same in the native core; built once."""
        return self._core

    def word_normalization(self) -> WordNormalization | None:
        """What rules and white space do to words; none where a rule reads spaces, or writes marks.

        Where extra spaces are kept, words change by rules that read no space. Where they are
        removed, each word has one space before it, whatever stood there; with the rules of most
        models that may be tabs and ends of lines. Strings that no rule changes lie in one word, but
        for those with white space in them.
        """
        removes = self.remove_extra_spaces
        spaced = any(space in text for text in self.kept for space in SPACES)
        if spaced or self.dummy not in (("before",) if removes else ("before", "none")):
            return None
        rules = None if self.charsmap is None else self.charsmap.native
        if rules is not None and (rules.reads(ord(" ")) or rules.writes(MARK.encode())):
            return None
        prefix = b" " if self.dummy == "before" else b""
        if rules is None and not removes:
            return WordNormalization(_native.WordChanges(), prefix)
        inner = replace(self, dummy="none").native()
        core = _native.WordChanges(inner, spaced=removes)
        squeezes = b" \t\n\r"
        if not removes or rules is None or not all(map(rules.is_space, squeezes[1:])):
            squeezes = b""
        return WordNormalization(core, prefix, removes, squeezes)

    @cached_property
    def _core(self) -> _native.SentencePieceNormalizer:
        return _native.SentencePieceNormalizer(
            None if self.charsmap is None else self.charsmap.native,
            kept=[text.encode() for text in self.kept],
            remove_extra_spaces=self.remove_extra_spaces,
            dummy=self.dummy,
        )

    def by_hand(self, text: str) -> str:
        """The readable twin of calling it."""
        replaced = self._replaced(text)
        if self.remove_extra_spaces:
            while replaced and replaced[0] == " ":
                del replaced[0]
        if not replaced:
            return ""
        result = "".join(self._squeezed(replaced) if self.remove_extra_spaces else replaced)
        result = " " * (self.dummy == "before") + result.replace(MARK, " ")
        if self.remove_extra_spaces:
            result = result.rstrip(" ")
        return result + " " * (self.dummy == "after")

    def _replaced(self, text: str) -> list[str]:
        """What each rule, or each character, of the text becomes."""
        rules = CharsmapRules({}) if self.charsmap is None else self.charsmap.rules
        data, result, at = text.encode(), [], 0
        kept = sorted((each.encode() for each in self.kept), key=len, reverse=True)
        while at < len(data):
            found = next((each for each in kept if data.startswith(each, at)), None)
            length, replacement = (len(found), found) if found else rules.longest(data[at:])
            result.append(replacement.decode())
            at += length
        return result

    @staticmethod
    def _squeezed(replaced: list[str]) -> list[str]:
        after_space, result = True, []
        for part in replaced:
            rest = part.lstrip(" ") if after_space else part
            if rest:
                result.append(rest)
                after_space = rest.endswith(" ")
        return result

    def to_sentencepiece(self) -> ModelNormalization:
        """All of it."""
        rules = None if self.charsmap is None else self.charsmap.blob
        return ModelNormalization(rules, self.dummy, self.remove_extra_spaces, self.kept)

    def to_tokenizer_json(self) -> Components:
        """The nearest components: rules, spaces squeezed, one space before, plain spaces.

        Real models convert well and never exactly: tokenizers applies compiled rules otherwise, and
        SentencePiece looks for user-defined pieces while it normalises.
        """
        if self.dummy == "after":
            cannot_say(self, ", which puts a space after each word")
        parts = [] if self.charsmap is None else [self.charsmap.to_tokenizer_json()]
        if self.remove_extra_spaces:
            parts.append(replacing({"Regex": r"\A +| +\z"}, ""))
            parts.append(replacing({"Regex": " {2,}"}, " "))
        if self.dummy == "before":
            parts.append(component("Prepend", prepend=" "))
        parts.append(replacing({"String": MARK}, " "))
        return joined(parts) + Components(reasons=NEAREST)
