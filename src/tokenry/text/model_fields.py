"""What a SentencePiece `.model` says of the parts of a pipeline; a part that it can say says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NoReturn

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError


@dataclass(frozen=True, eq=False)
class ModelPieces:
    """What it says of a segmenter.

    Attributes:
        kind: how pieces are chosen.
        scores: of each id, shape (ids,).
        byte_fallback: whether bytes stand for a character without a piece.
        splitter: name of what cuts text between user-defined pieces; None where there are none.
    """

    kind: Literal["unigram", "bpe"]
    scores: NDArray[np.float64]
    byte_fallback: bool
    splitter: str | None = None


@dataclass(frozen=True)
class ModelNormalization:
    """What it says of a normalizer.

    Attributes:
        rules: compiled; None for none.
        dummy: where one space is put.
        remove_extra_spaces: spaces at both ends are dropped, and all but the first of several.
        kept: user-defined pieces as they were written: with spaces or with U+2581.
    """

    rules: bytes | None
    dummy: Literal["before", "after", "none"]
    remove_extra_spaces: bool
    kept: tuple[str, ...]


def no_model_says(what: str) -> NoReturn:
    """Refuse to say a part.

    Raises:
        UnsupportedError: always; it names ``what``.
    """
    raise UnsupportedError(
        f"a SentencePiece .model cannot say {what}; save(folder) keeps all of it in our own format"
    )
