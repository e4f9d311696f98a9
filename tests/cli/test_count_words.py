from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

TEXTS = {"a": "the cat sat on the mat 12\n" * 30, "b": "a dog, the log; 東京 345\n" * 20}
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_counts_of_parts_give_the_tokenizer_of_the_whole(run: Run, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text)
        path, out = tmp_path / f"{name}.txt", tmp_path / f"{name}.words"
        done = run("count-words", path, "--out", out, "--pretokenizer", "gpt2")
        assert done.returncode == 0, done.stderr
    whole = tmp_path / "all.words"
    parts = [tmp_path / "a.words", tmp_path / "b.words"]
    facts = json.loads(run("count-words", *parts, "--out", whole, "--json").stdout)
    assert facts["documents"] == 2
    assert facts["bytes"] == sum(len(text.encode()) for text in TEXTS.values())
    size = ["--vocab-size", "280", "--set", "pretokenizer=gpt2", "--json"]
    counted = run("learn", whole, "--out", tmp_path / "one", *size)
    read = run("learn", tmp_path / "a.txt", tmp_path / "b.txt", "--out", tmp_path / "two", *size)
    one, two = (json.loads(done.stdout)["fingerprint"] for done in (counted, read))
    assert one == two
    again = run("count-words", *parts, "--out", whole)
    assert b"exists; give another --out" in again.stderr
    other = run("count-words", whole, "--pretokenizer", "o200k", "--out", tmp_path / "c.words")
    assert b"is asked for" in other.stderr
    mixed = run("learn", whole, tmp_path / "a.txt", "--out", tmp_path / "three", *size)
    assert b"some of DATA are counts" in mixed.stderr


def test_workers_count_what_one_does(run: Run, tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.txt").write_text(text)
    for workers in (1, 2):
        out = tmp_path / f"{workers}.words"
        done = run(
            "count-words", *sorted(tmp_path.glob("*.txt")), "--out", out, "--workers", workers
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "1.words").read_bytes() == (tmp_path / "2.words").read_bytes()
