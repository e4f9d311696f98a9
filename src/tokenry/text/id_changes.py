"""Other ids for a part that knows ids: what surgery asks of segmenters and decoders.

A part says what a change means for it by a method of its own, beside all else that it does; what it
does not define is refused here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, Self

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError
from tokenry.vocabulary import Vocabulary

IdTable = NDArray[np.int64]
# What a piece needs, beside an id, to come out of text: a merge of two ids, a score, or nothing.
Growth = Literal["merges", "scores", "pieces"]
# What a file calls a piece; ``marked``: its spaces are U+2581.
Spell = Callable[[bytes, bool], str]


@dataclass(frozen=True, eq=False, slots=True)
class Renumbering:
    """The ids that stay, in their new order.

    Attributes:
        vocabulary: the new one.
        kept: the old id of each new one, shape (new size,).
        new_of_old: the new id of each old one, -1 where it is gone, shape (old size,).
    """

    vocabulary: Vocabulary
    kept: IdTable
    new_of_old: IdTable

    @classmethod
    def of(cls, old: Vocabulary, kept: IdTable) -> Renumbering:
        """Id i of the new vocabulary is the old id ``kept[i]``."""
        new_of_old = np.full(len(old), -1, dtype=np.int64)
        new_of_old[kept] = np.arange(len(kept))
        moved = ((int(new_of_old[id_]), role) for id_, role in old.roles.items())
        roles = {id_: role for id_, role in moved if id_ >= 0}
        return cls(Vocabulary((old.pieces[id_] for id_ in kept.tolist()), roles), kept, new_of_old)

    def new(self, id_: int | None) -> int | None:
        """The new id of an old one."""
        return None if id_ is None else int(self.new_of_old[id_])

    def all_new(self, ids: Iterable[int]) -> list[int]:
        """The new ids of old ones."""
        return [int(self.new_of_old[id_]) for id_ in ids]


@dataclass(frozen=True, eq=False, slots=True)
class Addition:
    """More ids behind those that there are.

    Attributes:
        vocabulary: the larger one.
        first: the first new id.
        specials: which of the new ids are special.
        merges: left, right and merged id, shape (m, 3); they rank after all that there are.
        scores: of the first of the new ids; the others have 0.
    """

    vocabulary: Vocabulary
    first: int
    specials: frozenset[int] = frozenset()
    merges: Sequence[tuple[int, int, int]] = ()
    scores: Sequence[float] = ()

    def pieces(self) -> Iterable[tuple[int, bytes]]:
        """The new ids and their pieces."""
        new = enumerate(self.vocabulary.pieces[self.first :], self.first)
        return ((id_, piece or b"") for id_, piece in new)


class SegmenterChanges:
    """What surgery asks of a segmenter."""

    __slots__ = ()

    # None: no pieces can be added that text comes to.
    grows_by: ClassVar[Growth | None] = None
    # Pretokens are bare words: a piece that starts one has a space before it that is understood.
    bare_words: ClassVar[bool] = False

    @property
    def starts_from_bytes(self) -> bool:
        """Whether single bytes are what all is made of; else a character is not torn."""
        return False

    def renumbered(self, change: Renumbering) -> Self:
        """The same with the ids of a `Renumbering`; what needs an id that is gone is gone."""
        _refuse(self, "renumbered")

    def appended(self, addition: Addition) -> Self:
        """The same with more ids behind its own."""
        _refuse(self, "appended to")

    def truncated(self, vocabulary: Vocabulary) -> Self:
        """The same with the first ids only, those of ``vocabulary``."""
        raise UnsupportedError(
            f"{type(self).__name__} has no nested vocabularies; only BPE can be truncated"
        )

    def built_from(self, size: int) -> IdTable:
        """The two ids that each of ``size`` ids is merged from, shape (size, 2); -1: of none."""
        return np.full((size, 2), -1, dtype=np.int64)

    def score_of(self, id_: int) -> float:
        """The score of an id, where it has one."""
        return 0.0

    def score_of_word(self, parts: Sequence[int]) -> float:
        """The score to give a new word that was written in these ids so far."""
        return 0.0

    def starts(self, id_: int) -> bool:
        """Whether the piece of an id may stand at the beginning of a pretoken."""
        return True


class DecoderChanges:
    """What surgery asks of a decoder."""

    __slots__ = ()

    def renumbered(self, change: Renumbering) -> Self:
        """The same with the ids of a `Renumbering`."""
        _refuse(self, "renumbered")

    def appended(self, addition: Addition, spell: Spell) -> Self:
        """The same with more ids behind its own, and what ``spell`` calls them."""
        _refuse(self, "appended to")

    def renamed(self, names: Mapping[int, str]) -> Self:
        """The same where these ids are called otherwise; most decoders know no names."""
        return self


def _refuse(part: object, change: str) -> NoReturn:
    raise UnsupportedError(
        f"the ids of {type(part).__name__} cannot be {change}; give a BPE, a Unigram or a "
        "WordPiece, learnt here or loaded from a file"
    )
