from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tokenry.corpus.choice import DocumentChoice
from tokenry.corpus.selection.token_signals import read_spans

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_from_data_to_chosen_shards(run: Run, tmp_path: Path) -> None:
    for name, words in (("good", "proof lemma sum"), ("bad", "buy now free")):
        lines = [json.dumps({"text": f"{words} {n} " * 9}) for n in range(20)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    (tmp_path / "target.txt").write_text("lemma sum proof lemma")
    data = [tmp_path / "good.jsonl", tmp_path / "bad.jsonl"]
    assert run("learn", *data, "--out", tmp_path / "bpe", "--vocab-size", "270").returncode == 0
    command = ["select", *data, "--tokenizer", tmp_path / "bpe", "--tokens", "500"]
    wanted = ["--method", "importance", "--target", tmp_path / "target.txt"]
    done = run(*command, *wanted, "--out", tmp_path / "choice", "--scores", tmp_path / "scores",
               "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    figures = {each["group"]: each for each in facts["groups"]}
    assert figures["bad"]["taken_documents"] == 0
    assert figures["good"]["taken_tokens"] >= 500
    assert len(DocumentChoice.read(tmp_path / "choice")) == facts["documents"] > 0
    assert len(read_spans(tmp_path / "scores")) == 40
    made = run("shards", *data, "--tokenizer", tmp_path / "bpe", "--out", tmp_path / "out",
               "--choice", tmp_path / "choice", "--verify", "--json")  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["summary"]["documents"] == facts["documents"]


def test_shares(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one two three " * 50)
    (tmp_path / "b.txt").write_text("uno dos tres " * 10)
    data = [tmp_path / "a.txt", tmp_path / "b.txt"]
    run("learn", *data, "--out", tmp_path / "bpe", "--vocab-size", "262")
    command = ["select", *data, "--tokenizer", tmp_path / "bpe", "--tokens", "900"]
    mixture = {"best": {"shares": {"a": 0.1, "b": 0.9}}}
    (tmp_path / "mix.json").write_text(json.dumps(mixture))
    for number, shares in enumerate(("unimax=4", "temperature=2", "equal", tmp_path / "mix.json")):
        done = run(*command, "--out", tmp_path / f"{number}", "--shares", shares)
        assert done.returncode == 0, done.stderr
        assert b"tokens" in done.stdout
    bad = run(*command, "--out", tmp_path / "x", "--shares", "some")
    assert b"expected none, natural, equal, temperature=N" in bad.stderr
    assert b"give DATA, the --tokenizer" in run("select", *data).stderr
