"""The kinds of tokenizer that can be learnt: one line a kind, one file a learner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from tokenry.corpus import CorpusLike
from tokenry.errors import LearnError
from tokenry.learning.bpe import Bpe
from tokenry.learning.progress import Progress
from tokenry.learning.superbpe import SuperBpe

if TYPE_CHECKING:
    import os

    from tokenry.text.tokenizer import Tokenizer


class Learner(Protocol):
    """A frozen dataclass of options that learns a tokenizer, the same one for the same data."""

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of learner and the publication that it follows."""

    make: Callable[..., Learner]
    source: str


KINDS: Final = MappingProxyType(
    {
        "bpe": Kind(Bpe, "Sennrich et al. 2016, arXiv:1508.07909"),
        "superbpe": Kind(SuperBpe, "Liu et al. 2025, arXiv:2503.13423"),
    }
)


def learner(kind: str, **options: Any) -> Learner:
    """The learner of that kind with these options; see its class for them.

    Raises:
        LearnError: no kind has this name, or the kind has no such option.
    """
    if kind not in KINDS:
        raise LearnError(f"no learner is named {kind!r}; there are {', '.join(KINDS)}")
    try:
        return KINDS[kind].make(**options)
    except TypeError as error:
        fields = getattr(KINDS[kind].make, "__dataclass_fields__", {})
        raise LearnError(
            f"{error}; the learner {kind!r} has the options {', '.join(fields)}"
        ) from error
