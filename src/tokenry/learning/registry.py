"""The kinds of tokenizer that can be learnt: one line a kind, one file a learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from tokenry.errors import LearnError
from tokenry.options import from_json
from tokenry.registry import Entry, Registry

if TYPE_CHECKING:
    from tokenry.learning.contract import Learner

    Kind = Entry[type[Learner[Any]]]

_BOMMARITO: Final = "Bommarito et al. 2025, arXiv:2503.17247"


def _kind(name: str, target: str, source: str, *systems: str) -> Kind:
    return Entry(name, f"tokenry.learning.{target}", source, systems)


KINDS: Final[Registry[type[Learner[Any]]]] = Registry(
    "learner",
    (
        _kind("bpe", "bpe:Bpe", "Sennrich et al. 2016, arXiv:1508.07909"),
        _kind("superbpe", "superbpe:SuperBpe", "Liu et al. 2025, arXiv:2503.13423", "S042"),
        _kind("unigram", "unigram:Unigram", "Kudo 2018, arXiv:1804.10959"),
        _kind("wordpiece", "wordpiece:WordPiece", "Schuster & Nakajima 2012, ICASSP"),
        _kind("boundless", "boundless:Boundless", "Schmidt et al. 2025, arXiv:2504.00178"),
        _kind("picky", "picky:Picky", "Chizhov et al. 2024, arXiv:2409.04599"),
        _kind(
            "supertoken", "supertoken:Supertoken", "Sharthak et al. 2025, arXiv:2505.09738", "S036"
        ),
        _kind("lzbpe", "lzbpe:LzBpe", "Erdogan et al. 2026, arXiv:2601.09039", "S063"),
        _kind("parity", "parity:Parity", "Foroutan et al. 2025, arXiv:2508.04796"),
        _kind("lib", "lib:Lib", "Yang et al. 2020, CogALex; Yang 2024, arXiv:2403.00417", "S015"),
        _kind(
            "morph",
            "morph:Morph",
            "Creutz & Lagus 2007, ACM TSLP 4(1); Bayram et al. 2025, arXiv:2508.14292",
            "S018",
            "S085",
        ),
        _kind("compound", "compound:Compound", "Minixhofer et al. 2023, arXiv:2305.14214", "S147"),
        _kind("semantic", "semantic:Semantic", "Hasan et al. 2024, arXiv:2406.14312", "S039"),
        _kind("curated", "curated:Curated", _BOMMARITO, "S033"),
        _kind("charbpe", "charbpe:CharBpe", _BOMMARITO, "S033"),
        _kind("equalinfo", "equalinfo:EqualInfo", "Lester et al. 2024, arXiv:2404.03626", "S077"),
        _kind("unicode", "unicode:UnicodeCentric", "Bochkov 2025, arXiv:2507.04886", "S080"),
    ),
    LearnError,
)
"""Learners by name; `learner` makes one, and only that one is imported."""


def options_of(kind: str) -> dict[str, Any]:
    """Names of the options of a kind and their defaults.

    Raises:
        LearnError: no kind has this name.
    """
    return {each.name: each.default for each in fields(KINDS.load(kind)) if each.init}


def learner(kind: str, **options: Any) -> Learner[Any]:
    """The learner of that kind with these options; see its class for them.

    Raises:
        LearnError: no kind has this name, the kind has no such option, or a value will not do.
    """
    known = options_of(kind)
    for name in options:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise LearnError(
                f"{name!r} is no option; the learner {kind!r} has the options "
                f"{', '.join(known)}{hint}"
            )
    return KINDS.load(kind)(**options)


def learner_of(metadata: Mapping[str, str]) -> Learner[Any]:
    """The learner that made a tokenizer, from its metadata.

    Options that hold data or functions (``languages`` and ``dev`` of ``parity``) and those that
    change no result (``threads``) have their defaults.

    Raises:
        LearnError: the metadata name no learner.
    """
    try:
        kind, options = metadata["learner"], metadata["options"]
    except KeyError:
        raise LearnError(
            f"metadata with {', '.join(metadata) or 'nothing'} name no learner and options; only "
            "tokenizers that were learnt here do"
        ) from None
    return from_json(KINDS.load(kind), options)
