"""Compiled normalisation rules (`precompiled_charsmap`) of SentencePiece models.

A charsmap maps byte strings to byte strings (``"ﬁ" -> "fi"``). Two programs read the same rules
differently, and both readings are here under their names:

- SentencePiece (Kudo and Richardson 2018, arXiv:1808.06226) takes at each place of the text the
  longest rule that is a prefix of what follows;
- Hugging Face's tokenizers takes a grapheme cluster of several characters and less than six bytes
  as one, every other cluster character by character, and for each the *shortest* rule that it
  begins with.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.spans import Alignment
from tokenry.text.components import Components, component
from tokenry.text.saved_parts import saved_as

LONGEST_CLUSTER = 5  # bytes


@saved_as("charsmap.Charsmap")
@dataclass(frozen=True)
class Charsmap:
    """The rules in ``blob``, as model files carry them; `FormatError` if it is malformed."""

    blob: bytes
    native: _native.Charsmap = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "native", _native.Charsmap(self.blob))
        except ValueError as error:
            raise FormatError(f"malformed {error}; the model file is damaged") from None

    def __reduce__(self) -> tuple[type[Charsmap], tuple[bytes]]:
        return Charsmap, (self.blob,)

    def normalize_transformers(self, text: str) -> str:
        """What the normalizer "Precompiled" of a tokenizer.json makes of ``text``."""
        return self.native.normalize_transformers(text.encode()).decode()

    def align_transformers(self, text: str) -> tuple[str, Alignment]:
        """`normalize_transformers`, and which bytes of ``text`` each byte of it stands for."""
        data, starts, ends = self.native.align_transformers(text.encode())
        return data.decode(), Alignment(starts, ends)

    def normalize_sentencepiece(self, text: str) -> str:
        """What SentencePiece makes of ``text`` before it looks at white space.

        U+2581 is given as a plain space: the two mean the same to a model.
        """
        normalizer = _native.SentencePieceNormalizer(
            self.native, kept=[], remove_extra_spaces=False, dummy="none"
        )
        return normalizer.normalize(text.encode()).decode()

    def to_tokenizer_json(self) -> Components:
        """The rules in a tokenizer.json."""
        return component("Precompiled", precompiled_charsmap=b64encode(self.blob).decode())

    @cached_property
    def rules(self) -> CharsmapRules:
        """The same as readable Python; takes a moment to unpack."""
        return CharsmapRules(dict(_unpacked(self.blob)))


@dataclass(frozen=True)
class CharsmapRules:
    """The readable twin: ``table`` says what replaces a byte string."""

    table: Mapping[bytes, bytes]

    def normalize_sentencepiece(self, text: str) -> str:
        """As `Charsmap.normalize_sentencepiece`."""
        data, result, at = text.encode(), b"", 0
        while at < len(data):
            length, replacement = self.longest(data[at:])
            result += replacement
            at += length
        return result.decode().replace("\u2581", " ")

    def normalize_transformers(self, text: str) -> str:
        """As `Charsmap.normalize_transformers`."""
        import regex

        return "".join(self._cluster(cluster) for cluster in regex.findall(r"\X", text))

    def longest(self, data: bytes) -> tuple[int, bytes]:
        """Length and replacement of the longest rule at the front, or the first character."""
        for length in range(min(len(data), self._longest_key), 0, -1):
            if data[:length] in self.table:
                return length, self.table[data[:length]]
        character = data[:4].decode(errors="ignore")[:1].encode()
        return len(character), character

    def _cluster(self, cluster: str) -> str:
        if len(cluster) > 1 and len(cluster.encode()) <= LONGEST_CLUSTER:
            whole = self._shortest(cluster)
            if whole is not None:
                return whole
        return "".join(self._character(character) for character in cluster)

    def _character(self, character: str) -> str:
        replacement = self._shortest(character)
        return character if replacement is None else replacement

    def _shortest(self, text: str) -> str | None:
        data = text.encode()
        for length in range(1, len(data) + 1):
            if data[:length] in self.table:
                return self.table[data[:length]].decode()
        return None

    @cached_property
    def _longest_key(self) -> int:
        return max(map(len, self.table), default=0)


def _unpacked(blob: bytes) -> list[tuple[bytes, bytes]]:
    """All rules of a blob that `_native.Charsmap` has accepted."""
    size = int.from_bytes(blob[:4], "little")
    units = np.frombuffer(blob, dtype="<u4", count=size // 4, offset=4).astype(np.int64)
    strings = blob[4 + size :]
    rules = []
    waiting = [(b"", _children(units[0]))]
    labels = np.arange(1, 256)
    while waiting:
        prefix, children = waiting.pop()
        places = children ^ labels
        for at in places[(units[places] & 0x800000FF) == labels]:
            key = prefix + bytes([int(at) ^ children])
            below = int(at) ^ _children(units[at])
            if units[at] >> 8 & 1:
                start = int(units[below]) & 0x7FFFFFFF
                rules.append((key, strings[start : strings.index(b"\0", start)]))
            waiting.append((key, below))
    return rules


def _children(unit: NDArray[np.int64]) -> int:
    """Where a Darts unit has its children, relative to its own place."""
    value = int(unit)
    return (value >> 10) << ((value & (1 << 9)) >> 6)
