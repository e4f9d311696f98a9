"""Normalised text as sentencepiece shows it, and where each byte of it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tokenry.formats.sentencepiece_proto import NormalizerSpec
from tokenry.sentencepiece.messages import character_places
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.parts import Normalizer

MARK = "\u2581"
_MARK = MARK.encode()
# Stands for U+2581 in models that leave spaces as they are; as long in UTF-8.
STAND_IN = "\uf8f1"
# Keeps the end of a text from being trimmed, so that the place where it ended is known.
_SENTINEL = b"0"


@dataclass(frozen=True)
class TextNormalizer:
    """A normalizer with the choices of a model about spaces.

    Args:
        part: what changes text; its spaces stand for U+2581, or for spaces.
        spec: the choices.
    """

    part: Normalizer | None
    spec: NormalizerSpec

    @staticmethod
    def swapped_name(piece: str) -> str:
        """A piece of a model that leaves spaces as they are."""
        return piece.replace(MARK, STAND_IN).replace(" ", MARK)

    def shown(self, normalized: bytes) -> bytes:
        """Normalised text with U+2581 for spaces, unless the model leaves these as they are."""
        if self.spec.escape_whitespaces:
            return normalized.replace(b" ", _MARK)
        return normalized.replace(STAND_IN.encode(), _MARK)

    def given(self, text: str | bytes) -> str | bytes:
        """A text as the part is given it."""
        if not self._stands_in:
            return text
        if isinstance(text, bytes):
            return text.replace(_MARK, STAND_IN.encode())
        return text.replace(MARK, STAND_IN)

    def with_origins(self, text: bytes) -> tuple[bytes, list[int]]:
        """Normalised text, and the place in ``text`` of each of its bytes and of its end."""
        if not text:
            return b"", []
        if not isinstance(self.part, SentencePieceNormalizer):
            return text, list(range(len(text) + 1))
        if self._stands_in:
            text = text.replace(_MARK, STAND_IN.encode())
        data, starts, _ = self._open.native().align(text + _SENTINEL)
        kept = data[: -len(_SENTINEL)]
        if self.spec.remove_extra_whitespaces:
            kept = kept.rstrip(b" ")
        origins = starts.tolist()[: len(kept) + 1]
        if not kept and origins[0] == len(text) and self._is_space(text):
            return b"", []
        for at, byte in enumerate(kept):
            if byte >> 6 == 0b10:
                origins[at] = origins[at - 1]
        if self.part.dummy == "after":
            kept, origins = kept + b" ", [*origins, origins[-1]]
        return kept, origins

    def shown_with_origins(self, text: bytes) -> tuple[bytes, list[int]]:
        """`with_origins` of text as it is `shown`."""
        data, origins = self.with_origins(text)
        places: list[int] = []
        for byte, origin in zip(data, origins, strict=False):
            wide = byte == 0x20 and self.spec.escape_whitespaces
            places += [origin] * (len(_MARK) if wide else 1)
        return self.shown(data), [*places, *origins[-1:][: len(origins) - len(data)]]

    def shown_in_characters(self, text: str) -> tuple[str, list[int]]:
        """The same of a str, in characters."""
        data = text.encode("utf-8", "replace")
        shown, places = self.shown_with_origins(data)
        of_bytes = character_places(data)
        result = shown.decode()
        chosen, at = [], 0
        for character in result:
            chosen.append(of_bytes[places[at]])
            at += len(character.encode())
        return result, [*chosen, of_bytes[places[-1]] if places else 0]

    def _is_space(self, text: bytes) -> bool:
        """Whether a text is nothing but what becomes one space each; nothing of it falls out."""
        part = replace(self._open, remove_extra_spaces=False, dummy="none")
        data, starts, ends = part.native().align(text)
        return not data.strip(b" ") and [0, *ends.tolist()] == [*starts.tolist(), len(text)]

    @cached_property
    def _stands_in(self) -> bool:
        """Whether a U+2581 of the text stays one: spaces do, and no rule changes it."""
        rules = getattr(self.part, "charsmap", None)
        return not self.spec.escape_whitespaces and (
            rules is None or rules.normalize_transformers(MARK) == MARK
        )

    @cached_property
    def _open(self) -> SentencePieceNormalizer:
        assert isinstance(self.part, SentencePieceNormalizer)
        return self.part if self.part.dummy != "after" else replace(self.part, dummy="none")


def normalized(normalizer: TextNormalizer, texts: Any, with_offsets: bool) -> Any:
    """What `SentencePieceProcessor.normalize` gives."""
    if isinstance(texts, list):
        return [normalized(normalizer, text, with_offsets) for text in texts]
    if isinstance(texts, bytes):
        pair: tuple[str | bytes, list[int]] = normalizer.shown_with_origins(texts)
    else:
        pair = normalizer.shown_in_characters(texts)
    return pair if with_offsets else pair[0]
