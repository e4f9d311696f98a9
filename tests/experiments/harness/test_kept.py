"""Parts of runs are made once, and kept apart by what they depend on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from experiments.harness.data import Data
from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept


def test_a_part_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENRY_WORK", str(tmp_path / "work"))
    told: list[str] = []
    setting = Setting(Data(tmp_path, tmp_path), "full", tmp_path / "a", tell=told.append)
    made: list[int] = []

    def make() -> list[float]:
        made.append(1)
        return [1.5, 2.0]

    for _ in range(2):
        kept = Kept(setting, "retok", ("texts", 3))
        assert kept.once("an arm", make) == [1.5, 2.0]
        assert kept.spent >= 0
    assert (len(made), told) == (1, ["an arm"])
    assert sum(setting.earlier.values()) == 0  # this run has made it
    again = replace(setting, earlier={})
    kept = Kept(again, "retok", ("texts", 3))
    kept.once("an arm", make)
    kept.once("an arm", make)
    assert list(again.earlier.values()) == [kept.spent / 2]
    Kept(setting, "retok", ("other texts", 3)).once("an arm", make)
    assert len(made) == 2
    assert "CPU seconds" in kept.note()


def test_a_small_run_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENRY_WORK", str(tmp_path / "work"))
    setting = Setting(Data(tmp_path, tmp_path), "small", tmp_path / "scratch")
    Kept(setting, "retok").once("an arm", lambda: 1)
    assert not (tmp_path / "work").exists()
