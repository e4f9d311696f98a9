"""What an initialiser may ask for: tokenizers, old rows, a donor's rows, vectors of a corpus."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ModelError
from tokenry.progress import Progress, silent
from tokenry.surgery.piece_ids import ids_of_pieces
from tokenry.text.id_changes import IdTable
from tokenry.text.ragged import Ragged
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.matching import Matches, match
from tokenry.transfer.row_plan import Floats, Role
from tokenry.transfer.vectors import Space, one_space, pooled_spaces

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Donor:
    """A model whose rows say what new ids mean.

    Attributes:
        tokenizer: its own; the new one, or one that has its pieces.
        rows: its matrices, each of shape (ids, width), of any width.
    """

    tokenizer: Tokenizer
    rows: Callable[[Role], Floats]

    def space(self, new: Tokenizer, role: Role) -> Space:
        """Its rows by new id."""
        rows = self.rows(role)
        found = match(self.tokenizer, new).within(len(rows))
        known = found.old_of_new >= 0
        return Space(rows[np.maximum(found.old_of_new, 0)] * known[:, None], known)


@dataclass(eq=False, kw_only=True)
class TransferContext:
    """All that new rows can be made from; what is costly is made when it is first asked for.

    Attributes:
        old: the tokenizer that the model was trained with.
        new: the one that it gets.
        old_rows: gives the old matrix of a role as float32, shape (rows, width).
        donor: a model with the new vocabulary.
        corpus: texts of the user, for static vectors.
        dictionary: pairs of words that mean the same, of the old and the new language.
        parallel: pairs of sentences, likewise.
        fuzzy: see `match`.
        seed: of what is drawn or trained.
        progress: told what is being done.
    """

    old: Tokenizer
    new: Tokenizer
    old_rows: Callable[[Role], Floats]
    donor: Donor | None = None
    corpus: Sequence[str] = ()
    dictionary: Sequence[tuple[str, str]] = ()
    parallel: Sequence[tuple[str, str]] = ()
    fuzzy: bool = False
    seed: int = 0
    progress: Progress = silent
    wanted: IdTable = field(default_factory=lambda: np.zeros(0, np.int64))
    _made: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.wanted = np.arange(len(self.new.vocabulary))

    def restricted(self, wanted: NDArray[Any]) -> TransferContext:
        """The same for fewer new ids; what was made is shared."""
        fewer = copy.copy(self)
        fewer.wanted = np.asarray(wanted, np.int64)
        return fewer

    def on_rows(self, old_rows: Callable[[Role], Floats]) -> TransferContext:
        """The same for another model with the old tokenizer; vectors that were trained are kept."""
        other = copy.copy(self)
        other.old_rows = old_rows
        other._made = {
            key: made
            for key, made in self._made.items()
            if key == "pooled" or (isinstance(key, tuple) and key[0] == "vectors")
        }
        return other

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What ``make`` gives, made at the first call for this key."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def rows(self, role: Role) -> Floats:
        """The old matrix; rows behind the ids of the tokenizer are padding and left out."""
        return self.once(("rows", role), lambda: self.old_rows(role)[: len(self.old.vocabulary)])

    @property
    def size(self) -> int:
        """New ids."""
        return len(self.new.vocabulary)

    @property
    def matches(self) -> Matches:
        """Which old id each new id is; those without a row are none."""

        def make() -> Matches:
            found = match(self.old, self.new, fuzzy=self.fuzzy)
            return found.within(min(len(self.rows(role)) for role in ("input", "output")))

        return self.once("matches", make)

    @property
    def used(self) -> IdTable:
        """Old ids that have a row and stand for something, specials left out."""

        def make() -> IdTable:
            pieces = self.old.vocabulary.pieces[: len(self.rows("input"))]
            special = self.old.pipeline.special_ids()
            return np.array(
                [i for i, piece in enumerate(pieces) if piece is not None and i not in special],
                np.int64,
            )

        return self.once("used", make)

    @property
    def anchors(self) -> IdTable:
        """New ids that are the same piece as an old one; specials say too little of meaning."""
        return self.matches.of_kind("exact", "byte", "fuzzy")

    def pieces(self, ids: IdTable) -> list[bytes]:
        """Of new ids; nothing for a hole."""
        every = self.new.vocabulary.pieces
        return [every[id_] or b"" for id_ in ids.tolist()]

    @property
    def decompositions(self) -> Ragged:
        """For each of all new ids its piece in old ids that have rows; nothing for specials."""

        def make() -> Ragged:
            special = self.new.pipeline.special_ids()
            pieces = [
                b"" if id_ in special else piece or b""
                for id_, piece in enumerate(self.new.vocabulary.pieces)
            ]
            found = ids_of_pieces(self.old, pieces)
            unknown = self.old.segmenter.unknown
            rows = len(self.rows("input"))
            if unknown is None and (not len(found.ids) or int(found.ids.max()) < rows):
                return found
            return Ragged.of(row[(row < rows) & (row != unknown)] for row in found)

        return self.once("decompositions", make)

    def space(self, role: Role) -> Space:
        """Where new ids can be compared: the donor's rows, or else vectors of the corpus.

        Raises:
            ModelError: there is neither.
        """
        donor = self.donor
        if donor is not None:
            return self.once(("donor", role), lambda: donor.space(self.new, role))
        return self.vectors("new")

    def vectors(self, side: str, *, pooled: bool = False) -> Space:
        """Static vectors of ids, trained on the corpus as a tokenizer cuts it.

        Args:
            side: ``old`` or ``new``.
            pooled: trained on both tokenizations at once, matched ids being one word, so that old
                and new ids are in one space.

        Raises:
            ModelError: there is no corpus.
            MissingExtraError: torch is not installed.
        """
        if not self.corpus:
            raise ModelError(
                "this initialiser compares new pieces with old ones in a space that is neither's: "
                "give a donor model with the new vocabulary (donor=), or texts to train vectors on "
                "(corpus=)"
            )
        told: dict[str, Any] = {"seed": self.seed, "progress": self.progress}
        if pooled:
            matched = self.matches.old_of_new
            return self.once(
                "pooled", lambda: pooled_spaces(self.old, self.new, matched, self.corpus, **told)
            )[side]
        tokenizer = {"old": self.old, "new": self.new}[side]
        return self.once(("vectors", side), lambda: one_space(tokenizer, self.corpus, **told))
