from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tokenry.tokenizer import load

TEXT = "the cat sat on the mat and the dog sat on the log; it's 東京 again, 1234!\n" * 40
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_shards_are_made_verified_and_gone_on_with(
    run: Run, tokenizer_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    out = tmp_path / "out"
    command = ["shards", tmp_path / "a.txt", "--tokenizer", tokenizer_folder, "--out", out]
    rows = ["--length", 32, "--unit", "line", "--end", "<|end|>"]
    done = run(*command, *rows, "--verify")
    assert done.returncode == 0, done.stderr
    assert b"1 shards made, 0 kept, of 1: 40 documents" in done.stdout
    assert b"40 documents are their text" in done.stdout
    again = run(*command, *rows)
    assert again.returncode == 2
    assert b"go on with --resume" in again.stderr
    facts = json.loads(run(*command, *rows, "--resume", "--json").stdout)
    expected = load(tokenizer_folder).count(TEXT.splitlines()[0]) * 40 + 40
    assert (facts["made"], facts["kept"], facts["summary"]["tokens"]) == (0, 1, expected)
    looked = run("shards", "--out", out, "--verify", "--json")
    assert json.loads(looked.stdout)["verified"]["files"] == 3


def test_options_of_the_transform(run: Run, tokenizer_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    command = ["shards", tmp_path / "a.txt", "--tokenizer", tokenizer_folder, "--out", tmp_path]
    done = run(*command, "--transform", "fim", "--set", "rate=3")
    assert done.returncode == 2
    assert b"rate 3; expected a number from 0 to 1" in done.stderr
    assert b"give DATA" in run("shards").stderr + run("shards", "--out", tmp_path).stderr
