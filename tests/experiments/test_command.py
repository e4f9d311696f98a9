"""``python -m experiments``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.command import app
from experiments.harness.record import read_record
from experiments.harness.registry import EXPERIMENTS

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("registered")
def test_command_prints_and_writes(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "records"
    run = CliRunner().invoke
    alone = ["--one-draw", "it is one file"]
    done = run(app, ["lines", *alone, "--data", str(data), "--out", str(out)])
    assert done.exit_code == 0, done.output
    for part in ("a file has three lines", "a.txt", "verdict: holds"):
        assert part in done.output
    record = read_record(out / "lines.json")
    assert record["verdict"] == "holds"
    assert record["draws"] == "one draw, all of the data: it is one file"
    again = run(app, ["--all", "--data", str(data), "--out", str(out)])
    assert "holds                0 CPU s before" in again.output
    small = run(app, ["lines", "--size", "small", "--data", str(data), "--json"])
    assert '"size": "small"' in small.output
    listed = run(app, ["--list", "--json"])
    assert json.loads(listed.stdout)[0]["id"] == "lines"


@pytest.mark.usefixtures("registered")
def test_command_refuses_with_one_line(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKENRY_DATA", raising=False)
    run = CliRunner().invoke
    for arguments, message in (
        (["lines"], "no folder of data is named"),
        (["lines", "--data", str(data / "none")], "is no folder"),
        (["lines", "--data", str(data / "text")], "has no text/"),
        (["other", "--data", str(data)], "no experiment is named 'other'"),
        (["--data", str(data)], "name an experiment"),
    ):
        done = run(app, arguments)
        assert done.exit_code == 2
        assert message in done.output
        assert "Traceback" not in done.output


@pytest.mark.usefixtures("registered")
def test_all_goes_on_where_one_cannot_run(data: Path, tmp_path: Path) -> None:
    command = ["--all", "--resume", "--out", str(tmp_path), "--data"]
    for folder, code, said in ((data / "text", 1, "left out"), (data, 0, "CPU s now")):
        done = CliRunner().invoke(app, [*command, str(folder)])
        assert (done.exit_code, said in done.output) == (code, True), done.output


def test_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "experiments", "--list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(EXPERIMENTS)
