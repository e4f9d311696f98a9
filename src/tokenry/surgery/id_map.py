"""What an operation did to ids: where each old one went, and what each new one is made of."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tokenry.errors import FormatError, VocabularyError
from tokenry.files import write_atomically
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer

FORMAT = "tokenry-id-map"
VERSION = 1
_ARRAYS = ("new_of_old", "added", "part_ids", "part_offsets")


@dataclass(frozen=True, eq=False)
class IdMap:
    """Old ids to new ones, and new ids in old ones.

    Attributes:
        new_of_old: the new id of each old one, -1 where it is gone; shape (old size,).
        new_size: how many ids there are now.
        added: new ids that no old id became, ascending; shape (a,).
        part_ids: the old ids that the added ones stand for, one after another.
        part_offsets: shape (a + 1,): ``added[i]`` stands for
            ``part_ids[part_offsets[i]:part_offsets[i + 1]]``; for padding that is nothing.
        old: fingerprint of the vocabulary before.
        new: fingerprint of the vocabulary after.

    Raises:
        VocabularyError: the arrays contradict each other.
    """

    new_of_old: IdTable
    new_size: int
    added: IdTable
    part_ids: IdTable
    part_offsets: IdTable
    old: str
    new: str

    def __post_init__(self) -> None:
        kept = self.new_of_old[self.new_of_old >= 0]
        every = np.sort(np.concatenate((kept, self.added)))
        if not np.array_equal(every, np.arange(self.new_size)):
            raise VocabularyError(
                f"an id map to {self.new_size} ids must name each of them once; it names "
                f"{len(np.unique(every))} in {len(every)} places"
            )
        offsets = self.part_offsets
        if (
            len(offsets) != len(self.added) + 1
            or offsets[0] != 0
            or offsets[-1] != len(self.part_ids)
            or (np.diff(offsets) < 0).any()
        ):
            raise VocabularyError("an id map's part_offsets do not fit its added ids and parts")
        if len(self.part_ids) and not (
            self.part_ids.min() >= 0 and self.part_ids.max() < len(self.new_of_old)
        ):
            raise VocabularyError("an id map's parts name old ids that do not exist")

    @classmethod
    def between(
        cls,
        old: Tokenizer,
        new: Tokenizer,
        new_of_old: IdTable,
        parts: Sequence[Sequence[int]] = (),
    ) -> IdMap:
        """The map between two tokenizers; ``parts`` are of the ids that no old one became."""
        taken = np.zeros(new.n_vocab, dtype=np.bool_)
        taken[new_of_old[new_of_old >= 0]] = True
        added = np.flatnonzero(~taken).astype(np.int64)
        offsets = np.cumsum([0, *map(len, parts)]) if parts else np.zeros(len(added) + 1)
        return cls(
            new_of_old=new_of_old.astype(np.int64),
            new_size=new.n_vocab,
            added=added,
            part_ids=np.array([id_ for row in parts for id_ in row], dtype=np.int64),
            part_offsets=offsets.astype(np.int64),
            old=old.vocabulary.fingerprint(),
            new=new.vocabulary.fingerprint(),
        )

    @property
    def old_of_new(self) -> IdTable:
        """The old id of each new one, -1 where there was none; shape (new size,)."""
        old = np.full(self.new_size, -1, dtype=np.int64)
        kept = np.flatnonzero(self.new_of_old >= 0)
        old[self.new_of_old[kept]] = kept
        return old

    @property
    def dropped(self) -> IdTable:
        """Old ids that are gone, ascending."""
        return np.flatnonzero(self.new_of_old < 0).astype(np.int64)

    def parts(self, new_id: int) -> list[int]:
        """The old ids that a new one stands for: itself, or those that an added one is made of.

        Raises:
            VocabularyError: there is no such new id.
        """
        if not 0 <= new_id < self.new_size:
            raise VocabularyError(f"id {new_id} is not one of the {self.new_size} new ids")
        at = int(np.searchsorted(self.added, new_id))
        if at < len(self.added) and self.added[at] == new_id:
            begin, end = self.part_offsets[at : at + 2].tolist()
            found: list[int] = self.part_ids[begin:end].tolist()
            return found
        return [int(np.flatnonzero(self.new_of_old == new_id)[0])]

    def in_old_ids(self, ids: Sequence[int]) -> list[int]:
        """A sequence of new ids with each one written in old ids."""
        of_id = {int(id_): self.parts(int(id_)) for id_ in set(ids)}
        return [old for id_ in ids for old in of_id[int(id_)]]

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads."""
        arrays = {name: getattr(self, name).tolist() for name in _ARRAYS}
        return {"format": FORMAT, "version": VERSION, **self._head(), **arrays}

    def _head(self) -> dict[str, Any]:
        return {"new_size": self.new_size, "old": self.old, "new": self.new}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> IdMap:
        """Undo `to_json`.

        Raises:
            FormatError: it is no id map, or of a newer version.
        """
        if not isinstance(value, Mapping) or value.get("format") != FORMAT:
            raise FormatError(f"this is no id map: it does not state the format {FORMAT!r}")
        if value.get("version") != VERSION:
            raise FormatError(
                f"id map: version {value.get('version')!r}; this release reads version {VERSION}"
            )
        try:
            arrays = {name: _integers(value[name]) for name in _ARRAYS}
            size, old, new = int(value["new_size"]), str(value["old"]), str(value["new"])
            return cls(new_size=size, old=old, new=new, **arrays)
        except KeyError as error:
            raise FormatError(f"id map: {error} is missing") from None
        except (VocabularyError, TypeError, ValueError, OverflowError) as error:
            raise FormatError(f"id map: {error}") from None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write ``.json``, or ``.npz`` (arrays of numpy, no pickle) by the ending of the name.

        Raises:
            FormatError: another ending.
        """
        path = Path(path)
        if path.suffix == ".json":
            return write_atomically(path, json.dumps(self.to_json()).encode() + b"\n")
        _check_ending(path)
        buffer = io.BytesIO()
        head = json.dumps({"format": FORMAT, "version": VERSION, **self._head()})
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        np.savez_compressed(buffer, head=np.array(head), **arrays)
        return write_atomically(path, buffer.getvalue())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> IdMap:
        """Read what `save` wrote.

        Raises:
            FormatError: the file is no id map, or damaged.
        """
        path = Path(path)
        try:
            if path.suffix == ".json":
                return cls.from_json(json.loads(path.read_bytes()))
            _check_ending(path)
            with np.load(path, allow_pickle=False) as arrays:
                head = json.loads(str(arrays["head"]))
                return cls.from_json({**head, **{name: arrays[name] for name in _ARRAYS}})
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from None
        except OSError:
            raise
        except Exception as error:  # zipfile, zlib, json and numpy each raise their own
            raise FormatError(f"{path} is no id map: {error}") from None


@dataclass(frozen=True, eq=False)
class Surgery:
    """The outcome of an operation.

    Attributes:
        tokenizer: the new tokenizer.
        ids: what became of the old ids.
        operation: its name.
        notes: counts that a person wants to see, such as pieces that could not be added.
        costs: of each piece that `extend` added, the ids that it took: itself and its bridges.
    """

    tokenizer: Tokenizer
    ids: IdMap
    operation: str
    notes: Mapping[str, int] = field(default_factory=dict)
    costs: Mapping[bytes, int] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """What happened, for a person or a program."""
        return {
            "operation": self.operation,
            "old_size": len(self.ids.new_of_old),
            "new_size": self.ids.new_size,
            "kept": int((self.ids.new_of_old >= 0).sum()),
            "dropped": len(self.ids.dropped),
            "added": len(self.ids.added),
            "lossless": self.tokenizer.lossless,
            **self.notes,
        }


def _integers(value: object) -> IdTable:
    array = np.asarray(value)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise FormatError("id map: its arrays must be lists of integers")
    return array.astype(np.int64)


def _check_ending(path: Path) -> None:
    if path.suffix != ".npz":
        raise FormatError(f"{path}: an id map is a .json or an .npz file; give one of these names")
