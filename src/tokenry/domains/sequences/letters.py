"""Sequences of letters in FASTA and FASTQ files: what DNA and proteins share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.domains.contract import Domain
from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import Array, pack_arrays, unpack_arrays
from tokenry.domains.runs import places_without, runs_of, toggled, with_letters, without
from tokenry.domains.sequences import fasta, fastq
from tokenry.errors import DomainError
from tokenry.options import Natural

RECORD, SEQUENCE, QUALITY, GAP = range(4)
GAP_LETTERS = 100  # in a gap of unknown length, as GenBank writes it
NO_QUALITY = b"!"  # the lowest: nothing is known


@dataclass(frozen=True, kw_only=True)
class Sequences(Domain):
    """Files of sequences over one alphabet.

    Attributes:
        case: ``aside``: pieces are of upper case, and runs of lower case stand aside; ``keep``:
            letters stand in the ids as they are; ``drop``: all is upper case for good.
        gap: so many unknown letters in a row, or more, are one id; 0 for never.
        quality: of FASTQ: ``keep`` in the ids, behind a mark; ``aside``; or ``drop``.

    Class attributes:
        alphabet: letters that a sequence may have, in upper case.
        noun: what a letter is.
        unknown: the letter that gaps are made of.
    """

    alphabet: ClassVar[bytes]
    noun: ClassVar[str]
    unknown: ClassVar[bytes]

    case: Literal["aside", "keep", "drop"] = "aside"
    gap: Natural = 16
    quality: Literal["keep", "aside", "drop"] = "keep"

    @property
    def marks(self) -> tuple[str, ...]:
        """Of a header, a sequence, its qualities and a gap."""
        return ("record", "sequence", "quality", "gap")

    @property
    def lossless(self) -> bool:
        """Whether nothing is dropped."""
        return "drop" not in (self.case, self.quality)

    def recognises(self, data: bytes) -> bool:
        """Whether it begins with a header and a line of the alphabet."""
        lines = data[:4096].split(b"\n", 2)
        letters = lines[1].strip() if len(lines) > 1 else b""
        return data[:1] in (b">", b"@") and bool(letters) and not self._foreign(letters)

    def read(self, data: bytes) -> Parsed:
        """Headers and sequences, without line ends.

        Raises:
            DomainError: a letter that is not of the alphabet, or a FASTQ that is cut off.
        """
        if data[:1] == b"@":
            return self._read_fastq(fastq.read(data))
        found = fasta.read(data)
        begins, ends = found.headers[:, 0], found.headers[:, 1]
        places = np.column_stack([begins, ends]).reshape(-1)
        marks = np.tile(np.array([RECORD, SEQUENCE], np.uint16), len(begins))
        if found.leading:
            places, marks = np.append(0, places), np.append(np.uint16(SEQUENCE), marks)
        return self._parsed(found.run, found.headers, marks, places, found.layout)

    def _read_fastq(self, found: fastq.Fastq) -> Parsed:
        ends = found.ends
        begins = np.append(0, ends[:-1, 2]) if len(ends) else np.zeros(0, np.int64)
        qualities = ends[:, 1:]
        run, aside = found.run, b""
        headers = np.column_stack([begins, ends[:, 0]])
        if self.quality == "keep":
            places = np.column_stack([begins, ends[:, 0], ends[:, 1]])
            kept = np.column_stack([headers[:, 0], headers[:, 1], qualities]).reshape(-1, 2)
            marks = np.tile(np.array([RECORD, SEQUENCE, QUALITY], np.uint16), len(ends))
            return self._parsed(run, kept, marks, places.reshape(-1), found.layout)
        if self.quality == "aside":
            aside = b"".join(run[begin:end] for begin, end in qualities.tolist())
        headers = places_without(headers, qualities)
        marks = np.tile(np.array([RECORD, SEQUENCE], np.uint16), len(ends))
        layout = {**found.layout, "fastq": np.ones(1, np.int64)}
        run = without(run, qualities)
        return self._parsed(run, headers, marks, headers.reshape(-1), layout, aside)

    def _parsed(
        self,
        run: bytes,
        others: Array,
        marks: NDArray[np.uint16],
        places: Array,
        layout: dict[str, Array],
        extra: bytes = b"",
    ) -> Parsed:
        """Letters by the policies; ``others`` are spans of ``run`` that are no letters."""
        self._check(run, others)
        codes = np.frombuffer(run, np.uint8)
        is_letter = np.ones(len(codes), bool)
        for begin, end in others.tolist():
            is_letter[begin:end] = False
        lower = (codes >= ord("a")) & is_letter
        if self.case != "keep" and lower.any():
            codes = codes - (lower.view(np.uint8) << 5)
            run = codes.tobytes()
            layout = {**layout, "lower": runs_of(lower)} if self.case == "aside" else layout
        gaps = self._gaps(codes, is_letter)
        if len(gaps):
            run = without(run, gaps)
            layout = {**layout, "gaps": gaps[:, 1] - gaps[:, 0]}
            marks, places = _with_gaps(marks, places, gaps)
        return Parsed(
            run=run,
            marks=marks,
            places=places.astype(np.uint64),
            residue=pack_arrays(layout, extra),
        )

    def _gaps(self, codes: NDArray[np.uint8], is_letter: NDArray[np.bool_]) -> Array:
        runs = (
            runs_of((codes == self.unknown[0]) & is_letter) if self.gap else np.zeros((0, 2), int)
        )
        return runs[runs[:, 1] - runs[:, 0] >= self.gap] if len(runs) else runs

    def _check(self, run: bytes, others: Array) -> None:
        alphabet = self.alphabet + self.alphabet.lower()
        count, at = _native.foreign_letters(run, alphabet, np.ascontiguousarray(others))
        if count:
            raise DomainError(
                f"{run[at : at + 1]!r} is no {self.noun}, and {count} such letters "
                f"stand in the sequences; expected {self.alphabet.decode()}"
            )

    def _foreign(self, letters: bytes) -> bytes:
        return letters.translate(None, self.alphabet + self.alphabet.lower())

    def write(self, parsed: Parsed) -> bytes:
        """The file again; without a residue in lines of 60, gaps of 100 letters.

        Raises:
            DomainError: marks do not come as header, sequence, and quality.
        """
        layout, extra = unpack_arrays(parsed.residue)
        run, marks, places = self._with_letters(parsed, layout)
        sections = [*Parsed(run=run, marks=marks, places=places).sections()]
        if "fastq" in layout:
            return fastq.write(_with_qualities(_records(sections), extra), layout)
        if (marks == QUALITY).any():
            return fastq.write(_reads(sections), layout)
        return fasta.write(_records(sections), layout)

    def _with_letters(
        self, parsed: Parsed, layout: dict[str, Array]
    ) -> tuple[bytes, NDArray[np.uint16], NDArray[np.uint64]]:
        """The run with its gaps and lower case again, and the other marks."""
        is_gap = parsed.marks == GAP
        run, places = parsed.run, parsed.places.astype(np.int64)
        if is_gap.any():
            sizes = layout.get("gaps", np.full(int(is_gap.sum()), GAP_LETTERS))
            at = places[is_gap]
            run = with_letters(run, at, sizes, self.unknown)
            order = np.cumsum(is_gap)[~is_gap]
            places = places[~is_gap] + np.append(0, np.cumsum(sizes))[order]
        changes = layout.get("lower", np.zeros(0, np.int64))
        if len(changes):
            run = toggled(np.frombuffer(run, np.uint8), changes).tobytes()
        return run, parsed.marks[~is_gap], places.astype(np.uint64)


def _with_gaps(
    marks: NDArray[np.uint16], places: Array, gaps: Array
) -> tuple[NDArray[np.uint16], Array]:
    """Marks and places with one for each gap that was taken out, behind those at its place."""
    at = np.searchsorted(places, gaps[:, 0], side="right")
    every = np.insert(places_without(places, gaps), at, places_without(gaps[:, 1], gaps))
    return np.insert(marks, at, np.uint16(GAP)), every


def _records(sections: list[tuple[int, bytes]]) -> list[tuple[bytes | None, bytes]]:
    """(header, sequence) of each record."""
    found: list[tuple[bytes | None, bytes]] = []
    expected = RECORD
    for number, (mark, content) in enumerate(sections):
        if mark == RECORD and expected == RECORD:
            found.append((content, b""))
            expected = SEQUENCE
        elif mark == SEQUENCE and expected == SEQUENCE:
            found[-1] = (found[-1][0], content)
            expected = RECORD
        elif mark == SEQUENCE and not number:
            found.append((None, content))
        elif mark != -1 or content:
            raise DomainError("a header must be followed by a sequence, and a sequence by a header")
    if expected == SEQUENCE:
        raise DomainError("the last header has no sequence behind it")
    return found


def _reads(sections: list[tuple[int, bytes]]) -> list[tuple[bytes, bytes, bytes]]:
    sections = [each for each in sections if each != (-1, b"")]
    marks = [mark for mark, _ in sections]
    if marks != [RECORD, SEQUENCE, QUALITY] * (len(marks) // 3):
        raise DomainError("reads are header, sequence, quality; these marks come in another order")
    contents = [content for _, content in sections]
    return [*zip(contents[::3], contents[1::3], contents[2::3], strict=True)]


def _with_qualities(
    records: list[tuple[bytes | None, bytes]], qualities: bytes
) -> list[tuple[bytes, bytes, bytes]]:
    """Reads of records whose qualities stand aside, or were dropped."""
    total = sum(len(sequence) for _, sequence in records)
    if qualities and len(qualities) != total:
        raise DomainError(f"{len(qualities)} qualities stand aside for {total} letters")
    qualities = qualities or NO_QUALITY * total
    found, at = [], 0
    for header, sequence in records:
        found.append((header or b"", sequence, qualities[at : at + len(sequence)]))
        at += len(sequence)
    return found
