"""Byte-pair encoding whose symbols say where in a word they stand (Sennrich, Haddow, Birch 2016).

The last symbol of a pretoken carries a suffix (``</w>`` in CLIP and the first GPT), all but the
first a prefix (``##``). Such a symbol is another one than the same byte or character elsewhere;
merging is that of `tokenry.text.segmenters.bpe`, over one private character a symbol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.text.components import Components, IdNames, component
from tokenry.text.parts import Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters import merge_table
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.interpreted import interpreted
from tokenry.text.segmenters.symbols import Symbols, matchable, split_symbols
from tokenry.vocabulary import UNMATCHED_ROLES, Vocabulary, to_byte_level

# Planes 15 and 16 are private: 131,068 symbols of four bytes each.
_FIRST_PRIVATE = 0xF0000
_NO_SYMBOL = b"\xf4\x8f\xbf\xbd"  # U+10FFFD, of what is unknown
_WIDTH = 4


@saved_as("affixed.AffixedBytePairSegmenter")
@dataclass(frozen=True, eq=False)
class AffixedBytePairSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that merges pairs of symbols with affixes.

    Args:
        vocabulary: canonical pieces; a piece that ends a word has a space behind it.
        tokens: by id, how the file spells the tokens of the model; None for any other id.
        merges: left id, right id, merged id; shape (m, 3).
        ranks: rank of each merge, shape (m,); the lowest is applied first.
        prefix: before every symbol but the first of a pretoken.
        suffix: behind the last symbol of a pretoken.
        symbols: bytes, spelled in the byte-level alphabet, or characters.
        unknown: what has no token becomes this id; None: it is left out, as in tokenizers.
        fuse_unknown: neighbouring unknowns are one id.
        whole_pretokens: a pretoken that is a token is that id, whatever merging would give.
    """

    vocabulary: Vocabulary
    tokens: tuple[str | None, ...]
    merges: NDArray[np.uint32]
    ranks: NDArray[np.uint32]
    prefix: str = ""
    suffix: str = ""
    symbols: Symbols = "characters"
    unknown: int | None = None
    fuse_unknown: bool = False
    whole_pretokens: bool = False

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken."""
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        symbols = split_symbols(pretoken, self.symbols)
        if self.whole_pretokens:
            whole = self._ids.get("".join(map(self._spelled, symbols)))
            if whole is not None:
                return [(whole, len(pretoken))]
        codes = self._coded(symbols)
        widths = _widths(symbols, codes)
        found = self._inner.segment_with_sizes(b"".join(codes)) if widths else []
        return list(_sized(found, widths))

    def native(self) -> _native.Segmenter:
        """The same in the core; built once. What is more than merging is done by Python."""
        return self._core

    @cached_property
    def _core(self) -> _native.Segmenter:
        points, codes = self._codes_by_place()
        leaves_out = self.unknown is None and not (self.symbols == "bytes" and codes.all())
        if self.whole_pretokens or leaves_out:
            return interpreted(self.segment_with_sizes, self.vocabulary)
        run, offsets = matchable(self.vocabulary)
        return _native.AffixedSegmenter(
            self._inner.native(),
            points,
            codes,
            unknown=0 if self.unknown is None else ord(_NO_SYMBOL.decode()),
            characters=self.symbols == "characters",
            pieces=run,
            offsets=offsets,
        )

    def _codes_by_place(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Symbols, and the private character of each where it is first, inside, alone and last."""
        if self.symbols == "bytes":
            known = {byte: to_byte_level(bytes([byte])) for byte in range(256)}
        else:
            bare = (self._bare(token) for token in self._ids)
            known = {ord(symbol): symbol for symbol in bare if len(symbol) == 1}
        rows = [
            [
                self._private(prefix + symbol + suffix)
                for suffix in ("", self.suffix)
                for prefix in ("", self.prefix)
            ]
            for symbol in known.values()
        ]
        codes = np.array(rows, dtype=np.uint32).reshape(-1, 4)
        return np.array([*known], dtype=np.uint32), codes

    def _private(self, token: str) -> int:
        """The private character of a symbol, or 0 where it has no id."""
        id_ = self._ids.get(token)
        return 0 if id_ is None else ord(self._code(id_).decode())

    def _bare(self, token: str) -> str:
        return (
            token if len(token) == 1 else token.removeprefix(self.prefix).removesuffix(self.suffix)
        )

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """The model BPE."""
        return component(
            "BPE",
            dropout=None,
            unk_token=None if self.unknown is None else ids.names[self.unknown],
            continuing_subword_prefix=self.prefix or None,
            end_of_word_suffix=self.suffix or None,
            fuse_unk=self.fuse_unknown,
            byte_fallback=False,
            ignore_merges=self.whole_pretokens,
            vocab=ids.vocab(),
            merges=merge_table.spelled(self.merges, self.ranks, ids.names),
        )

    def without_whole_pretokens(self) -> AffixedBytePairSegmenter:
        """The same where a pretoken that is a token is merged like any other."""
        return replace(self, whole_pretokens=False) if self.whole_pretokens else self

    @property
    def starts_from_bytes(self) -> bool:
        """Whether merging starts from bytes."""
        return self.symbols == "bytes"

    @cached_property
    def _ids(self) -> dict[str, int]:
        roles = self.vocabulary.roles
        return {
            token: id_
            for id_, token in enumerate(self.tokens)
            if token is not None and roles.get(id_) not in UNMATCHED_ROLES
        }

    def _spelled(self, symbol: bytes) -> str:
        return (
            to_byte_level(symbol) if self.symbols == "bytes" else symbol.decode("utf-8", "replace")
        )

    def _coded(self, symbols: list[bytes]) -> list[bytes]:
        """The private character of each symbol; nothing where it is left out."""
        last = len(symbols) - 1
        none = b"" if self.unknown is None else _NO_SYMBOL
        codes: list[bytes] = []
        for place, symbol in enumerate(symbols):
            token = self._spelled(symbol)
            token = (self.prefix if place else "") + token + (self.suffix if place == last else "")
            id_ = self._ids.get(token)
            codes.append(none if id_ is None else self._code(id_))
        return codes

    def _code(self, id_: int) -> bytes:
        return chr(_FIRST_PRIVATE + id_).encode() if id_ < 0x1FFF0 else _NO_SYMBOL

    @cached_property
    def _inner(self) -> BytePairSegmenter:
        """The merges over private characters, under the same ids."""
        pieces: list[bytes | None] = [None] * len(self.vocabulary)
        longest = 1 + len(self.prefix) + len(self.suffix)  # told apart quickly: most are longer
        for token, id_ in self._ids.items():
            if len(token) <= longest and self._is_symbol(token):
                pieces[id_] = self._code(id_)
        kept = _derived(self.merges.tolist(), pieces)
        return BytePairSegmenter(
            Vocabulary(pieces),
            self.merges[kept],
            self.ranks[kept],
            symbols="characters",
            unknown=self.unknown,
            fuse_unknown=self.fuse_unknown,
        )

    def _is_symbol(self, token: str) -> bool:
        return (
            len(token.removeprefix(self.prefix).removesuffix(self.suffix)) == 1 or len(token) == 1
        )


def _derived(merges: list[list[int]], pieces: list[bytes | None]) -> NDArray[np.int64]:
    """Give pieces to what merges make; the places of the merges that can happen."""
    waiting, kept, before = list(range(len(merges))), [], -1
    while len(waiting) != before:
        before, still = len(waiting), []
        for place in waiting:
            left, right, merged = merges[place]
            one, other = pieces[left], pieces[right]
            if one is None or other is None:
                still.append(place)
                continue
            if pieces[merged] is None:
                pieces[merged] = one + other
            kept.append(place)
        waiting = still
    return np.array(sorted(kept), dtype=np.int64)


def _widths(symbols: list[bytes], codes: list[bytes]) -> list[int]:
    """Bytes of each symbol that has a code, with those before it that have none."""
    widths: list[int] = []
    open_ = 0
    for symbol, code in zip(symbols, codes, strict=True):
        open_ += len(symbol)
        if code:
            widths.append(open_)
            open_ = 0
    return [*widths[:-1], widths[-1] + open_] if widths else []


def _sized(found: list[SizedId], widths: list[int]) -> Iterator[SizedId]:
    """Sizes in bytes of the pretoken instead of private characters."""
    place = 0
    for id_, size in found:
        count = size // _WIDTH
        yield id_, sum(widths[place : place + count])
        place += count
