"""What a format is: sequences in, files out. It knows neither tokenizers nor who calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from tokenry.files import AnyPath
from tokenry.shards.sequences import TokenSequences

Add = Callable[[TokenSequences], None]


@dataclass(frozen=True, slots=True)
class ShardShape:
    """What all sequences of a job have in common.

    Attributes:
        dtype: the type of ids: ``uint16``, ``uint32`` or ``int32``.
        length: ids of a sequence; None where they differ.
        channels: names of the channels, each uint8.
        tokenizer: its name, as files of some formats give it.
        fingerprint: of the tokenizer.
    """

    dtype: str
    length: int | None = None
    channels: tuple[str, ...] = ()
    tokenizer: str = ""
    fingerprint: str = ""

    @property
    def itemsize(self) -> int:
        """Bytes of an id."""
        return 2 if self.dtype == "uint16" else 4


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Some sequences in files whose names begin with one name.

    Attributes:
        name: of the files, without what each adds to it.
        sequences: how many.
        tokens: ids in all, padding included.
        files: bytes by file name.
    """

    name: str
    sequences: int
    tokens: int
    files: dict[str, int]


class ShardFormat(Protocol):
    """How a part is written, and what stands in the folder beside all parts.

    Class attributes:
        types: of ids that the format has, the smallest first.
        part_bytes: of ids, after which another part begins.
    """

    types: ClassVar[tuple[str, ...]]
    part_bytes: ClassVar[int]

    def writing(self, path: AnyPath, shape: ShardShape) -> AbstractContextManager[Add]:
        """Files whose names begin with ``path``, whole once the context ends without an error.

        It gives the function that takes sequences, in order.
        """

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """JSON files that say what all parts are, content by name."""
