"""Methods that choose documents, recipes of them, and what else papers on corpora have, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tokenry.corpus.recipes.contract import RecipeStep
from tokenry.corpus.selection.contract import DocumentScorer
from tokenry.errors import CorpusError
from tokenry.registry import Entry, Registry

_SELECTION: Final = "tokenry.corpus.selection"
SCORERS: Final[Registry[type[DocumentScorer]]] = Registry(
    "document scorer",
    (
        Entry(
            "chance",
            f"{_SELECTION}.chance:ChanceScorer",
            "Albalak et al. 2024, arXiv:2402.16827",
            ("S159",),
        ),
        Entry("rules", f"{_SELECTION}.rules:RuleScorer", "Rae et al. 2021; Raffel et al. 2020"),
        Entry("distinct", f"{_SELECTION}.distinct:DistinctScorer", "Lee et al. 2022"),
        Entry("likelihood", f"{_SELECTION}.surprisal:LikelihoodScorer", "Wenzek et al. 2020"),
        Entry("cross-entropy", f"{_SELECTION}.surprisal:CrossEntropyScorer", "Moore, Lewis 2010"),
        Entry("classifier", f"{_SELECTION}.predictive:LinearScorer", "Brown et al. 2020"),
        Entry("importance", f"{_SELECTION}.dsir:ImportanceScorer", "Xie et al. 2023"),
        Entry(
            "predictive",
            f"{_SELECTION}.predictive:PredictiveScorer",
            "Shum et al. 2025, arXiv:2503.00808",
            ("S095",),
        ),
        Entry(
            "ratings",
            f"{_SELECTION}.ratings:RatingScorer",
            "Peng et al. 2025, arXiv:2502.19363",
            ("S139",),
        ),
        Entry(
            "skills",
            f"{_SELECTION}.skills:SkillGraph",
            "Li et al. 2025, arXiv:2503.14917",
            ("S097",),
        ),
        Entry(
            "complexity",
            f"{_SELECTION}.complexity:ComplexityScorer",
            "Lv et al. 2025, arXiv:2504.12687",
            ("S089",),
        ),
        Entry("expository", f"{_SELECTION}.expository:ExpositoryScorer", "Tan, Wang 2024"),
    ),
    CorpusError,
)
"""Each is made of a `SelectionTask` by ``of`` and gives scores that `choosing.choose` takes."""

_RECIPES: Final = "tokenry.corpus.recipes"
RECIPES: Final[Registry[Callable[..., list[RecipeStep]]]] = Registry(
    "corpus recipe",
    (
        Entry("redwhale", f"{_RECIPES}.redwhale:recipe", "Vo et al. 2024", ("S057",)),
        Entry("pints", f"{_RECIPES}.pints:recipe", "Tan, Wang 2024", ("S127",)),
    ),
    CorpusError,
)
"""Steps that `recipes.contract.RecipeRun` runs."""

PARTS: Final[Registry[Any]] = Registry(
    "part of corpora",
    (
        Entry(
            "signals",
            f"{_SELECTION}.token_signals:TokenSignals",
            "Weber et al. 2024; Soldaini et al. 2024",
            ("S133", "S142"),
        ),
        Entry("filings", "tokenry.corpus.filings:filings", "Wang, Levy 2024", ("S141",)),
        Entry(
            "templates",
            "tokenry.corpus.augmentation.templates:TemplateIndex",
            "FineInstructions 2026",
            ("S079",),
        ),
        Entry(
            "grammar",
            "tokenry.corpus.augmentation.grammar:LexicalGrammar",
            "Kim et al. 2022, arXiv:2112.11916",
            ("S157",),
        ),
    ),
    CorpusError,
)
"""What is neither a scorer nor a recipe."""
