"""Text with code, tables, molecules and more in it, through one tokenizer.

What a fenced block names (```` ```python ````, ```` ```smiles ````, ```` ```csv ````), and a
Markdown table, is read by its domain and stands between two marks, one of which says which domain
it is; all else is text, cut into words as o200k cuts them. Bytes and learnt pieces are shared by
all; the marks of a domain are its own, under the names that they have in a tokenizer of it alone.

A block that its domain refuses, or would not give back, is text behind a mark that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.contract import Domain, Promise
from tokenry.domains.mixed.blocks import TextBlock, blocks
from tokenry.domains.parsed import NO_MARKS, NO_PLACES, Parsed
from tokenry.domains.registry import DOMAINS
from tokenry.domains.residue import pack_arrays, unpack_arrays
from tokenry.errors import DomainError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer

Name = Literal["code", "molecules", "tables", "layouts", "chat", "dna", "proteins"]
SPLITTER: Final = "o200k"
# What a domain is told of a block whose fence names its kind.
_OPTIONS: Final[dict[str, Callable[[str], dict[str, Any]]]] = {
    "code": lambda kind: {"language": kind},
    "molecules": lambda kind: {} if kind == "auto" else {"columns": (kind,)},
    "tables": lambda kind: {"format": kind},
    "layouts": lambda kind: {},
    "chat": lambda kind: {},
    "dna": lambda kind: {},
    "proteins": lambda kind: {},
}


@dataclass(frozen=True, kw_only=True)
class Mixed(Domain):
    """Options of the domain.

    Attributes:
        domains: whose blocks are read; those of others stay text.
    """

    domains: tuple[Name, ...] = ("code", "molecules", "tables")

    name: ClassVar[str] = "mixed"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown", ".txt")
    promise: ClassVar[Promise] = Promise(
        lossless="every text, with the fenced blocks and Markdown tables in it",
        dropped="nothing; what domains of blocks put aside stands aside",
        ids="the end of a block, a block that was refused, one mark a domain, then the marks of "
        "each domain; bytes and pieces are shared",
    )

    def validate(self) -> None:
        """A domain is named once, and at least one is."""
        if not self.domains or len(set(self.domains)) < len(self.domains):
            raise DomainError(f"domains {self.domains}; expected at least one, and each once")

    @property
    def marks(self) -> tuple[str, ...]:
        """The end of a block, a refused one, the domains, and the marks of each."""
        own = ("end", "refused", *self.domains)
        inner = (f"{name}.{mark}" for name in self.domains for mark in self._plain[name].marks)
        return (*own, *inner)

    @cached_property
    def _plain(self) -> dict[str, Domain]:
        return {name: DOMAINS.load(name)() for name in self.domains}

    @cached_property
    def _first(self) -> dict[str, int]:
        """The number of the first mark of each domain."""
        sizes = [len(self._plain[name].marks) for name in self.domains]
        begins = np.cumsum([2 + len(self.domains), *sizes]).tolist()
        return dict(zip(self.domains, begins, strict=False))

    def read(self, data: bytes) -> Parsed:
        """Text and blocks."""
        return _joined([self._part(data, block) for block in blocks(data)])

    def _part(self, data: bytes, block: TextBlock) -> Parsed:
        content = data[block.begin : block.end]
        if block.domain not in self.domains:
            return _text(content)
        options = _OPTIONS[block.domain](block.kind)
        domain = replace(self._plain[block.domain], **options)
        try:
            parsed = domain.read(content)
            if domain.write(parsed) != content:
                raise DomainError("it would not come back")
        except DomainError:
            return _marked(_text(content), REFUSED)
        first = np.uint16(self._first[block.domain])
        return _marked(
            replace(parsed, marks=parsed.marks + first, channels={}), self._open(block.domain)
        )

    def _open(self, name: str) -> int:
        return 2 + self.domains.index(name)

    def write(self, parsed: Parsed) -> bytes:
        """The text again.

        Raises:
            DomainError: a block does not end, or is none of its domain.
        """
        marks, places = parsed.marks.astype(np.int64), parsed.places.astype(np.int64)
        arrays, content = unpack_arrays(parsed.residue)
        sizes = arrays.get("sizes", np.zeros(0, np.int64)).tolist()
        if sum(sizes) != len(content):
            raise DomainError("what stands aside of a mixed text is damaged: sizes do not add up")
        openings = np.flatnonzero((marks > END) & (marks < 2 + len(self.domains)))
        endings = np.flatnonzero(marks == END)
        if (
            len(openings) != len(endings)
            or np.any(openings >= endings)
            or np.any(endings[:-1] >= openings[1:])
        ):
            raise DomainError("a block begins with the mark of its domain and ends with 'end'")
        found, at, aside = [], 0, 0
        for number, (begin, end) in enumerate(
            zip(openings.tolist(), endings.tolist(), strict=True)
        ):
            size = sizes[number] if number < len(sizes) else 0
            found.append(parsed.run[at : places[begin]])
            inner = slice(begin + 1, end)
            found.append(
                self._written(
                    int(marks[begin]),
                    Parsed(
                        run=parsed.run[places[begin] : places[end]],
                        marks=parsed.marks[inner],
                        places=parsed.places[inner] - parsed.places[begin],
                        residue=content[aside : aside + size],
                    ),
                )
            )
            at, aside = int(places[end]), aside + size
        if int((endings - openings - 1).sum()) + 2 * len(openings) != len(marks):
            raise DomainError("a mark of a domain stands outside a block of it")
        return b"".join([*found, parsed.run[at:]])

    def _written(self, mark: int, block: Parsed) -> bytes:
        if mark == REFUSED:
            if len(block.marks):
                raise DomainError("a refused block has no marks; it is text")
            return block.run
        name = self.domains[mark - 2]
        numbers = block.marks.astype(np.int64) - self._first[name]
        if np.any((numbers < 0) | (numbers >= len(self._plain[name].marks))):
            raise DomainError(f"a block of {name} has a mark of another domain")
        return self._plain[name].write(replace(block, marks=numbers.astype(np.uint16)))


END, REFUSED = range(2)


def _text(content: bytes) -> Parsed:
    return Parsed(run=content, cuts=NativePretokenizer(SPLITTER).ends(content))


def _marked(parsed: Parsed, mark: int) -> Parsed:
    """A block between two marks."""
    return replace(
        parsed,
        marks=np.concatenate([[mark], parsed.marks, [END]]).astype(np.uint16),
        places=np.concatenate([[0], parsed.places, [len(parsed.run)]]).astype(np.uint64),
    )


def _joined(parts: list[Parsed]) -> Parsed:
    """All parts in a row."""
    begins = np.cumsum([0, *(len(part.run) for part in parts)]).astype(np.uint64)
    aside = [part.residue for part in parts if len(part.marks)]
    sizes = [len(each) for each in aside]
    return Parsed(
        run=b"".join(part.run for part in parts),
        cuts=_shifted([part.cuts for part in parts], begins, NO_PLACES),
        marks=np.concatenate([NO_MARKS, *(part.marks for part in parts)]),
        places=_shifted([part.places for part in parts], begins, NO_PLACES),
        residue=pack_arrays({"sizes": sizes}, b"".join(aside)) if any(sizes) else b"",
    )


def _shifted(
    parts: list[NDArray[np.uint64]], begins: NDArray[np.uint64], none: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    return np.concatenate(
        [none, *(part + begin for part, begin in zip(parts, begins, strict=False))]
    )
