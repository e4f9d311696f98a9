"""The experiments by id."""

from __future__ import annotations

import pytest

from experiments.harness.registry import EXPERIMENTS
from tokenry.errors import StudyError


def test_names_the_experiments_there_are() -> None:
    with pytest.raises(StudyError, match="no experiment is named 'S999'"):
        EXPERIMENTS.load("S999")
