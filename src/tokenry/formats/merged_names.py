"""Merges of characters whose pieces have their ids by name in a second file.

What has no name there is unknown, be it merged or not. How pieces are named is the file's own: by a
mark on those that end a word (``the</w>``), or on those that go on (``th@@``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Final

import numpy as np

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.segmenters.affixed import AffixedBytePairSegmenter
from tokenry.text.segmenters.renamed import RenamedSegmenter
from tokenry.vocabulary import Vocabulary

END: Final = "</w>"
"""At the end of the last symbol of a word, in merges."""
Pairs = list[tuple[str, str]]


class Naming(ABC):
    """How symbols of merges are called in the other file."""

    @abstractmethod
    def name(self, symbol: str) -> str:
        """What a symbol is called."""

    @abstractmethod
    def symbol(self, name: str) -> str:
        """What is called so."""

    def canonical(self, name: str) -> bytes:
        """The piece of a name: one that ends a word has a space behind it."""
        symbol = self.symbol(name)
        return (f"{symbol.removesuffix(END)} " if symbol.endswith(END) else symbol).encode()


class EndingNames(Naming):
    """Names are as merges have them."""

    def name(self, symbol: str) -> str:
        """The symbol."""
        return symbol

    def symbol(self, name: str) -> str:
        """The name."""
        return name


class GoingOnNames(Naming):
    """A piece that does not end its word has a mark."""

    mark: Final = "@@"

    def name(self, symbol: str) -> str:
        """With the mark, or without the end."""
        return symbol.removesuffix(END) if symbol.endswith(END) else symbol + self.mark

    def symbol(self, name: str) -> str:
        """With the end, or without the mark."""
        return name.removesuffix(self.mark) if name.endswith(self.mark) else name + END


def in_order(rows: list[tuple[str, ...]]) -> Pairs:
    """The merges in their order; of one that comes twice the last counts.

    Raises:
        UnsupportedError: one of them spells the end of a word out.
    """
    ranks = {row: rank for rank, row in enumerate(rows)}
    pairs = [(row[0], row[1]) for row in sorted(ranks, key=lambda row: ranks[row]) if len(row) == 2]
    for left, right in pairs:
        if (left + right).endswith(END) and not right.endswith(END):
            raise UnsupportedError(f"the merge of {left!r} and {right!r} spells {END} out")
    return pairs


def make_pipeline(
    ids: Mapping[str, int],
    pairs: Pairs,
    specials: Specials,
    naming: Naming,
    *,
    words: str,
    step: DecoderStep,
    template: Template | None = None,
) -> Pipeline:
    """The tokenizer of such a pair of files.

    Args:
        ids: by name.
        pairs: the merges, the first one first.
        specials: what other files say of specials.
        naming: of symbols in ``ids``.
        words: matches what is merged; the rest of a text is lost.
        step: joins names.
        template: ids around a text.

    Raises:
        FormatError: the unknown token has no id.
    """
    added = specials.added(ids)
    unknown = ids.get(specials.name("unk_token") or "")
    if unknown is None:
        raise FormatError(f"the unknown token {specials.name('unk_token')!r} has no id")
    names = by_id({**ids, **{token.content: token.id for token in added}})
    vocabulary = _vocabulary(names, added, unknown, naming)
    symbols = _symbols(pairs, ids, naming)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=RenamedSegmenter(
            _merging(symbols, pairs),
            vocabulary,
            np.array([ids.get(naming.name(s), unknown) for s in symbols] + [unknown], np.uint32),
            len(symbols),
            unknown,
        ),
        pretokenizer=RegexPretokenizer(words, behaviour="removed", invert=True),
        added_tokens=added,
        template=template,
        decoder=SpelledDecoder(tuple(names), (step,)),
        lossless=False,
        metadata={"format": "subword_nmt"},
    )


def by_id(ids: Mapping[str, int]) -> list[str | None]:
    """Names by id, None where there is none; of two names of an id the last."""
    names: list[str | None] = [None] * (1 + max(ids.values()))
    for name, id_ in ids.items():
        names[id_] = name
    return names


def _vocabulary(
    names: list[str | None], added: list[AddedToken], unknown: int, naming: Naming
) -> Vocabulary:
    roles = {token.id: "special" if token.special else "added" for token in added}
    roles[unknown] = "unknown"
    pieces = [
        None if name is None else name.encode() if id_ in roles else naming.canonical(name)
        for id_, name in enumerate(names)
    ]
    return Vocabulary(pieces, roles)


def _symbols(pairs: Pairs, ids: Mapping[str, int], naming: Naming) -> list[str]:
    """What merges read and write, and single characters that have names; these first."""
    merged = [each for left, right in pairs for each in (left, right, left + right)]
    named = [symbol for symbol in map(naming.symbol, ids) if len(symbol.removesuffix(END)) == 1]
    known = dict.fromkeys([*named, *merged])
    return sorted(known, key=lambda symbol: len(symbol.removesuffix(END)) > 1)


def _merging(symbols: list[str], pairs: Pairs) -> AffixedBytePairSegmenter:
    """The merges over symbols; what is none is the id behind theirs."""
    place = {symbol: id_ for id_, symbol in enumerate(symbols)}
    pieces = [EndingNames().canonical(symbol) for symbol in symbols]
    rows = [(place[left], place[right], place[left + right]) for left, right in pairs]
    return AffixedBytePairSegmenter(
        Vocabulary([*pieces, b"?"], {len(symbols): "unknown"}),
        (*symbols, None),
        np.array(rows, np.uint32).reshape(-1, 3),
        np.arange(len(rows), dtype=np.uint32),
        suffix=END,
        unknown=len(symbols),
    )
