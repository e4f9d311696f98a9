from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.measuring.test_trap_words import WORDS
from tokenry.learning import learner

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_a_test_file_is_written(run: Run, tmp_path: Path) -> None:
    texts = [f"{' '.join(WORDS)} the heart starthe carthe " * 40]
    learner("bpe", vocab_size=286).learn(texts).save(tmp_path / "made")
    out = tmp_path / "traps.jsonl"
    command = ["traps", tmp_path / "made", "--count", "5", "--out", out, "--json"]
    found = json.loads(run(*command).stdout)
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == [trap["text"] for trap in found["traps"]]
    assert lines[0]["answer"] == f"{lines[0]['first']} {lines[0]['second']}"
    assert 0 <= found["crossing_rate"]["value"] <= 1
