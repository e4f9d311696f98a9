import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tokenry
from malformed_files import JSON_FILES
from tokenry.cli.app import app
from tokenry.errors import FileWarning
from tokenry.learning import KINDS

runner = CliRunner()


def invoke(*args: object) -> str:
    result = runner.invoke(app, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output + result.stderr
    return result.stdout


@pytest.mark.parametrize(
    "command",
    [
        *("study", "learn", "encode", "decode", "count", "inspect", "convert", "info"),
        *("serve", "measure", "diff"),
    ],
)
def test_help_has_an_example(command: str) -> None:
    assert f"tokenry {command}" in invoke(command, "--help")


def test_version_and_no_arguments() -> None:
    assert invoke("--version") == f"tokenry {tokenry.__version__}\n"
    assert "study" in runner.invoke(app, []).output


def test_inspect_shows_what_its_reader_warned_of(tmp_path: Path) -> None:
    content = JSON_FILES["bpe"]()
    content["added_tokens"][0]["id"] = 99_999
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.warns(FileWarning, match="says id 99999"):
        found = json.loads(invoke("inspect", path, "--json"))
    assert "says id 99999" in found["warnings"]
    with pytest.warns(FileWarning):
        assert "says id 99999" in invoke("inspect", path)


def test_inspect_says_what_a_file_is(tokenizer_folder: Path) -> None:
    found = json.loads(invoke("inspect", tokenizer_folder, "--unreachable", "--json"))
    tokenizer = tokenry.load(tokenizer_folder)
    assert found["ids"] == tokenizer.n_vocab == 290
    assert found["fingerprint"] == tokenizer.fingerprint()
    assert found["specials"] == ["<|end|>"]
    assert found["roles"] == {"special": 1}
    assert found["lossless"] is True
    assert found["split"] == "o200k"
    assert (found["holes"], found["duplicates"]) == (0, 0)
    assert isinstance(found["unreachable"], dict)
    assert "o200k" in invoke("inspect", tokenizer_folder)


def test_convert_to_ranks_and_back(tokenizer_folder: Path, tmp_path: Path) -> None:
    ranks = tmp_path / "mine.tiktoken"
    report = json.loads(invoke("convert", tokenizer_folder, ranks, "--to", "tiktoken", "--json"))
    assert report["format"] == "tiktoken"
    again = tokenry.load(ranks, pattern="o200k")
    text = "the cat sat on 東京"
    assert again.encode(text) == tokenry.load(tokenizer_folder).encode(text)
    found = json.loads(invoke("inspect", f"{ranks}:o200k", "--json"))
    assert found["format"] == "tiktoken"


def test_convert_to_tokenizer_json(tokenizer_folder: Path, tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    report = json.loads(invoke("convert", tokenizer_folder, tmp_path / "out", "--json"))
    assert (report["format"], report["exact"]) == ("tokenizer_json", True)
    other = tokenizers.Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    text = "the cat, 東京 \r\n\t it's 👩‍👧 1234"
    assert other.encode(text).ids == tokenry.load(tokenizer_folder).encode(text)
    assert "exact" in invoke("convert", tokenizer_folder, tmp_path / "again")


def test_convert_does_not_replace_files(tokenizer_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    invoke("convert", tokenizer_folder, out, "--to", "tokenry")
    result = runner.invoke(app, ["convert", str(tokenizer_folder), str(out), "--to", "tokenry"])
    assert result.exit_code == 2
    assert "--force" in result.stderr
    invoke("convert", tokenizer_folder, out, "--to", "tokenry", "--force")
    same = tokenry.load(out).fingerprint() == tokenry.load(tokenizer_folder).fingerprint()
    assert same


def test_learn_saves_a_tokenizer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("low lower lowest " * 50)
    out = tmp_path / "out"
    args = ["learn", tmp_path / "a.txt", "--vocab-size", "262", "--out", out]
    args += ["--set", "special_tokens=('<|end|>',)", "--set", "pretokenizer=gpt2"]
    found = json.loads(invoke(*args, "--json"))
    tokenizer = tokenry.load(out)
    assert found["vocabulary_size"] == tokenizer.n_vocab == 262
    assert tokenizer.special_tokens_set == {"<|end|>"}
    assert not (out / "checkpoint.json").exists()
    refused = runner.invoke(app, [str(arg) for arg in args])
    assert refused.exit_code == 2
    assert "holds a tokenizer" in refused.stderr


def test_learn_lists_the_kinds() -> None:
    found = {row["kind"]: row for row in json.loads(invoke("learn", "--list", "--json"))}
    assert set(found) == set(KINDS)
    assert found["superbpe"]["options"]["inherited"] == 0.9
    assert "arXiv" in found["bpe"]["source"]
    assert found["bpe"]["resumes"]
    assert found["superbpe"]["systems"] == ["S042"]
    shown = invoke("learn", "--list")
    for name, row in found.items():
        assert name in shown
        assert row["summary"].endswith(".")
        assert row["summary"] in shown


def test_learn_asks_for_data() -> None:
    result = runner.invoke(app, ["learn", "--kind", "bpe"])
    assert result.exit_code == 2
    assert "give DATA to learn from" in result.stderr


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--kind", "magic"], "no learner is named 'magic'"),
        (["--set", "colour=3"], "has the options"),
        (["--set", "colour"], "expected NAME=VALUE"),
        (["--vocab-size", "10"], "has no room"),
    ],
)
def test_learn_refuses_in_one_line(tmp_path: Path, extra: list[str], message: str) -> None:
    (tmp_path / "a.txt").write_text("low lower lowest " * 50)
    args = ["learn", str(tmp_path / "a.txt"), "--out", str(tmp_path / "out"), *extra]
    result = runner.invoke(app, args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.splitlines()[-1].startswith("tokenry: error:")


def test_info_in_three_forms() -> None:
    found = json.loads(invoke("info", "--json"))
    assert found["tokenry"] == tokenry.__version__
    assert found["numpy"][0].isdigit()
    table = invoke("info", "--markdown").splitlines()
    assert table[1] == "|---|---|"
    assert all(line.startswith("| ") for line in table[2:])
    assert "native core" in invoke("info")
