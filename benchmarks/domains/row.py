"""Files of a domain and what people use beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One row of the race.

    Attributes:
        domain: its name.
        kind: of the files, in a word or two.
        files: their bytes.
        rivals: what reads the same files, by name.
        options: of the domain.
        goal: MB/s that reading and encoding must reach.
    """

    domain: str
    kind: str
    files: list[bytes]
    rivals: Mapping[str, Callable[[list[bytes]], Any]]
    options: Mapping[str, Any] = field(default_factory=dict)
    goal: float = 20
