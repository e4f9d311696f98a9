"""`tokenry generate` and `tokenry decoding compare` on a small model in files."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.cli.generation import read_prompts, read_settings
from tokenry.errors import ModelError

pytest.importorskip("torch")

runner = CliRunner()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of bytes and its tokenizer."""
    from tokenry.learning import learn
    from tokenry.neural import Backbone, Transformer
    from tokenry.neural.embeddings.rows import TokenRows
    from tokenry.neural.saving import save_model

    folder = tmp_path_factory.mktemp("model")
    tokenizer = learn(["some text to learn from, and some more"] * 3, vocab_size=270)
    tokenizer.save(folder)
    config = Transformer(
        embedding=TokenRows(vocab_size=len(tokenizer)), backbone=Backbone(width=16, layers=3)
    )
    save_model(config.build(seed=1), folder)
    return folder


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    path = tmp_path / "prompts.jsonl"
    path.write_text("".join(json.dumps({"prompt": each}) + "\n" for each in ("some", "text to")))
    return path


def run(*arguments: str | Path) -> Any:
    return runner.invoke(app, [str(each) for each in arguments])


def test_a_line_of_json_a_prompt(model: Path, prompts: Path) -> None:
    found = {}
    for method in ("plain", "recycling"):
        done = run(
            "generate", model, "--prompt-file", prompts, "--method", method, "--json",
            "--max-new-tokens", "12",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        found[method] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["text"] for each in found["plain"]] == [x["text"] for x in found["recycling"]]
    keys = {"text", "new_bytes", "calls", "positions", "layers", "flops", "seconds"}
    assert all(keys <= each.keys() for each in found["plain"])
    assert sum(x["calls"] for x in found["recycling"]) <= sum(x["calls"] for x in found["plain"])


def test_a_text_is_one_prompt(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.txt"
    path.write_text("some text")
    done = run("generate", model, "--prompt-file", path, "--max-new-tokens", "3")
    assert done.exit_code == 0
    assert "3 ids in 3 calls" in done.stderr


def test_methods_side_by_side(model: Path, prompts: Path) -> None:
    done = run(
        "decoding", "compare", model, "--prompts", prompts, "--draft", model, "--json",
        "--methods", "lookup,dyspec,skip", "--max-new-tokens", "8", "--batch-size", "2",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    rows = {each["method"]: each for each in json.loads(done.stdout)}
    assert [*rows] == ["plain", "lookup", "dyspec", "skip"]
    assert all(rows[name]["same"] == 1 for name in ("plain", "lookup", "dyspec"))
    assert rows["dyspec"]["helper_calls"] > 0
    assert rows["plain"]["layers"] == 3 * rows["plain"]["positions"]
    assert rows["skip"]["layers"] < 3 * rows["skip"]["positions"]
    assert rows["plain"]["bytes"] > 0
    side = ("decoding", "compare", model, "--prompts", prompts, "--methods", "lookup")
    wrong = run(*side, "--set", "recycling.nodes=24")
    assert wrong.exit_code == 2
    assert "a method that is compared: lookup" in " ".join(wrong.stderr.split())
    assert run(*side, "--set", "lookup.wide=3").exit_code == 2
    shown = run(*side, "--set", "lookup.length=4")
    assert "agreement" in shown.output
    assert shown.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--method", "dyspce"], "did you mean 'dyspec'"),
        (["--method", "dyspec"], "--draft"),
        (["--method", "lookup", "--set", "longest"], "NAME=VALUE"),
        (["--method", "lookup", "--set", "wide=3"], "no option of lookup"),
        (["--method", "skip", "--set", "least=1"], "warm"),
    ],
)
def test_errors_name_the_remedy(
    model: Path, prompts: Path, arguments: list[str], message: str
) -> None:
    done = run("generate", model, "--prompt-file", prompts, *arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.output


def test_a_router_is_trained_and_used(model: Path, prompts: Path, tmp_path: Path) -> None:
    from tokenry.neural.initialisers.normal import Normal
    from tokenry.neural.saving import load_model, save_model

    config = replace(load_model(model).config, initialiser=Normal(spread=0.5))
    for seed, name in enumerate(("large", "small")):
        shutil.copytree(model, tmp_path / name)
        save_model(config.build(seed=seed), tmp_path / name)
    model, small = tmp_path / "large", tmp_path / "small"
    given = ("--draft", small, "--max-new-tokens", "8")
    made = run(
        "decoding", "train-router", model, "--prompts", prompts, *given, "--steps", "3",
        "--out", tmp_path / "router",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    routed = ("--router", tmp_path / "router")
    done = run(
        "generate", model, "--prompt-file", prompts, *given, *routed, "--method", "r2r", "--json"
    )
    assert done.exit_code == 0, done.output
    assert all(json.loads(line)["draft_calls"] for line in done.stdout.splitlines())
    side = ("decoding", "compare", model, "--prompts", prompts)
    assert run(*side, *given, *routed, "--methods", "r2r").exit_code == 0
    for command, message in (
        (("generate", model, "--prompt-file", prompts, *routed), "--method r2r"),
        (("generate", model, "--prompt-file", prompts, *routed, "--method", "r2r"), "--draft"),
        (("generate", model, "--prompt-file", prompts, *given, "--method", "r2r", "--router",
          tmp_path), "no router"),
        ((*side, *given, *routed, "--methods", "lookup"), "--methods"),
        (("decoding", "train-router", model, "--prompts", prompts, *given, "--out",
          tmp_path / "router"), "another folder"),
    ):  # fmt: skip
        done = run(*command)
        assert done.exit_code == 2
        assert message in " ".join(done.stderr.split())


def test_recycling_begins_with_what_texts_hold(model: Path, prompts: Path, tmp_path: Path) -> None:
    (texts := tmp_path / "texts").mkdir()
    given, most = ("--prompt-file", prompts), ("--max-new-tokens", "16", "--json")
    plain = run("generate", model, *given, *most)
    written = "".join(json.loads(line)["text"] for line in plain.stdout.splitlines())
    (texts / "a.txt").write_text(written)
    (texts / "b.jsonl").write_text(json.dumps({"text": "some text"}))
    made = {}
    for warm in ((), ("--warm", texts)):
        done = run("generate", model, *given, *most, "--method", "recycling", *warm)
        assert done.exit_code == 0, done.output
        made[warm] = [json.loads(line) for line in done.stdout.splitlines()]
    cold, warm = made.values()
    assert [x["text"] for x in cold] == [x["text"] for x in warm]
    assert sum(x["calls"] for x in warm) < sum(x["calls"] for x in cold)
    side = ("decoding", "compare", model, "--prompts", prompts, "--max-new-tokens", "16", "--json")
    done = run(*side, "--methods", "recycling", "--warm", texts)
    assert json.loads(done.stdout)[1]["calls"] == sum(x["calls"] for x in warm)
    for command, message in (
        (("generate", model, *given, "--method", "lookup", "--warm", texts), "choose recycling"),
        ((*side, "--methods", "lookup", "--warm", texts), "--methods"),
        (("generate", model, *given, "--method", "recycling", "--warm", tmp_path / "none"), "none"),
    ):
        done = run(*command)
        assert done.exit_code == 2
        assert message in " ".join(done.stderr.split())


def test_a_draft_whose_ids_mean_other_text_is_refused(
    model: Path, prompts: Path, tmp_path: Path
) -> None:
    from tokenry.learning import learn

    small = tmp_path / "small"
    shutil.copytree(model, small)
    learn(["other words, so other merges"] * 3, vocab_size=270).save(small)
    given = ("generate", model, "--prompt-file", prompts, "--method", "fixed", "--draft", small)
    done = run(*given)
    assert done.exit_code == 2
    assert "ids stand for other text" in " ".join(done.stderr.split())
    assert "tokenry transplant" in " ".join(done.stderr.split())
    (small / "tokenizer.json").unlink()
    assert run(*given, "--max-new-tokens", "2").exit_code == 0


def test_prompts_that_are_none(tmp_path: Path) -> None:
    for name, content, message in (
        ("a.jsonl", b'{"text": "x"}\n', "line 1"),
        ("b.jsonl", b'{"prompt": "x"}\n{', "line 2"),
        ("c.jsonl", b"\n", "no prompts"),
        ("d.txt", b"a\xff", "byte 1"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ModelError, match=message):
            read_prompts(path)
    with pytest.raises(ModelError, match="no number"):
        read_settings(["nodes=os"])
