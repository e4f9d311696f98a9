"""Files of a domain to ids and back: a domain over a tokenizer that knows its marks.

Ids 0 and 1 are ``raw`` and ``rest``, then come the domain's marks, the 256 bytes, and what was
learnt, so that smaller vocabularies are the beginnings of larger ones. ``raw`` in front says that
the file is not of this kind and stands there as it is; behind ``rest`` is what models need not see.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.contract import Domain
from tokenry.domains.parsed import NO_MARKS, NO_PLACES, Parsed, Places
from tokenry.domains.saving import write_domain
from tokenry.errors import DomainError
from tokenry.text.engines import Engines
from tokenry.text.ragged import Ids
from tokenry.tokenizer import Tokenizer

GROUND: Final = ("raw", "rest")
"""Marks that every domain has, before its own."""
RAW, REST = range(2)
RAW_CHUNK: Final = 8192  # bytes between two cuts of what no reader knows


@dataclass(frozen=True, slots=True)
class EncodedFile:
    """Ids of a file.

    Attributes:
        ids: shape (k,).
        fallback: why the file was taken as bare bytes; None where its domain read it.
        channels: the numbers beside the ids that the domain gives, shape (k,) each: those of the
            stretch or the mark that an id is of, and 0 for what stands aside.
    """

    ids: Ids
    fallback: str | None
    channels: dict[str, NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class DomainTokenizer:
    """A domain and the tokenizer of its bytes.

    Attributes:
        domain: reads and writes files.
        tokenizer: its first ids are the marks, as specials; its vocabulary has all bytes.

    Raises:
        DomainError: the first ids are not the marks of the domain.
    """

    domain: Domain
    tokenizer: Tokenizer

    def __post_init__(self) -> None:
        expected = spelled_marks(self.domain)
        specials = self.tokenizer.pipeline.specials()
        found = [specials.get(name) for name in expected]
        if found != [*range(len(expected))]:
            raise DomainError(
                f"a tokenizer of {self.domain.name} has the marks {', '.join(expected)} as ids "
                f"from 0 on; this one has not: learn one with this domain"
            )

    def __repr__(self) -> str:
        return f"DomainTokenizer({self.domain.name}, {self.n_vocab} ids)"

    @property
    def n_vocab(self) -> int:
        """How many ids there are."""
        return self.tokenizer.n_vocab

    def encode(self, data: bytes, *, strict: bool = False) -> Ids:
        """Ids of a file, shape (k,); see `encode_file`."""
        return self.encode_file(data, strict=strict).ids

    def encode_file(self, data: bytes, *, strict: bool = False) -> EncodedFile:
        """Ids of a file, with what was noticed.

        A file that is not of this kind, or that the domain would not give back, is taken as bare
        bytes behind ``raw``.

        Args:
            data: the file.
            strict: refuse such a file instead.

        Raises:
            DomainError: with ``strict``, the file is not of this kind; the message says why.
        """
        try:
            return self.encode_parsed(self._read(data))
        except DomainError as error:
            if strict:
                raise
            raw = self.encode_parsed(raw_of(data), ground=True)
            return EncodedFile(raw.ids, str(error), {})

    def _read(self, data: bytes) -> Parsed:
        parsed = self.domain.read(data)
        if self.domain.lossless and self.domain.write(parsed) != data:
            raise DomainError(
                f"{self.domain.name} would not give this file back byte for byte, so it is taken "
                "as bare bytes; please report it"
            )
        return parsed

    def encode_parsed(self, parsed: Parsed, *, ground: bool = False) -> EncodedFile:
        """Ids of what `Domain.read` gave; with ``ground`` marks are numbers of `GROUND`."""
        bounds = parsed.bounds()
        ids, offsets = self._encode(parsed.run, bounds)
        of_run = _of_run(parsed.places, bounds, offsets, len(ids))
        aside = self._aside(parsed.residue)
        found = np.empty(len(of_run) + len(aside), np.uint32)
        body = found[: len(of_run)]
        body[of_run] = ids
        body[~of_run] = parsed.marks.astype(np.uint32) + np.uint32(0 if ground else len(GROUND))
        found[len(of_run) :] = aside
        counts = offsets[1:].astype(np.int64) - offsets[:-1].astype(np.int64)
        places = np.flatnonzero(of_run) if parsed.channels else np.zeros(0, np.int64)
        channels = {name: np.zeros(len(found), np.int64) for name in parsed.channels}
        for name, values in parsed.channels.items():
            channels[name][places] = np.repeat(values, counts)
        for name, values in parsed.mark_channels.items():
            channels[name][: len(body)][~of_run] = values
        return EncodedFile(found, None, channels)

    def _encode(self, run: bytes, bounds: Places) -> tuple[Ids, Places]:
        """Ids of each stretch between bounds, and their offsets by stretch."""
        return self._engine.encode_ranges(run, bounds[:-1], bounds[1:])

    @cached_property
    def _engine(self) -> _native.Engine:
        return Engines.of(self.tokenizer.pipeline).pretokens

    def _aside(self, residue: bytes) -> Ids:
        if not residue:
            return np.zeros(0, np.uint32)
        bounds = np.array([0, len(residue)], np.uint64)
        ids, _ = self._encode(residue, bounds)
        return np.concatenate([np.array([REST], np.uint32), ids])

    def decode(self, ids: Sequence[int] | Ids) -> bytes:
        """The file of ``ids``.

        Raises:
            DomainError: marks and bytes do not spell a file of this kind.
            VocabularyError: an id that the vocabulary does not have.
        """
        array = self._checked(ids)
        if len(array) and array[0] == RAW:
            return self.tokenizer.decode_bytes(array[1:])
        return self.domain.write(self.parsed_of(array))

    def _checked(self, ids: Sequence[int] | Ids) -> Ids:
        """The ids without specials that are no marks, which stand for nothing in a file."""
        array = np.asarray(ids, dtype=np.int64)
        for id_ in array[(array < 0) | (array >= self.n_vocab)][:1].tolist():
            self.tokenizer.vocabulary.check_id(id_)
        others = self.tokenizer.pipeline.special_ids() - {*range(self._first_byte)}
        array = array[~np.isin(array, [*others])] if others else array
        return array.astype(np.uint32)

    def parsed_of(self, ids: Sequence[int] | Ids) -> Parsed:
        """Run, marks, places and residue of ids: all that `Domain.write` needs.

        Raises:
            DomainError: ``raw`` stands within, or ``rest`` twice.
            VocabularyError: an id that the vocabulary does not have.
        """
        array = self._checked(ids)
        rest = np.flatnonzero(array == REST)
        if len(rest) > 1 or np.any(array == RAW):
            raise DomainError(
                "the ids name 'rest' more than once or 'raw' within; 'raw' comes first or never, "
                "and 'rest' once, before what stands aside"
            )
        body, aside = (array, array[:0]) if not len(rest) else np.split(array, rest)
        is_mark = body < self._first_byte
        ends = np.zeros(len(body) + 1, np.uint64)
        run = self.tokenizer.decode_bytes(body[~is_mark])
        np.cumsum(self._widths[body], out=ends[1:])
        return Parsed(
            run=run,
            marks=(body[is_mark] - len(GROUND)).astype(np.uint16) if is_mark.any() else NO_MARKS,
            places=ends[:-1][is_mark] if is_mark.any() else NO_PLACES,
            residue=self.tokenizer.decode_bytes(aside[1:]),
        )

    @cached_property
    def _first_byte(self) -> int:
        return len(spelled_marks(self.domain))

    @cached_property
    def _widths(self) -> NDArray[np.uint64]:
        """Bytes of each id; 0 for marks."""
        return self.tokenizer.vocabulary.matchable_widths().astype(np.uint64)

    def truncate(self, size: int) -> DomainTokenizer:
        """The tokenizer of the first ``size`` ids: smaller vocabularies nest in larger ones."""
        return DomainTokenizer(self.domain, self.tokenizer.truncate(size))

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write a folder that `tokenry.domains.load` reads; gives its path."""
        self.tokenizer.save(folder)
        return write_domain(self.domain, folder)


def spelled_marks(domain: Domain) -> tuple[str, ...]:
    """The specials of a domain's tokenizer, by id.

    >>> from tokenry.domains.sequences.dna import Dna
    >>> spelled_marks(Dna())[:3]
    ('<|raw|>', '<|rest|>', '<|dna.record|>')
    """
    own = (each if "." in each else f"{domain.name}.{each}" for each in domain.marks)
    return tuple(f"<|{each}|>" for each in (*GROUND, *own))


def raw_of(data: bytes) -> Parsed:
    """A file that no reader knows: ``raw``, then its bytes."""
    return Parsed(
        run=data,
        cuts=np.arange(RAW_CHUNK, len(data), RAW_CHUNK, dtype=np.uint64),
        marks=np.array([RAW], np.uint16),
        places=np.zeros(1, np.uint64),
    )


def _of_run(places: Places, bounds: Places, offsets: Places, count: int) -> NDArray[np.bool_]:
    """Which ids are of the run, where each mark stands before the id that begins at its place.

    Many marks may stand at one place, which is asked once.
    """
    new = np.ones(len(places), bool)
    new[1:] = places[1:] != places[:-1]
    first = np.flatnonzero(new)
    ranks = _native.ranks_of(places[first].view(np.int64), bounds.view(np.int64))
    at = offsets[ranks].astype(np.int64)
    ends = np.append(first[1:], len(places))
    if len(places) <= count:
        found = np.ones(count + len(places), bool)
        found[np.repeat(at, ends - first) + np.arange(len(places))] = False
        return found
    edges: NDArray[np.int64] = np.concatenate([[0], at, [count]])
    before = np.repeat(np.append(0, ends), np.diff(edges))
    found = np.zeros(count + len(places), bool)
    found[np.arange(count) + before] = True
    return found
