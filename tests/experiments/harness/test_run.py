"""A run and its record."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.harness.experiment import Experiment
from experiments.harness.record import read_record, write_record
from experiments.harness.run import run_experiment
from tokenry.registry import Entry


def test_runs_and_keeps_a_record(entry: Entry[Experiment], data: Path, tmp_path: Path) -> None:
    told: list[str] = []
    record = run_experiment(entry, data, tell=told.append)
    assert told == ["counting"]
    assert record["verdict"] == "holds"
    assert record["tables"][0]["rows"] == [["a.txt", 3]]
    path = write_record(record, tmp_path / "records")
    assert json.loads(path.read_text()) == read_record(path)
    assert read_record(path)["systems"] == ["S999"]
    (data / "text" / "a.txt").write_text("x\n")
    other = run_experiment(entry, data, size="small")
    assert other["verdict"] == "does not hold here"
    assert other["data"] != record["data"]
    assert other["notes"] == ["small with 1 seeds"]


def test_a_record_says_what_the_experiment_says(
    example: Experiment,
    entry: Entry[Experiment],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = SimpleNamespace(EXPERIMENT=replace(example, claim="another"))
    monkeypatch.setitem(sys.modules, entry.module, other)  # type: ignore[arg-type]
    assert run_experiment(entry, data)["claim"] == "another"
