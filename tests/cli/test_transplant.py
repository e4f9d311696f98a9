"""``tokenry transplant``: the model, its report, its certificate, and the exit status."""

from __future__ import annotations

import json
import pydoc_data.topics
import shutil
from pathlib import Path

import pytest
import transformers
from transfer_models import save_model
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.learning import learn
from tokenry.tokenizer import load
from tokenry.transfer import INITIALISERS

TEXT = "the cat sat on the mat and the dog sat on the log; it's 東京 again, 1234!\n" * 60
OTHER = pydoc_data.topics.topics["booleans"] + TEXT


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("transplant")
    old = learn([TEXT], vocab_size=290, special_tokens=("<|endoftext|>",))
    save_model(folder / "model", old)
    learn([OTHER], vocab_size=330, special_tokens=("</s>",)).save(folder / "tokenizer")
    learn([OTHER], vocab_size=300, special_tokens=("<|stop|>",)).save(folder / "endless")
    (folder / "text.txt").write_text(TEXT)
    return folder


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["transplant", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_model_that_transformers_loads(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tokenizer, text = place / "tokenizer", place / "text.txt"
    done = CliRunner().invoke(
        app, ["transplant", str(place / "model"), "--tokenizer", str(tokenizer), "--corpus",
              str(text), "--out", str(out), "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["passes"] is True
    assert found["report"]["new_ids"] == 330
    assert found["certificate"]["figures"]["bits per byte after"] > 0
    model = transformers.AutoModelForCausalLM.from_pretrained(out)
    ids = transformers.AutoTokenizer.from_pretrained(out)("the cat")["input_ids"]
    assert ids == load(tokenizer).encode("the cat")
    assert model.config.vocab_size == 330
    assert {"transplant.json", "certificate.json", "certificate.html"} <= {
        each.name for each in out.iterdir()
    }


def test_words_for_people(place: Path, tmp_path: Path) -> None:
    status, output = run(
        place / "model", "--tokenizer", place / "tokenizer", "--init", "mean", "--out",
        tmp_path / "out",
    )  # fmt: skip
    assert status == 0, output
    assert "290 ids to 330, one matrix of 330 rows" in output
    assert "by mean" in output
    assert "shared logits" in output
    assert output.rstrip().endswith("passes")


def test_healing_and_going_on(place: Path, tmp_path: Path) -> None:
    given = [place / "model", "--tokenizer", place / "tokenizer", "--corpus", place / "text.txt",
             "--heal-steps", 4, "--out", tmp_path / "out"]  # fmt: skip
    status, output = run(*given)
    assert status == 0, output
    assert "the model was trained" in output
    assert (tmp_path / "out-unhealed" / "healing" / "0-rows" / "report.json").is_file()
    shutil.rmtree(tmp_path / "out")
    assert run(*given)[0] == 0  # all steps are there already
    shutil.rmtree(tmp_path / "out")
    given[2] = place / "endless"
    status, output = run(*given, "--eos", "<|stop|>")
    assert status == 2
    assert "of another run" in output


def test_a_hard_check_that_fails_is_exit_status_1(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tokenry.transfer import applying

    write = applying._write_configs

    def wrong(folder: object, new: Path, specials: object, rows: int) -> None:
        write(folder, new, specials, rows)  # type: ignore[arg-type]
        path = new / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_bytes()), "vocab_size": rows + 1}))

    monkeypatch.setattr(applying, "_write_configs", wrong)
    monkeypatch.setattr("tokenry.transfer.certificate.rows.shared_logits", lambda *_: zeros())
    status, output = run(
        place / "model", "--tokenizer", place / "tokenizer", "--out", tmp_path / "out"
    )
    assert status == 1, output
    assert output.rstrip().endswith("FAILS")


def zeros() -> object:
    import numpy as np

    return np.zeros((1, 1, 1), np.float32)


def test_the_list() -> None:
    status, output = run("--list")
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == list(INITIALISERS)
    rows = json.loads(run("--list", "--json")[1])
    assert [row["name"] for row in rows if row["default"]] == ["subpieces"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Usage"),
        (["model"], "give MODEL, --tokenizer and the folder --out"),
        (["model", "--tokenizer", "tokenizer", "--out", "o", "--heal-steps", 5], "--corpus"),
        (["model", "--tokenizer", "tokenizer", "--out", "o", "--init", "ompp"], "did you mean"),
        (["model", "--tokenizer", "tokenizer", "--out", "o", "--init", "omp"], "--donor"),
        (["model", "--tokenizer", "endless", "--out", "o"], "no end-of-text id"),
        (["tokenizer", "--tokenizer", "tokenizer", "--out", "o"], "holds no model"),
        (["model", "--tokenizer", "tokenizer", "--out", "text.txt"], "exists already"),
        (["model", "--tokenizer", "gone", "--out", "o"], "no such tokenizer file"),
    ],
)
def test_what_is_wrong_is_one_line(
    arguments: list[object], message: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    status, output = run(*arguments)
    assert status == 2
    assert message in output
    assert "Traceback" not in output
    assert not (place / "o").exists()
