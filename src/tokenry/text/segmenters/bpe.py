"""Byte-pair encoding of a pretoken (Sennrich, Haddow, Birch 2016, arXiv 1508.07909).

The symbols of a pretoken, its bytes or its characters, are merged two neighbours at a time: always
the pair of the lowest rank, of equal ranks the leftmost, until no pair is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tokenry import _native
from tokenry.errors import VocabularyError
from tokenry.text.components import (
    Components,
    IdNames,
    Spelling,
    byte_level,
    cannot_say,
    component,
)
from tokenry.text.id_changes import Addition, Growth, Renumbering
from tokenry.text.model_fields import ModelPieces
from tokenry.text.parts import MergeStep, Segmenter, SizedId
from tokenry.text.saved_parts import saved_as
from tokenry.text.segmenters import merge_table
from tokenry.text.segmenters.alone import encode_alone
from tokenry.text.segmenters.merge_table import merge_rows
from tokenry.text.segmenters.symbols import (
    FirstSymbols,
    Symbols,
    ids_of_bytes,
    ids_of_pieces,
    matchable,
)
from tokenry.vocabulary import Vocabulary

NO_RANK = 2**32 - 1  # of an id that merging never makes
EQUAL_RANKS: Final = "some merges have the same rank, which a list of merges cannot say"
NOT_BY_RANKS: Final = "merges are not in the order of ids, or leave pieces that ranks would make"


@saved_as("bpe.BytePairSegmenter")
@dataclass(frozen=True, eq=False)
class BytePairSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that merges pairs.

    Args:
        vocabulary: canonical pieces; those whose role is special, unknown or unused never come
            out of text, those whose role is byte only by ``byte_fallback``.
        merges: left id, right id, merged id; shape (m, 3).
        ranks: rank of each merge, shape (m,); the lowest is applied first.
        symbols: what merging starts from.
        byte_fallback: a character without a piece becomes its bytes, where all of them have ids.
        unknown: what else has no piece becomes this id.
        fuse_unknown: neighbouring unknowns are one id.
        whole_pretokens: a pretoken that is a piece is that id, whatever merging would give
            (tiktoken; ``ignore_merges`` of tokenizers).
    """

    vocabulary: Vocabulary
    merges: NDArray[np.uint32]
    ranks: NDArray[np.uint32]
    symbols: Symbols = "bytes"
    byte_fallback: bool = False
    unknown: int | None = None
    fuse_unknown: bool = False
    whole_pretokens: bool = False

    neighbours_decide: ClassVar[bool] = True

    @classmethod
    def from_ranks(
        cls,
        vocabulary: Vocabulary,
        ranks: ArrayLike | None = None,
        *,
        symbols: Symbols = "bytes",
        byte_fallback: bool = False,
        unknown: int | None = None,
        fuse_unknown: bool = False,
        whole_pretokens: bool = True,
    ) -> BytePairSegmenter:
        """The rule of tiktoken and SentencePiece: neighbours whose concatenation is a piece merge.

        Args:
            vocabulary: as in the class.
            ranks: rank of each id, `NO_RANK` for what merging never makes; the id itself where
                None. Shape (len(vocabulary),).
            symbols: as in the class, and so are the rest.
            byte_fallback: see the class.
            unknown: see the class.
            fuse_unknown: see the class.
            whole_pretokens: see the class.

        Raises:
            VocabularyError: the number of ranks is not that of the ids.
        """
        rank_of_id = (
            np.arange(len(vocabulary), dtype=np.uint32)
            if ranks is None
            else np.array(ranks, dtype=np.uint32)
        )
        if len(rank_of_id) != len(vocabulary):
            raise VocabularyError(
                f"{len(vocabulary)} pieces need as many ranks, not {len(rank_of_id)}"
            )
        if symbols == "characters":
            bytes_ = [id_ for id_, role in vocabulary.roles.items() if role == "byte"]
            rank_of_id = rank_of_id.copy()
            rank_of_id[bytes_] = NO_RANK
        none = np.zeros(0, np.uint32)
        segmenter = cls(
            vocabulary, none.reshape(0, 3), none, symbols, byte_fallback, unknown, fuse_unknown,
            whole_pretokens,
        )  # fmt: skip
        # Merges are found when they are asked for, with the core: of 150,000 pieces in 100 ms.
        del segmenter.__dict__["merges"], segmenter.__dict__["ranks"]
        segmenter.__dict__["_rank_of_id"] = rank_of_id
        return segmenter

    def __getattr__(self, name: str) -> object:
        """Merges of a segmenter that was made from ranks."""
        if name not in ("merges", "ranks") or "_rank_of_id" not in self.__dict__:
            raise AttributeError(name)
        merges = self._core.merges()
        ranks = self.__dict__["_rank_of_id"][merges[:, 2]]
        self.__dict__.update(merges=merges, ranks=ranks)
        return self.__dict__[name]

    @classmethod
    def from_merges(
        cls,
        vocabulary: Vocabulary,
        merges: ArrayLike,
        *,
        symbols: Symbols = "bytes",
        byte_fallback: bool = False,
        unknown: int | None = None,
        fuse_unknown: bool = False,
        whole_pretokens: bool = False,
    ) -> BytePairSegmenter:
        """Merges in the order of their ranks, as ``merges.txt`` and ``tokenizer.json`` give them.

        Args:
            vocabulary: as in the class.
            merges: left id, right id, merged id, shape (m, 3); or pieces as pairs of bytes, whose
                ids are looked up.
            symbols: as in the class, and so are the rest.
            byte_fallback: see the class.
            unknown: see the class.
            fuse_unknown: see the class.
            whole_pretokens: see the class.

        Raises:
            VocabularyError: a merge of pieces that are not in the vocabulary.
        """
        table = merge_rows(vocabulary, merges)
        ranks = np.arange(len(table), dtype=np.uint32)
        return cls(
            vocabulary, table, ranks, symbols, byte_fallback, unknown, fuse_unknown,
            whole_pretokens,
        )  # fmt: skip

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one pretoken.

        Raises:
            EncodeError: a part has no piece and there is no unknown id.
        """
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[SizedId]:
        """Ids of one pretoken, each with the number of bytes that it stands for."""
        whole = self._whole.get(pretoken) if self.whole_pretokens else None
        if whole is not None:
            return [(whole, len(pretoken))]
        return self._merge(list(self._first_symbols.of(pretoken)))

    def derivation(self, pretoken: bytes) -> list[tuple[int, int, int]]:
        """Merges that are applied to a pretoken, in order: left, right and merged id.

        They are those of merging alone, whatever ``whole_pretokens`` says.

        Raises:
            EncodeError: a part has no piece and there is no unknown id.
        """
        symbols = list(self._first_symbols.of(pretoken))
        return [ids for _, _, ids in self._steps(symbols)]

    def native(self) -> _native.Segmenter:
        """The same in the native core; built once.

        Raises:
            VocabularyError: merges and pieces contradict each other.
        """
        return self._superwords or self._core

    def in_one_step(self) -> _native.BpeSegmenter:
        """The same without a step of its own for superwords, which makes them slowly."""
        return self._core

    @cached_property
    def _superwords(self) -> _native.SuperwordSegmenter | None:
        return _native.superword_segmenter(self._core)

    @cached_property
    def _core(self) -> _native.BpeSegmenter:
        pieces, offsets = matchable(self.vocabulary)
        options = self._options
        rank_of_id = self.__dict__.get("_rank_of_id")
        if rank_of_id is not None:
            return _native.BpeSegmenter.from_ranks(
                pieces=pieces, offsets=offsets, ranks=rank_of_id, **options
            )
        return _native.BpeSegmenter(
            pieces=pieces,
            offsets=offsets,
            merges=np.ascontiguousarray(self.merges, dtype=np.uint32).reshape(-1, 3),
            ranks=np.ascontiguousarray(self.ranks, dtype=np.uint32),
            **options,
        )

    @property
    def _options(self) -> dict[str, Any]:
        return {
            "symbols": self.symbols,
            "byte_ids": ids_of_bytes(self.vocabulary, self.symbols),
            "byte_fallback": self.byte_fallback,
            "unknown": -1 if self.unknown is None else self.unknown,
            "fuse_unknown": self.fuse_unknown,
            "whole_pretokens": self.whole_pretokens,
        }

    @cached_property
    def _pairs(self) -> dict[tuple[int, int], tuple[int, int]]:
        rows = zip(self.ranks.tolist(), self.merges.tolist(), strict=True)
        known: dict[tuple[int, int], tuple[int, int]] = {}
        possible = {id_ for id_, size in enumerate(np.diff(matchable(self.vocabulary)[1])) if size}
        for rank, (left, right, merged) in sorted(rows, key=lambda row: row[0]):
            if left in possible and right in possible:
                known.setdefault((left, right), (rank, merged))
        return known

    @cached_property
    def _whole(self) -> dict[bytes, int]:
        return ids_of_pieces(self.vocabulary, self.symbols)

    @cached_property
    def _first_symbols(self) -> FirstSymbols:
        return FirstSymbols(
            self.symbols,
            self._whole,
            ids_of_bytes(self.vocabulary, self.symbols),
            self.byte_fallback,
            self.unknown,
            self.fuse_unknown,
        )

    def first_symbols(self, pretoken: bytes) -> list[SizedId]:
        """What merging starts from, each with the number of bytes that it stands for.

        Raises:
            EncodeError: a part has no piece and there is no unknown id.
        """
        return list(self._first_symbols.of(pretoken))

    def merge_of(self, left: int, right: int) -> tuple[int, int] | None:
        """The rank of the merge of two ids and what it makes; None where they do not merge."""
        return self._pairs.get((left, right))

    def merge_steps(self, pretoken: bytes) -> Iterator[MergeStep]:
        """The symbols at first and after each merge, with its place and its rank."""
        symbols = list(self._first_symbols.of(pretoken))
        yield list(symbols), None, None
        for rank, at, _ in self._steps(symbols):
            yield list(symbols), at, rank

    def _merge(self, symbols: list[SizedId]) -> list[SizedId]:
        for _ in self._steps(symbols):
            pass
        return symbols

    def _steps(self, symbols: list[SizedId]) -> Iterator[tuple[int, int, tuple[int, int, int]]]:
        """Merge in place; rank, place, and left, right and merged id of each step."""
        while True:
            best = min(
                (
                    (self._pairs[pair][0], at)
                    for at, ((left, _), (right, _)) in enumerate(pairwise(symbols))
                    if (pair := (left, right)) in self._pairs
                ),
                default=None,
            )
            if best is None:
                return
            rank, at = best
            (left, size), (right, more) = symbols[at : at + 2]
            merged = self._pairs[left, right][1]
            symbols[at : at + 2] = [(merged, size + more)]
            yield rank, at, (left, right, merged)

    # In files of other programs

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """The model BPE."""
        model = component(
            "BPE",
            dropout=None,
            unk_token=None if self.unknown is None else ids.names[self.unknown],
            continuing_subword_prefix=None,
            end_of_word_suffix=None,
            fuse_unk=self.fuse_unknown,
            byte_fallback=self.byte_fallback,
            ignore_merges=self.whole_pretokens,
            vocab=ids.vocab(),
            merges=merge_table.spelled(self.merges, self.ranks, ids.names),
        )
        ordered = len(np.unique(self.ranks)) == len(self.ranks)
        return model + Components(reasons=() if ordered else (EQUAL_RANKS,))

    def to_sentencepiece(self) -> ModelPieces:
        """BPE over characters: the lowest rank has the highest score."""
        if self.starts_from_bytes:
            super().to_sentencepiece()
        scores = merge_table.falling_scores(self.merges, self.ranks, len(self.vocabulary))
        return ModelPieces("bpe", scores, self.byte_fallback)

    def agrees_with(self, other: Segmenter) -> bool:
        """Whether merges are the same in the same order, and what becomes of the unknown."""
        return (
            isinstance(other, type(self))
            and merge_table.same_order(self.merges, self.ranks, other.merges, other.ranks)
            and (self.unknown, self.byte_fallback, self.fuse_unknown, self.whole_pretokens)
            == (other.unknown, other.byte_fallback, other.fuse_unknown, other.whole_pretokens)
        )

    def plain_decoder(self, spelling: Spelling, *, uncut: bool) -> Components:
        """The byte-level alphabet is undone."""
        if not self.starts_from_bytes:
            cannot_say(self, " without a decoder")
        return byte_level(use_regex=True, add_prefix_space=True)

    def ranked(self) -> tuple[BytePairSegmenter, tuple[str, ...]]:
        """What tiktoken makes of the ranks of its pieces, and why that is not the same."""
        if not self.starts_from_bytes:
            super().ranked()
        by_ranks = BytePairSegmenter.from_ranks(self.vocabulary)
        return by_ranks, () if self._merges_like(by_ranks) else (NOT_BY_RANKS,)

    def _merges_like(self, by_ranks: BytePairSegmenter) -> bool:
        """Whether the list of merges and the ranks of its pieces encode every pretoken equally.

        They do if merges come in the order of the ids they make and every piece, as a pretoken,
        becomes the same ids under both: by induction over ranks, the symbols that stand where a
        piece is about to be made are then the same two under both.
        """
        if not merge_table.by_id(self.merges, self.ranks):
            return False
        pieces = [piece for piece in self.vocabulary.matchable() if piece is not None]
        one, other = (
            encode_alone(replace(each, whole_pretokens=False).native(), pieces)
            for each in (self, by_ranks)
        )
        if not (np.array_equal(one.ids, other.ids) and np.array_equal(one.offsets, other.offsets)):
            return False
        return self.whole_pretokens or bool((one.lengths() == 1).all())

    # Other ids

    grows_by: ClassVar[Growth | None] = "merges"

    def without_whole_pretokens(self) -> BytePairSegmenter:
        """The same where a pretoken that is a piece is merged like any other."""
        return replace(self, whole_pretokens=False) if self.whole_pretokens else self

    @property
    def starts_from_bytes(self) -> bool:
        """Whether merging starts from bytes."""
        return self.symbols == "bytes"

    def renumbered(self, change: Renumbering) -> BytePairSegmenter:
        """The same with other ids; a merge of an id that is gone is gone."""
        merges, ranks = merge_table.renumbered(self.merges, self.ranks, change.new_of_old)
        unknown = change.new(self.unknown)
        return replace(
            self, vocabulary=change.vocabulary, merges=merges, ranks=ranks, unknown=unknown
        )

    def appended(self, addition: Addition) -> BytePairSegmenter:
        """The same with more ids and merges."""
        merges, ranks = merge_table.appended(self.merges, self.ranks, addition.merges)
        return replace(self, vocabulary=addition.vocabulary, merges=merges, ranks=ranks)

    def truncated(self, vocabulary: Vocabulary) -> BytePairSegmenter:
        """The same with the first ids, and the merges of these only."""
        merges, ranks = merge_table.below(self.merges, self.ranks, len(vocabulary))
        known = self.unknown is not None and self.unknown < len(vocabulary)
        unknown = self.unknown if known else None
        return replace(self, vocabulary=vocabulary, merges=merges, ranks=ranks, unknown=unknown)

    def built_from(self, size: int) -> NDArray[np.int64]:
        """The two ids that each id is merged from."""
        pieces = self.vocabulary.pieces
        return merge_table.built_from(
            self.merges, size, lambda id_: self.derivation(pieces[id_] or b"")
        )
