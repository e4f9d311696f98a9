"""What a job is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tokenry.corpus.choice import DocumentChoice
from tokenry.corpus.options import ReadOptions
from tokenry.errors import ShardError
from tokenry.options import Positive, check
from tokenry.shards.registry import FORMATS, PACKERS, TRANSFORMS
from tokenry.shards.transforms.contract import Transform

IdType = Literal["uint16", "uint32"]


@dataclass(frozen=True, kw_only=True)
class ShardOptions:
    """How text becomes shards; all of it decides what is written.

    Attributes:
        format: a name of `tokenry.shards.registry.FORMATS`.
        pack: a name of `tokenry.shards.registry.PACKERS`, used where there is a ``length``.
        length: ids of a row; None: each document is a sequence of its own length.
        begin: the special put before each document; None for none.
        end: the special put behind each document; None for none. ``auto``: the tokenizer's EOS, or
            ``<|endoftext|>``, or none where it has neither.
        pad: the special that fills rows; None: the tokenizer's own, else ``end``, else id 0.
        dtype: the type of ids; None: the smallest that holds the vocabulary.
        transform: a name of `tokenry.shards.registry.TRANSFORMS`.
        transform_options: of the transform.
        field: the field or column of records that holds the text, or the messages.
        unit: what a document of a text file is, as in `tokenry.ReadOptions`.
        group_bytes: files are taken together until they have so many bytes; each group becomes a
            shard, and is what a worker does at a time.
        choice: a file of `tokenry select`: how often each document is taken; None: once.
    """

    format: str = "own"
    pack: str = "best-fit"
    length: Positive | None = None
    begin: str | None = None
    end: str | None = "auto"
    pad: str | None = None
    dtype: IdType | None = None
    transform: str = "plain"
    transform_options: Mapping[str, Any] = field(default_factory=dict)
    field: str = "text"
    unit: Literal["file", "block", "paragraph", "line"] = "file"
    group_bytes: Positive = 64 << 20
    choice: str | None = None

    def __post_init__(self) -> None:
        check(self, ShardError)
        FORMATS.entry(self.format)
        PACKERS.entry(self.pack)
        self.made_transform()
        if self.length is not None and self.length < 2:
            raise ShardError(f"length {self.length}; a row has 2 ids or more")

    def made_transform(self) -> Transform:
        """The transform with its options.

        Raises:
            ShardError: it has no such option.
        """
        try:
            return TRANSFORMS.load(self.transform)(**self.transform_options)
        except TypeError as error:
            raise ShardError(f"the transform {self.transform!r}: {error}") from None

    def chosen(self) -> DocumentChoice | None:
        """The choice, read.

        Raises:
            FormatError: its file is none.
        """
        return None if self.choice is None else DocumentChoice.read(self.choice)

    def reading(self) -> ReadOptions:
        """How sources are read."""
        records = TRANSFORMS.load(self.transform).takes_records
        kind: Literal["json", "text"] = "json" if records else "text"
        return ReadOptions(unit=self.unit, field=self.field, column=self.field, content=kind)
