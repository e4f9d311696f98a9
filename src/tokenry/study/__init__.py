"""The main job: learn tokenizers from a person's own data, measure them, and report.

>>> from tokenry.study import StudyOptions, run_study
>>> result = run_study(StudyOptions(data=("texts/",), out=Path("out")))  # doctest: +SKIP
>>> result.winner, result.report  # doctest: +SKIP
('superbpe', PosixPath('out/report.html'))
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenry.study.options import StudyOptions as StudyOptions
    from tokenry.study.result import StudyResult as StudyResult
    from tokenry.study.run import run_study as run_study

# Imported when first used: a command that only names a tokenizer must not load all learners.
_HOMES = {
    "StudyOptions": "tokenry.study.options",
    "StudyResult": "tokenry.study.result",
    "run_study": "tokenry.study.run",
}
__all__ = ["StudyOptions", "StudyResult", "run_study"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'tokenry.study' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
