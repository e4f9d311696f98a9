"""Models of a run that resumes are trained once; of others each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from experiments.harness.data import Data
from experiments.harness.experiment import Setting
from experiments.harness.trained import once


def test_models_are_kept_for_a_run_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENRY_WORK", str(tmp_path / "work"))
    plain = Setting(Data(tmp_path, tmp_path), "full", tmp_path)
    resumed = replace(plain, resume=True)
    trained: list[int] = []

    def train(seed: int) -> float:
        trained.append(seed)
        return seed / 2

    for setting in (resumed, resumed, plain, plain):
        assert [once(setting, "bits", "an arm", seed, train) for seed in (3, 4)] == [1.5, 2.0]
    assert trained == [3, 4, 3, 4, 3, 4]
    once(replace(resumed, draw=1), "bits", "an arm", 3, train)  # another draw of data
    once(replace(resumed, data=Data(tmp_path, tmp_path, 0)), "bits", "an arm", 3, train)
    once(resumed, "bits", "another arm", 3, train)
    assert trained[6:] == [3, 3, 3]
