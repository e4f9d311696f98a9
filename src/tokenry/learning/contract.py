"""What every learner is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from tokenry.corpus import CorpusLike
from tokenry.progress import Progress

if TYPE_CHECKING:
    from tokenry.tokenizer import Tokenizer


class Learner(Protocol):
    """A frozen dataclass of options that learns a tokenizer, the same one for the same data."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``."""
