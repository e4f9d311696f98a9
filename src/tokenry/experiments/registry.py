"""The experiments by id: one line and one file each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from tokenry.errors import StudyError
from tokenry.experiments.experiment import Experiment

EXPERIMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # id: module of tokenry.experiments
        "S012": "turkish_standards",
        "S015": "lib",
        "S018": "biomedical_morphs",
        "S033": "kl3m",
        "S034": "radiology",
        "S035": "number_policies",
        "S036": "supertoken",
        "S037": "qtok",
        "S039": "k_tokeniser",
        "S042": "superbpe",
        "S057": "redwhale",
        "S063": "information_theoretic",
        "S065": "inequities",
        "S077": "equal_info",
        "S083": "cabrita",
        "S085": "turkish_morphs",
        "S147": "compound_piece",
        "boundless": "boundless",
        "parity": "parity",
        "picky": "picky",
    }
)


def experiment(id_: str) -> Experiment:
    """The experiment of that id; only its module is imported.

    Raises:
        StudyError: there is none.
    """
    module = EXPERIMENTS.get(id_)
    if module is None:
        raise StudyError(
            f"there is no experiment {id_!r}; there are {', '.join(EXPERIMENTS)} "
            "(tokenry experiment --list says what each is about)"
        )
    found: Experiment = import_module(f"tokenry.experiments.{module}").EXPERIMENT
    return found
