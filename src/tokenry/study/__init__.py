"""The main job: learn tokenizers from a person's own data, measure them, and report.

>>> from tokenry.study import StudyOptions, run_study
>>> result = run_study(StudyOptions(data=("texts/",), out=Path("out")))  # doctest: +SKIP
>>> result.winner, result.report  # doctest: +SKIP
('superbpe', PosixPath('out/report.html'))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.lazy import lazily

if TYPE_CHECKING:
    from tokenry.study.options import StudyOptions
    from tokenry.study.result import StudyResult
    from tokenry.study.run import run_study

__all__ = ["StudyOptions", "StudyResult", "run_study"]

# Imported when first used: a command that only names a tokenizer must not load all learners.
__getattr__ = lazily(
    __name__, {".options": "StudyOptions", ".result": "StudyResult", ".run": "run_study"}
)
