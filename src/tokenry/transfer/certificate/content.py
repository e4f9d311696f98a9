"""What a certificate holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from tokenry.results import Result, SavedResult

Status = Literal["holds", "fails", "noted"]


@dataclass(frozen=True)
class CertificateCheck(Result):
    """One thing that was looked at.

    Attributes:
        name: of it.
        status: ``noted`` where there is nothing to hold or fail.
        hard: whether a model for which it fails is broken.
        found: what was seen.
        expected: what is right.
    """

    name: str
    status: Status
    hard: bool
    found: str
    expected: str = ""


def checked(
    name: str, holds: bool, found: str, expected: str, *, hard: bool = True
) -> CertificateCheck:
    """A check that holds or fails."""
    return CertificateCheck(name, "holds" if holds else "fails", hard, found, expected)


def noted(name: str, found: str) -> CertificateCheck:
    """Something that a person should know."""
    return CertificateCheck(name, "noted", False, found)


@dataclass(frozen=True)
class RowNorms(Result):
    """Lengths of the rows of one matrix.

    Attributes:
        role: ``input`` or ``output``.
        kind: ``shared`` or ``new``.
        rows: how many.
        low, median, high: the 5th, 50th and 95th percentile.
    """

    role: str
    kind: str
    rows: int
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class NewToken(Result):
    """A new id in the texts.

    Attributes:
        id: of it.
        piece: as a person reads it.
        uses: in the texts.
        bits: of a use, on average; None where no bits were measured.
        made: of what its row was made, by role, where the plan is known.
    """

    id: int
    piece: str
    uses: int
    bits: float | None
    made: Mapping[str, str]


@dataclass(frozen=True)
class Certificate(SavedResult):
    """What was found of a model beside the one that it was made from.

    Attributes:
        architecture: the class of transformers.
        before, after: fingerprints of the tokenizers.
        trained: whether the model was trained after its rows were made.
        checks: one by one.
        norms: of rows.
        figures: numbers by name, with their unit in the name; None where it does not apply.
        tokens: the new ids that cost most bits in the texts.
    """

    format: ClassVar[str] = "tokenry certificate"
    version: ClassVar[int] = 1

    architecture: str
    before: str
    after: str
    trained: bool
    checks: tuple[CertificateCheck, ...]
    norms: tuple[RowNorms, ...]
    figures: Mapping[str, float | None]
    tokens: tuple[NewToken, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether no hard check fails."""
        return not self.failed

    @property
    def failed(self) -> tuple[CertificateCheck, ...]:
        """Hard checks that fail."""
        return tuple(each for each in self.checks if each.hard and each.status == "fails")
