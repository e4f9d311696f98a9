"""A finished study as tables side by side and as figures."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.study import StudyResult


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path, parallel_folder: Path
) -> Path:
    """A study by the command, with every form of it."""
    out = tmp_path_factory.mktemp("shown")
    arguments = [
        "study", str(corpus_folder), "--out", str(out / "study"), "--vocab-size", "500",
        "--holdout", "0.2", "--parallel", str(parallel_folder), "--csv", str(out / "a.csv"),
        "--latex", str(out / "a.tex"), "--markdown", str(out / "a.md"),
        "--figures", str(out / "figures"),
    ]  # fmt: skip
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return out


def test_the_forms_say_what_the_study_found(folder: Path) -> None:
    result = StudyResult.read(folder / "study")
    found = list(csv.DictReader(io.StringIO((folder / "a.csv").read_text(encoding="utf-8"))))
    values = {(row["tokenizer"], row["part"], row["metric"]): row["value"] for row in found}
    for each in result.study.tokenizers:
        assert float(values[each.name, "all", "encode_speed"]) == each.speed.value
        for name, figure in each.overall.items():
            assert float(values[each.name, "all", name]) == figure.value
        assert (each.name, "language jpn_Jpan", "premium") in values
        assert (each.name, "domain code", "bytes_per_token") in values
    text = (folder / "a.md").read_text(encoding="utf-8")
    assert text.startswith("| metric | bpe | superbpe |")
    assert result.winner in text.splitlines()[-1]
    assert r"\label{tab:languages}" in (folder / "a.tex").read_text(encoding="utf-8")
    names = {path.stem for path in (folder / "figures").iterdir()}
    assert names == {"curve", "domains", "premiums", "ranks"}
    assert len(list((folder / "figures").iterdir())) == 12


def test_a_notebook_shows_little_and_plots(folder: Path) -> None:
    result = StudyResult.read(folder / "study")
    shown = result._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert len(shown) < len(result.report.read_text(encoding="utf-8")) / 3
    assert "Scorecard" in shown
    assert result.plot().axes[0].get_xlabel() == "vocabulary size (ids)"
    assert result.plot("premiums").legends


def test_a_study_refuses_before_any_work(folder: Path) -> None:
    figures, csv_file = str(folder / "a.csv"), str(folder / "figures")
    for option, value in (("--figures", figures), ("--csv", csv_file)):
        done = CliRunner().invoke(app, ["study", "nowhere", option, value])
        assert done.exit_code == 2
        assert "is a f" in done.stderr
        assert "nowhere" not in done.stderr


def test_study_json_is_as_the_schema_says(folder: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    formats = Path(__file__).parents[2] / "docs" / "formats"
    schema = json.loads((formats / "study.schema.json").read_text(encoding="utf-8"))
    content = json.loads((folder / "study" / "study.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(content)
    assert set(schema["properties"]) == set(content)
