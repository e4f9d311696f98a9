"""A run and its record."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.record import read_record, standing, write_record
from experiments.harness.run import BY_SEED, Draws, run_experiment
from experiments.harness.verdicts import fact
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


def test_a_verdict_has_to_stand_on_both_halves(
    entry: Entry[Experiment], data: Path, tmp_path: Path
) -> None:
    (data / "text" / "a.txt").write_text("x\n" * 6)
    record = run_experiment(entry, Draws(data, halves=True))
    assert (record["verdict"], record["second"]["checks"][0]["verdict"]) == ("holds", "holds")
    assert record["second"]["seeds"] == [100, 101, 102]
    assert record["second"]["divided"]
    (data / "text" / "a.txt").write_text("x\n" * 5)
    assert run_experiment(entry, Draws(data, halves=True))["verdict"] == "undecided here"
    other = tmp_path / "other"
    (other / "text").mkdir(parents=True)
    (other / "text" / "a.txt").write_text("x\n")
    both = run_experiment(entry, Draws(data, other))
    assert [a["verdict"] for a, _, _ in standing(both)] == ["does not hold here"]
    assert both["verdict"] == "does not hold here"


def test_there_is_one_draw_where_the_experiment_says_why(
    example: Experiment, entry: Entry[Experiment], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = SimpleNamespace(EXPERIMENT=replace(example, one_draw="there is one book"))
    monkeypatch.setitem(sys.modules, entry.module, alone)  # type: ignore[arg-type]
    record = run_experiment(entry, Draws(data, halves=True))
    assert record["second"] is None
    assert record["draws"] == "one draw, all of the data: there is one book"
    assert run_experiment(entry, Draws(data, data))["second"] is not None


def test_what_reads_no_files_is_drawn_by_seed(
    example: Experiment, entry: Entry[Experiment], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(setting: Setting) -> Findings:
        return Findings((), (fact("there is a seed", f"{setting.seeds[0]}", holds=True),))

    making = SimpleNamespace(EXPERIMENT=replace(example, needs=(), run=make))
    monkeypatch.setitem(sys.modules, entry.module, making)  # type: ignore[arg-type]
    assert run_experiment(entry, Draws(data, halves=True))["draws"] == BY_SEED


def test_what_was_kept_is_a_cost_of_the_run(
    example: Experiment, entry: Entry[Experiment], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reuse(setting: Setting) -> Findings:
        setting.earlier["a part"] = 100.0
        return example.run(setting)

    other = SimpleNamespace(EXPERIMENT=replace(example, run=reuse))
    monkeypatch.setitem(sys.modules, entry.module, other)  # type: ignore[arg-type]
    assert 100 <= run_experiment(entry, data)["cpu_seconds"] < 110


def test_a_finished_draw_is_not_run_again(
    entry: Entry[Experiment], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENRY_WORK", str(tmp_path / "work"))
    draws, told = Draws(data, halves=True), []
    first = run_experiment(entry, draws, resume=True)
    again = run_experiment(entry, draws, resume=True, tell=told.append)
    assert again["second"] == first["second"]
    assert len(told) == 2
    assert all("is finished" in each for each in told)
    kept = sorted((tmp_path / "work" / "draws").glob("*.json"))
    kept[1].unlink()  # stopped in the second draw
    told.clear()
    run_experiment(entry, draws, resume=True, tell=told.append)
    assert told[1:] == ["a second draw of data", "counting"]
