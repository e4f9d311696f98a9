"""What a transform is: documents in, ids out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.text.ragged import Ids, Ragged
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, eq=False, slots=True)
class EncodedDocuments:
    """Ids of documents.

    Attributes:
        ids: a row a document.
        channels: by name, an array with a value for each id.
    """

    ids: Ragged
    channels: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def ends(self) -> NDArray[np.int64]:
        """Where each document ends."""
        return self.ids.offsets[1:].astype(np.int64)


class Transform(Protocol):
    """A frozen dataclass of options. Its result depends on each document alone, never on others.

    Class attributes:
        takes_records: documents are JSON of a field that may be anything, not text.
        channels: names of the channels that it makes.
    """

    takes_records: ClassVar[bool]
    channels: ClassVar[tuple[str, ...]]

    def encode(self, tokenizer: Tokenizer, texts: list[bytes]) -> EncodedDocuments:
        """Ids of documents.

        Raises:
            ShardError: a document cannot be transformed, or the tokenizer lacks what is needed.
        """

    def decode(self, tokenizer: Tokenizer, ids: Ids) -> bytes | None:
        """The document that became ``ids``; None where that cannot be told from them."""
