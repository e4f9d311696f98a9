"""The kinds of tokenizer that can be learnt: one line a kind, one file a learner."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

from tokenry.corpus import CorpusLike
from tokenry.errors import LearnError
from tokenry.learning.boundless import Boundless
from tokenry.learning.bpe import Bpe
from tokenry.learning.charbpe import CharBpe
from tokenry.learning.compound import Compound
from tokenry.learning.curated import Curated
from tokenry.learning.equalinfo import EqualInfo
from tokenry.learning.lib import Lib
from tokenry.learning.lzbpe import LzBpe
from tokenry.learning.morph import Morph
from tokenry.learning.parity import Parity
from tokenry.learning.picky import Picky
from tokenry.learning.semantic import Semantic
from tokenry.learning.superbpe import SuperBpe
from tokenry.learning.supertoken import Supertoken
from tokenry.learning.unicode import UnicodeCentric
from tokenry.learning.unigram import Unigram
from tokenry.learning.wordpiece import WordPiece
from tokenry.progress import Progress

if TYPE_CHECKING:
    import os

    from tokenry.tokenizer import Tokenizer


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

    @property
    def summary(self) -> str:
        """What it is, in a sentence: the first line of its module."""
        return (sys.modules[self.make.__module__].__doc__ or "").partition("\n")[0]

    @property
    def options(self) -> dict[str, Any]:
        """Names of its options and their defaults; `dataclasses.MISSING` where there is none."""
        return {each.name: each.default for each in fields(self.make) if each.init}  # type: ignore[arg-type]


KINDS: Final = MappingProxyType(
    {
        "bpe": Kind(Bpe, "Sennrich et al. 2016, arXiv:1508.07909"),
        "superbpe": Kind(SuperBpe, "Liu et al. 2025, arXiv:2503.13423"),
        "unigram": Kind(Unigram, "Kudo 2018, arXiv:1804.10959"),
        "wordpiece": Kind(WordPiece, "Schuster & Nakajima 2012, ICASSP"),
        "boundless": Kind(Boundless, "Schmidt et al. 2025, arXiv:2504.00178"),
        "picky": Kind(Picky, "Chizhov et al. 2024, arXiv:2409.04599"),
        "supertoken": Kind(Supertoken, "Sharthak et al. 2025, arXiv:2505.09738"),
        "lzbpe": Kind(LzBpe, "Erdogan et al. 2026, arXiv:2601.09039"),
        "parity": Kind(Parity, "Foroutan et al. 2025, arXiv:2508.04796"),
        "lib": Kind(Lib, "Yang et al. 2020, CogALex; Yang 2024, arXiv:2403.00417"),
        "morph": Kind(
            Morph, "Creutz & Lagus 2007, ACM TSLP 4(1); Bayram et al. 2025, arXiv:2508.14292"
        ),
        "compound": Kind(Compound, "Minixhofer et al. 2023, arXiv:2305.14214"),
        "semantic": Kind(Semantic, "Hasan et al. 2024, arXiv:2406.14312"),
        "curated": Kind(Curated, "Bommarito et al. 2025, arXiv:2503.17247"),
        "charbpe": Kind(CharBpe, "Bommarito et al. 2025, arXiv:2503.17247"),
        "equalinfo": Kind(EqualInfo, "Lester et al. 2024, arXiv:2404.03626"),
        "unicode": Kind(UnicodeCentric, "Bochkov 2025, arXiv:2507.04886"),
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
        known = ", ".join(KINDS[kind].options)
        raise LearnError(f"{error}; the learner {kind!r} has the options {known}") from error
