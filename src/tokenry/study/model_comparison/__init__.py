"""Tokenizers compared by what small models learn under them.

>>> from tokenry.study.model_comparison import ComparisonOptions, compare_models
>>> result = compare_models(ComparisonOptions(("a/", "b/"), ("texts/",)))  # doctest: +SKIP
>>> print(result.differences[0].verdict)  # doctest: +SKIP
"""

from __future__ import annotations

from tokenry.study.model_comparison.content import ModelComparison
from tokenry.study.model_comparison.options import ComparisonOptions
from tokenry.study.model_comparison.run import compare_models

__all__ = ["ComparisonOptions", "ModelComparison", "compare_models"]
