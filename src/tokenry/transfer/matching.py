"""Which old id each new id is the same as, on canonical bytes, and how we know.

Strings of files cannot be compared: ``Ġthe``, ``▁the`` and a plain `` the`` are one piece,
``<0x41>`` and ``A`` stand for one byte, and text that is not ASCII is spelled in an alphabet of its
own. A `Vocabulary` has undone all that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.arguments import checked
from tokenry.errors import VocabularyError
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.roles import special_names, special_roles
from tokenry.vocabulary import UNMATCHED_ROLES, Vocabulary

KINDS: Final = ("none", "exact", "special", "byte", "fuzzy")
"""How a new id is known to be an old one: not at all; the same piece; a special of the same name or
use; the same byte, spelled by a fallback on one side; the same but for case and spaces."""


@dataclass(frozen=True, eq=False)
class Matches:
    """Old ids by new id.

    Attributes:
        old_of_new: -1 where there is none; shape (new size,).
        kinds: places in `KINDS`, shape (new size,).
        old_size: ids of the old tokenizer.
    """

    old_of_new: IdTable
    kinds: NDArray[np.int8]
    old_size: int

    def __len__(self) -> int:
        return len(self.old_of_new)

    def kind(self, new_id: int) -> str:
        """How a new id is known.

        Raises:
            VocabularyError: there is no such id.
        """
        if not 0 <= new_id < len(self):
            raise VocabularyError(f"id {new_id} is not one of the {len(self)} new ids")
        return KINDS[int(self.kinds[new_id])]

    def of_kind(self, *kinds: str) -> IdTable:
        """New ids that are known in one of these ways, ascending."""
        return np.flatnonzero(np.isin(self.kinds, [KINDS.index(kind) for kind in kinds]))

    @property
    def matched(self) -> IdTable:
        """New ids that are an old one, ascending."""
        return np.flatnonzero(self.old_of_new >= 0)

    def within(self, rows: int) -> Matches:
        """Without old ids that have no row in a matrix of so many."""
        beyond = self.old_of_new >= rows
        kinds = np.where(beyond, np.int8(0), self.kinds).astype(np.int8)
        return replace(self, old_of_new=np.where(beyond, -1, self.old_of_new), kinds=kinds)

    def facts(self) -> dict[str, Any]:
        """How many ids are known in which way."""
        counts = np.bincount(self.kinds, minlength=len(KINDS)).tolist()
        return {"new_ids": len(self), **dict(zip(KINDS, counts, strict=True))}


@checked
def match(old: Tokenizer, new: Tokenizer, *, fuzzy: bool = False) -> Matches:
    """Find for each id of a new tokenizer the old id that is the same.

    Args:
        old: the tokenizer that a model was trained with.
        new: another.
        fuzzy: pieces that have no equal may be matched with one that differs in case and in spaces
            around it alone (the option of FOCUS, Dobler & de Melo 2023, arXiv:2305.14481).
    """
    found = np.full(len(new.vocabulary), -1, np.int64)
    kinds = np.zeros(len(new.vocabulary), np.int8)
    _match_pieces(old, new, found, kinds)
    _match_specials(old, new, found, kinds)
    if fuzzy:
        _match_nearly(old, new, found, kinds)
    return Matches(found, kinds, len(old.vocabulary))


def ordinary_pieces(tokenizer: Tokenizer) -> dict[int, bytes]:
    """Pieces by id that text can produce; added tokens that are not special are among them."""
    vocabulary = tokenizer.vocabulary
    special = tokenizer.pipeline.special_ids()
    hidden = UNMATCHED_ROLES - {"added"}
    return {
        id_: piece
        for id_, piece in enumerate(vocabulary.pieces)
        if piece is not None and id_ not in special and vocabulary.roles.get(id_) not in hidden
    }


def _index(tokenizer: Tokenizer) -> Mapping[bytes, int]:
    """Ids by piece: the lowest id, and a fallback byte only where no other id has its byte."""
    pieces = ordinary_pieces(tokenizer)
    fallback = set(tokenizer.vocabulary.ids_with("byte"))
    found: dict[bytes, int] = {}
    for id_, piece in sorted(pieces.items(), key=lambda item: (item[0] in fallback, item[0])):
        found.setdefault(piece, id_)
    return found


def _match_pieces(old: Tokenizer, new: Tokenizer, found: IdTable, kinds: NDArray[np.int8]) -> None:
    index = _index(old)
    fallbacks = [set(each.vocabulary.ids_with("byte")) for each in (old, new)]
    for id_, piece in ordinary_pieces(new).items():
        other = index.get(piece, -1)
        if other >= 0:
            spelled = (other in fallbacks[0]) != (id_ in fallbacks[1])
            found[id_], kinds[id_] = other, KINDS.index("byte" if spelled else "exact")


def _match_specials(
    old: Tokenizer, new: Tokenizer, found: IdTable, kinds: NDArray[np.int8]
) -> None:
    """By use first, then by name: a name says more than a use, so it is asked last and wins."""
    old_roles, old_names = special_roles(old), special_names(old)
    pairs = [(id_, old_roles[use]) for use, id_ in special_roles(new).items() if use in old_roles]
    pairs += [(id_, old_names[name]) for name, id_ in special_names(new).items()
              if name in old_names]  # fmt: skip
    for id_, other in pairs:
        found[id_], kinds[id_] = other, KINDS.index("special")


def _match_nearly(old: Tokenizer, new: Tokenizer, found: IdTable, kinds: NDArray[np.int8]) -> None:
    index: dict[str, int] = {}
    for id_, piece in ordinary_pieces(old).items():
        index.setdefault(_key(piece), id_)
    index.pop("", None)
    for id_, piece in ordinary_pieces(new).items():
        if found[id_] < 0 and _key(piece) in index:
            found[id_], kinds[id_] = index[_key(piece)], KINDS.index("fuzzy")


def _key(piece: bytes) -> str:
    try:
        return piece.decode().strip().casefold()
    except UnicodeDecodeError:
        return ""


def digits_of(vocabulary: Vocabulary) -> dict[int, bytes]:
    """Pieces by id that are digits of ASCII, with a space before them perhaps."""
    return {
        id_: piece
        for id_, piece in enumerate(vocabulary.pieces)
        if piece is not None and piece.removeprefix(b" ").isdigit()
    }
