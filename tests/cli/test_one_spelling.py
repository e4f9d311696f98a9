"""Options that mean the same are spelled the same, and messages speak of what the reader wrote."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import tokenry
from tokenry.cli.app import app
from tokenry.cli.arguments import named_specials, read_shape, read_size
from tokenry.cli.guard import guarded
from tokenry.errors import StudyError, VocabularyError

runner = CliRunner()
TEXT = "the cat sat on the mat and the dog sat on the log\n" * 30


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    return path


@pytest.mark.parametrize(
    ("written", "size"),
    [("48k", 48_000), ("1.5K", 1_500), ("32_000", 32_000), ("32,000", 32_000), (" 7 ", 7)],
)
def test_sizes(written: str, size: int) -> None:
    assert read_size(written, "--size") == size


@pytest.mark.parametrize("written", ["", "k", "0", "-3", "many", "infk", "16000,32000", "16,32k"])
def test_what_is_no_size_is_refused(written: str) -> None:
    with pytest.raises(VocabularyError, match=r"--size .* is no size; write 48000 or 48k"):
        read_size(written, "--size")


def test_specials_of_what_is_learnt(text: Path, tmp_path: Path) -> None:
    assert named_specials("<|end|>, <|pad|>", 2) == (
        "<|end|>", "<|pad|>", "<|reserved_0|>", "<|reserved_1|>"
    )  # fmt: skip
    out = tmp_path / "out"
    call = ["learn", str(text), "--vocab-size", "0.3k", "--out", str(out), "--reserve", "2"]
    done = runner.invoke(app, [*call, "--special-tokens", "<|end|>,<|pad|>"])
    assert done.exit_code == 0, done.output
    tokenizer = tokenry.load(out)
    assert sorted(tokenizer.special_tokens_set) == sorted(named_specials("<|end|>,<|pad|>", 2))
    twice = runner.invoke(app, [*call[:-3], str(out / "b"), "--special-tokens", "<|a|>", "--set",
                                "special_tokens=('<|b|>',)"])  # fmt: skip
    assert twice.exit_code == 2
    assert "--special-tokens or --reserve and by --set" in twice.output


@pytest.mark.parametrize("command", ["study", "learn", "choose-size", "measure", "diff"])
def test_equal_options_have_equal_names(command: str) -> None:
    shown = runner.invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
    for other in ("--hold-out", "--reference ", "--specials"):
        assert other not in shown
    expected = {
        "study": ("--holdout", "--reference-language", "--special-tokens", "--reserve"),
        "learn": ("--vocab-size", "--special-tokens", "--reserve"),
        "choose-size": ("--holdout", "--reference-language"),
        "measure": ("--reference-language",),
        "diff": ("--reference-language",),
    }[command]
    assert all(option in shown for option in expected)


def test_messages_of_the_library_name_the_options_of_the_command() -> None:
    @guarded
    def command(
        out: tokenry.cli.arguments.Html = None,  # type: ignore[name-defined]
        field: tokenry.cli.arguments.Field = "text",  # type: ignore[name-defined]
        as_json: tokenry.cli.arguments.Json = False,  # type: ignore[name-defined]
    ) -> None:
        raise StudyError("go on with as_json=True, or give out=; choose one with column=; x=1 not=")

    app_ = typer.Typer()
    app_.command()(command)
    said = runner.invoke(app_, []).output
    assert "go on with --json, or give --out; choose one with --field; x=1 not=" in said


def test_a_field_that_is_missing_is_chosen_by_the_option(text: Path, tmp_path: Path) -> None:
    records = tmp_path / "a.jsonl"
    records.write_text('{"body": "x"}\n')
    said = runner.invoke(app, ["learn", str(records), "--out", str(tmp_path / "out")]).output
    assert "choose one with --field" in said


FLAG, ARGUMENT = re.compile(r"(?<![\w-])--[a-z]"), re.compile(r"(?<![\w-])[a-z_]+=(?![A-Z])")


def test_python_never_advises_options_and_commands_never_arguments() -> None:
    root = Path(tokenry.__file__).parent
    wrong = []
    for file in root.rglob("*.py"):
        other = ARGUMENT if file.parent.name == "cli" else FLAG
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise):
                texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
                said = " ".join(text for text in texts if isinstance(text, str))
                if other.search(said) and "NAME=VALUE" not in said:
                    wrong.append(f"{file.relative_to(root)}:{node.lineno}: {said}")
    assert wrong == []


def test_a_model_is_named_alike_in_all_commands() -> None:
    for command in ("study", "measure", "choose-size"):
        shown = runner.invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
        assert all(option in shown for option in ("--params", "--width", "--layers"))
    assert read_shape("350M", None, None).width == 1024
    assert read_shape(None, 64, None).layers == read_shape(None, None, None).layers
    with pytest.raises(VocabularyError, match="in the place of --width"):
        read_shape("1B", 64, None)
    for written in ("many", "-3", "350 MB"):
        with pytest.raises(VocabularyError, match="is no number of parameters; write 350M"):
            read_shape(written, None, None)


@pytest.mark.parametrize("command", ["truncate", "prune", "extend", "pad"])
def test_surgery_takes_sizes_as_learning_does(command: str, text: Path, tmp_path: Path) -> None:
    shown = runner.invoke(app, ["surgery", command, "--help"], env={"COLUMNS": "200"}).output
    assert "--size" in shown
    assert "--vocab-size" in shown
    learnt = tokenry.learn(text, vocab_size=275)
    learnt.save(tmp_path / "a")
    others = {"prune": [str(text)], "extend": [str(tmp_path / "a")]}.get(command, [])
    size = "0.3k" if command in ("extend", "pad") else "0.265k"
    call = ["surgery", command, str(tmp_path / "a"), *others, "--vocab-size", size]
    done = runner.invoke(app, [*call, "--out", str(tmp_path / "b")])
    assert done.exit_code == 0, done.output
    assert tokenry.load(tmp_path / "b").n_vocab <= 300


def test_convert_takes_its_place_as_other_commands_do(text: Path, tmp_path: Path) -> None:
    tokenry.learn(text, vocab_size=275).save(tmp_path / "a")
    call = ["convert", str(tmp_path / "a"), "--to", "tiktoken"]
    for more in ([str(tmp_path / "b")], ["--out", str(tmp_path / "c")]):
        assert runner.invoke(app, [*call, *more]).exit_code == 0
    assert (tmp_path / "b").read_bytes() == (tmp_path / "c").read_bytes()
    for more in ([], [str(tmp_path / "d"), "--out", str(tmp_path / "e")]):
        assert "say once where to write" in runner.invoke(app, [*call, *more]).stderr
