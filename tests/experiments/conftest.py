"""A small experiment, registered beside the others, and the data that it reads."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.verdicts import Cost, fact
from tokenry.errors import StudyError
from tokenry.registry import Entry, Registry


def count_lines(setting: Setting) -> Findings:
    lines = setting.data.file("text/a.txt").read_text().splitlines()
    setting.tell("counting")
    return Findings(
        (Table("lines", ("file", "lines"), (("a.txt", len(lines)),), "one file"),),
        (fact("there are three", f"{len(lines)}", holds=len(lines) == 3),),
        (f"{setting.size} with {len(setting.seeds)} seeds",),
        (Cost("it takes no second", "it did not", False),),
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "text").mkdir(parents=True)
    (folder / "text" / "a.txt").write_text("x\ny\nz\n")
    return folder


@pytest.fixture
def example() -> Experiment:
    """It counts lines."""
    return Experiment(
        name="Lines",
        claim="a file has three lines",
        scale="one file",
        baseline="none",
        needs=("text",),
        run=count_lines,
    )


@pytest.fixture
def entry(example: Experiment, monkeypatch: pytest.MonkeyPatch) -> Entry[Experiment]:
    """The entry of the example."""
    name = "experiments.lines"
    monkeypatch.setitem(sys.modules, name, SimpleNamespace(EXPERIMENT=example))  # type: ignore[arg-type]
    return Entry("lines", f"{name}:EXPERIMENT", "nobody", ("S999",))


@pytest.fixture
def registered(entry: Entry[Experiment], monkeypatch: pytest.MonkeyPatch) -> None:
    """The example is the only experiment there is."""
    known = Registry("experiment", (entry,), StudyError)
    monkeypatch.setattr("experiments.command.EXPERIMENTS", known)
