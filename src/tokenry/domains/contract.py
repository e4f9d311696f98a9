"""What every domain is: a reader of files, its exact inverse, and what it promises of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError
from tokenry.options import check


@dataclass(frozen=True, slots=True)
class Promise:
    """What a domain says of itself, a sentence each.

    Attributes:
        lossless: which files come back byte for byte from their ids.
        dropped: what is left out, and which option asks for it.
        ids: what stands for what in the ids.
    """

    lossless: str
    dropped: str
    ids: str


@dataclass(frozen=True, kw_only=True)
class Domain(ABC):
    """A frozen dataclass of options that reads files of one kind and writes them again.

    ``write(read(data)) == data`` for every ``data`` that `read` takes, if the options drop nothing
    (`lossless`). Marks are ids that no bytes of a file produce, so content cannot forge structure.

    Class attributes:
        name: in `DOMAINS` and on the command line.
        promise: what it says of itself.
        suffixes: of files that are of this kind.
        learning: options of learners that suit it, where the user names none.
    """

    name: ClassVar[str]
    promise: ClassVar[Promise]
    suffixes: ClassVar[tuple[str, ...]] = ()
    learning: ClassVar[Mapping[str, Any]] = {}

    def __post_init__(self) -> None:
        check(self, DomainError)
        self.validate()

    def validate(self) -> None:  # noqa: B027 (most domains have nothing to refuse)
        """Refuse options that do not go together.

        Raises:
            DomainError: it says which, and what would do.
        """

    @property
    def marks(self) -> tuple[str, ...]:
        """Names of the marks that `read` puts between bytes, by number."""
        return ()

    @property
    def lossless(self) -> bool:
        """Whether files come back byte for byte, with these options."""
        return True

    @abstractmethod
    def read(self, data: bytes) -> Parsed:
        """The file for a tokenizer.

        Raises:
            DomainError: it is no file of this kind; the message says what was found and where.
        """

    @abstractmethod
    def write(self, parsed: Parsed) -> bytes:
        """The file again.

        Args:
            parsed: run, marks, places and residue of `read`, or what a model made up: without a
                residue it is written in the usual form. Cuts and channels are not there.

        Raises:
            DomainError: marks, bytes and residue are none that `read` gives.
        """

    def training(self, parsed: Parsed) -> Parsed:
        """What learners count of a file; all stretches of ``run`` unless a domain says less."""
        return parsed

    def told_of(
        self, data: bytes, channels: Mapping[str, NDArray[np.int64]]
    ) -> dict[str, list[dict[str, Any]]]:
        """What stands where in a file and its ids, as plain data for JSON; most say nothing.

        Args:
            data: the file, which `read` has taken.
            channels: of its ids, as in `EncodedFile`.
        """
        return {}

    def recognises(self, data: bytes) -> bool:
        """Whether a file begins as those of this kind do; for files of unknown kind."""
        return False

    def mark(self, name: str) -> int:
        """The number of a mark."""
        return self.marks.index(name)
