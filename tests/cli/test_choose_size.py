"""``tokenry choose-size``: one learning run, a table, JSON and a drawing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.cli.choose_size import read_shape, read_sizes
from tokenry.corpus.bundled import cldr_names
from tokenry.errors import VocabularyError
from tokenry.measuring import ModelShape

SMALL = ("--width", "32", "--layers", "2", "--sizes", "300,400,600,1k")


@pytest.fixture
def texts(tmp_path: Path, prose_text: str) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for at in range(20):
        (folder / f"{at}.txt").write_text(prose_text[at * 5000 : (at + 1) * 5000])
    return folder


@pytest.fixture
def parallel(tmp_path: Path) -> Path:
    folder = tmp_path / "parallel"
    folder.mkdir()
    for language, names in cldr_names(("en", "de", "ru")).items():
        (folder / f"{language}.txt").write_text("\n".join(names), encoding="utf-8")
    return folder


def test_recommends_and_draws(texts: Path, tmp_path: Path) -> None:
    plot = tmp_path / "sizes.svg"
    call = ["choose-size", str(texts), *SMALL, "--plot", str(plot)]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    assert done.output.count("<- recommended") == 1
    assert "within 1% of the fewest" in done.output
    assert "<svg" in plot.read_text()
    facts = json.loads(CliRunner().invoke(app, [*call, "--json"]).stdout)
    assert [point["size"] for point in facts["points"]] == [300, 400, 600, 1000]
    assert f"{facts['recommended']:,} ids" in done.output
    tokens = [point["tokens"] for point in facts["points"]]
    assert tokens == sorted(tokens, reverse=True)


def test_finds_a_size_for_each_language(texts: Path, parallel: Path, tmp_path: Path) -> None:
    plot = tmp_path / "sizes.png"
    call = [
        "choose-size",
        str(texts),
        *SMALL,
        "--parallel",
        str(parallel),
        "--reference-language",
        "en",
    ]
    done = CliRunner().invoke(app, [*call, "--plot", str(plot), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["languages"]
    assert {row["language"] for row in found["found"]} == {"en", "de", "ru"}
    english = next(row for row in found["found"] if row["language"] == "en")
    assert english["premium"] == 1.0
    assert plot.read_bytes().startswith(b"\x89PNG")
    shown = CliRunner().invoke(app, call).output
    assert "premium 1.000" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sizes", "4k,x"], "'x' is no size"),
        (["--plot", "sizes.pdf"], ".svg or .png"),
        (["--holdout", "0"], "leaves none to measure on"),
        (["--sizes", "100"], "no room"),
        (["--kind", "none"], "no learner is named 'none'"),
    ],
)
def test_refuses_with_one_line(texts: Path, arguments: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["choose-size", str(texts), *SMALL, *arguments])
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output


def test_parallel_text_must_fit(texts: Path, parallel: Path) -> None:
    call = ["choose-size", str(texts), *SMALL, "--parallel", str(parallel)]
    done = CliRunner().invoke(app, call)
    assert "'eng_Latn' is not among" in done.output
    (parallel / "en.txt").write_text("one line")
    assert "these differ" in CliRunner().invoke(app, [*call, "--reference-language", "en"]).output
    for path in parallel.iterdir():
        path.write_text("ab\n" * 50)
    done = CliRunner().invoke(app, [*call, "--reference-language", "en"])
    assert "a curve needs" in done.output


def test_sizes_are_read_as_people_write_them() -> None:
    assert read_sizes("16k, 4K,1.5k,32_000,4000") == [1500, 4000, 16_000, 32_000]
    for text in ("", "0", "-4k", "k", "nan", "infk"):
        with pytest.raises(VocabularyError, match="is no size"):
            read_sizes(text)


def test_help_has_an_example() -> None:
    shown = CliRunner().invoke(app, ["choose-size", "--help"]).output
    assert "tokenry choose-size texts/" in shown


@pytest.mark.parametrize(
    ("params", "width", "layers"),
    [("125M", 768, 12), ("350M", 1024, 24), ("760M", 1536, 24), ("1.3B", 2048, 24),
     ("2.7B", 2560, 32), ("6.7B", 4096, 32), ("350_000k", 1024, 24), ("175B", 12288, 96)],
)  # fmt: skip
def test_parameters_name_a_usual_model(params: str, width: int, layers: int) -> None:
    assert read_shape(params, None, None, tied=True) == ModelShape(width=width, layers=layers)


@pytest.mark.parametrize("count", [5e6, 3e7, 2e8, 5e9, 4e11])
def test_a_model_has_about_so_many_parameters(count: float) -> None:
    shape = ModelShape.of_parameters(count)
    assert shape.block_parameters + shape.row_parameters(50_257) == pytest.approx(count, rel=0.35)


def test_the_shape_of_a_command_is_said(texts: Path) -> None:
    done = CliRunner().invoke(
        app, ["choose-size", str(texts), "--sizes", "300,400", "--params", "350M"]
    )
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("--params 350M: width 1,024, 24 layers\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--params", "350Q"], "no number of parameters; write 350M or 1.3B"),
        (["--params", "350M", "--width", "64"], "in the place of --width and --layers"),
        (["--params", "12"], "12 parameters; expected 5,000,000 to"),
    ],
)
def test_no_shape_is_one_line(texts: Path, options: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["choose-size", str(texts), *options])
    assert done.exit_code == 2
    assert message in done.stderr
