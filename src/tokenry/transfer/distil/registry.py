"""The objectives: a line each, and how each is made for two tokenizers."""

from __future__ import annotations

from typing import Any, Final

from tokenry.errors import ModelError
from tokenry.registry import Entry, Registry
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.distil.sides import DistilObjective
from tokenry.transfer.matching import match

_ROOM = "tokenry.transfer.distil"
OBJECTIVES: Final[Registry[Any]] = Registry(
    "distillation objective",
    (
        Entry("alm", f"{_ROOM}.alm:LikelihoodMatching",
              "Minixhofer, Vulić, Ponti 2025, arXiv:2503.20083", ("S049",), "neural"),
        Entry("uld", f"{_ROOM}.uld:SortedDistance", "Boizard et al. 2024, arXiv:2402.12030", (),
              "neural"),
        Entry("gold", f"{_ROOM}.gold:GroupedDivergence", "Patiño et al. 2025", (), "neural"),
        Entry("p-kl", f"{_ROOM}.x_token:ProjectedDivergence", "arXiv:2605.21699", ("S081",),
              "neural"),
        Entry("h-kl", f"{_ROOM}.x_token:PairedDivergence", "arXiv:2605.21699", ("S081",), "neural"),
    ),
    error=ModelError,
)  # fmt: skip


def objective(name: str, student: Tokenizer, teacher: Tokenizer, **options: Any) -> DistilObjective:
    """An objective with what it has to know of both tokenizers; ALM as it is without its bias.

    Raises:
        ModelError: there is no such objective.
    """
    kind = OBJECTIVES.load(name)
    needs: dict[str, Any] = {}
    if name == "alm":
        from tokenry.transfer.distil.alm import word_starts

        needs = {"spaces": (word_starts(student), word_starts(teacher)), "least": 0.1}
    elif name == "gold":
        needs = {"matches": match(teacher, student)}
    elif name in ("p-kl", "h-kl"):
        from tokenry.transfer.distil.projection import Projection

        balanced = options.pop("balanced", False)
        needs = {"projection": Projection.between(student, teacher)}
        if balanced:
            needs["projection"] = needs["projection"].balanced()
    made: DistilObjective = kind(**{**needs, **options})
    return made
