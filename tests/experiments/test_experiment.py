"""Experiments: verdicts by rule, records, data packed and unpacked, the command."""

from __future__ import annotations

import json
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, SimpleNamespace

import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.errors import CorpusError, FormatError, StudyError
from tokenry.experiments import (
    Data,
    Experiment,
    Findings,
    Setting,
    Table,
    Verdict,
    check,
    experiment,
    read_record,
    registry,
    run_experiment,
    verdict,
    write_record,
)

NO, SOME, YES = (
    check("a", "b", holds=False),
    check("a", "b", holds=False, in_direction=True),
    check("a", "b", holds=True),
)


def count_lines(setting: Setting) -> Findings:
    lines = setting.data.file("text/a.txt").read_text().splitlines()
    setting.tell("counting")
    return Findings(
        (Table("lines", ("file", "lines"), (("a.txt", len(lines)),), "one file"),),
        (check("there are three", f"{len(lines)}", holds=len(lines) == 3),),
        (f"{setting.size} with {len(setting.seeds)} seeds",),
    )


EXAMPLE = Experiment(
    id="lines",
    systems=("S999",),
    name="Lines",
    source="nobody",
    claim="a file has three lines",
    scale="one file",
    baseline="none",
    needs=("text",),
    run=count_lines,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "text").mkdir(parents=True)
    (folder / "text" / "a.txt").write_text("x\ny\nz\n")
    return folder


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "tokenry.experiments.lines"
    monkeypatch.setitem(sys.modules, name, SimpleNamespace(EXPERIMENT=EXAMPLE))  # type: ignore[arg-type]
    known = MappingProxyType({"lines": "lines"})
    monkeypatch.setattr(registry, "EXPERIMENTS", known)
    monkeypatch.setattr("tokenry.cli.experiment.EXPERIMENTS", known)


def test_a_claim_is_as_good_as_its_weakest_part() -> None:
    assert verdict([YES, YES]) is Verdict.HOLDS
    assert verdict([YES, SOME]) is Verdict.IN_DIRECTION
    assert verdict([SOME, NO, YES]) is Verdict.NOT_HERE
    with pytest.raises(ValueError, match="without checks"):
        verdict([])


def test_a_table_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="1 cells"):
        Table("t", ("a", "b"), (("only",),))


def test_runs_and_keeps_a_record(data: Path, tmp_path: Path) -> None:
    told: list[str] = []
    record = run_experiment(EXAMPLE, data, tell=told.append)
    assert told == ["counting"]
    assert record["verdict"] == "holds"
    assert record["tables"][0]["rows"] == (("a.txt", 3),)
    path = write_record(record, tmp_path / "records")
    assert json.loads(path.read_text()) == read_record(path)
    assert read_record(path)["systems"] == ["S999"]
    (data / "text" / "a.txt").write_text("x\n")
    other = run_experiment(EXAMPLE, data, size="small")
    assert other["verdict"] == "does not hold here"
    assert other["data"] != record["data"]
    assert other["notes"] == ["small with 1 seeds"]


def test_reads_packed_data_like_unpacked(data: Path, tmp_path: Path) -> None:
    packed, scratch = tmp_path / "packed", tmp_path / "scratch"
    packed.mkdir()
    scratch.mkdir()
    with tarfile.open(packed / "text.tar.xz", "w:xz") as archive:
        archive.add(data / "text", "text")
    read, other = Data(packed, scratch), Data(data, scratch)
    assert read.file("text/a.txt").read_text() == "x\ny\nz\n"
    assert other.files("text", "*.txt")[0].name == "a.txt"
    assert read.fingerprint() == other.fingerprint()
    assert not list(packed.glob("text/*"))


@pytest.mark.parametrize("name", ["text/a.txt", "../a.txt"])
def test_unpacks_without_the_filters_of_later_pythons(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    packed, scratch = tmp_path / "packed", tmp_path / "scratch"
    packed.mkdir()
    scratch.mkdir()
    with tarfile.open(packed / "text.tar.xz", "w:xz") as archive:
        archive.add(data / "text" / "a.txt", name)
    if name.startswith(".."):
        with pytest.raises(CorpusError, match="inside"):
            Data(packed, scratch).file("text/a.txt")
        assert not (tmp_path / "a.txt").exists()
    else:
        assert Data(packed, scratch).file(name).read_text() == "x\ny\nz\n"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda data: data.folder("nowhere"), "has no nowhere/ and no nowhere.tar.xz"),
        (lambda data: data.file("text/b.txt"), "b.txt is missing"),
        (lambda data: data.files("text", "*.xml"), r"has no \*.xml"),
    ],
)
def test_says_what_data_are_missing(data: Path, tmp_path: Path, ask: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        ask(Data(data, tmp_path))  # type: ignore[operator]


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "tokenry-experiment", "version": 9}'])
def test_refuses_what_is_no_record(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(FormatError, match=r"x\.json"):
        read_record(path)


def test_names_the_experiments_there_are() -> None:
    with pytest.raises(StudyError, match="no experiment 'S000'"):
        experiment("S000")


@pytest.mark.usefixtures("registered")
def test_command_prints_and_writes(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "records"
    run = CliRunner().invoke
    done = run(app, ["experiment", "lines", "--data", str(data), "--out", str(out)])
    assert done.exit_code == 0, done.output
    for part in ("a file has three lines", "a.txt", "verdict: holds"):
        assert part in done.output
    assert read_record(out / "lines.json")["verdict"] == "holds"
    again = run(app, ["experiment", "--all", "--data", str(data), "--out", str(out)])
    assert "lines has a record" in again.output
    small = run(app, ["experiment", "lines", "--small", "--data", str(data), "--json"])
    assert '"size": "small"' in small.output
    listed = run(app, ["experiment", "--list", "--json"])
    assert json.loads(listed.stdout)[0]["id"] == "lines"


@pytest.mark.usefixtures("registered")
def test_command_refuses_with_one_line(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKENRY_DATA", raising=False)
    run = CliRunner().invoke
    for arguments, message in (
        (["lines"], "no folder of data is named"),
        (["lines", "--data", str(data / "none")], "is no folder"),
        (["lines", "--data", str(data / "text")], "has no text/"),
        (["other", "--data", str(data)], "no experiment 'other'"),
        (["--data", str(data)], "name an experiment"),
    ):
        done = run(app, ["experiment", *arguments])
        assert done.exit_code == 2
        assert message in done.output
        assert "Traceback" not in done.output


def test_a_record_says_what_the_experiment_says(data: Path) -> None:
    other = replace(EXAMPLE, claim="another")
    assert run_experiment(other, data)["claim"] == "another"
