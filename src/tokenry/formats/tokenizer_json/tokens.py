"""Names of ids, as a file spells them, and the ids of names; kept and looked up in the core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.text.segmenters.merge_table import MergeRows, Ranks
from tokenry.vocabulary import MAX_ID, Packed, check_range, pack


class Tokens:
    """What each id is called. Ids may have gaps; two ids may have one name.

    Args:
        core: the names in the core.
    """

    def __init__(self, core: _native.TokenNames) -> None:
        self.core = core
        self._missing = frozenset(core.missing().tolist())

    @classmethod
    def listed(cls, texts: Sequence[str]) -> Tokens:
        """Names of the ids 0, 1, ..."""
        run, offsets = pack([text.encode() for text in texts])
        return cls(_native.TokenNames(run, offsets, np.zeros(0, np.uint32)))

    @classmethod
    def of(cls, texts: Mapping[int, str]) -> Tokens:
        """Names of these ids.

        Raises:
            VocabularyError: gaps between ids dominate.
        """
        if list(texts) == list(range(len(texts))):
            return cls.listed(list(texts.values()))
        size = max(texts, default=-1) + 1
        check_range(min(texts, default=0), size, len(texts))
        missing = [id_ for id_ in range(size) if id_ not in texts]
        run, offsets = pack([texts.get(id_, "").encode() for id_ in range(size)])
        return cls(_native.TokenNames(run, offsets, np.array(missing, np.uint32)))

    @property
    def size(self) -> int:
        """One more than the highest id."""
        return len(self.core)

    def __len__(self) -> int:
        return self.size - len(self._missing)

    def __contains__(self, id_: object) -> bool:
        return isinstance(id_, int) and 0 <= id_ < self.size and id_ not in self._missing

    def __getitem__(self, id_: int) -> str:
        text = self.core.text(id_)
        if text is None:
            raise KeyError(id_)
        return text

    @cached_property
    def texts(self) -> tuple[str | None, ...]:
        """The name of each id, None in a gap."""
        return tuple(self.core.texts())

    def items(self) -> Iterator[tuple[int, str]]:
        """Ids and names, ascending."""
        return ((id_, text) for id_, text in enumerate(self.texts) if text is not None)

    def find(self, text: str | None) -> int | None:
        """The id of a name, of equal ones the last; None where there is none."""
        if text is None:
            return None
        id_ = self.core.find(text)
        return None if id_ < 0 else id_

    def merges(self, sides: Packed, skipped: int = 0) -> tuple[MergeRows, Ranks]:
        """Merges by their names, two in a row each; of a pair that comes twice the last counts.

        Args:
            sides: the names.
            skipped: so many bytes of the right side are not in what a merge makes.

        Raises:
            UnknownNameError: a name has no id.
        """
        found = self.core.merges(*sides, skipped)
        if isinstance(found, int):
            raise UnknownNameError(found)
        return found


class UnknownNameError(Exception):
    """The merge ``rank`` has a name without an id."""

    def __init__(self, rank: int) -> None:
        super().__init__(rank)
        self.rank = rank


def tokens_of_ids(ids: Mapping[str, object], path: str) -> Tokens:
    """Names of an object of ids by name, each of them checked.

    Raises:
        FormatError: an id is none, or given twice; a name is no text.
    """
    texts: dict[int, str] = {}
    for text, id_ in ids.items():
        if type(id_) is not int or not 0 <= id_ <= MAX_ID:
            raise FormatError(f"{path}: {text!r} has the id {id_!r}, not 0 to {MAX_ID}")
        if id_ in texts:
            raise FormatError(f"{path}: id {id_} is both {texts[id_]!r} and {text!r}")
        texts[id_] = text
    check_texts("".join(ids), path)
    return Tokens.of(texts)


def check_texts(text: str, path: str) -> None:
    """Refuse lone surrogates.

    Raises:
        FormatError: there is one.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise FormatError(f"{path}: a piece has a lone surrogate ({error})") from None
