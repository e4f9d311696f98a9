from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tokenry.learning import learner

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_a_vocabulary_is_scanned(run: Run, tmp_path: Path) -> None:
    learner("bpe", vocab_size=266).learn(["the cat sat on the mat " * 20]).save(tmp_path)
    found = json.loads(run("glitches", tmp_path, "--json").stdout)
    assert len(found["unused_bytes"]) == 13
    assert found["suspects"] == []
    assert b"partial utf8" in run("glitches", tmp_path).stdout
    assert b"name its folder with --model" in run("glitches", tmp_path, "--suspects", "3").stderr
    failed = run("glitches", tmp_path, "--model", tmp_path / "none")
    assert failed.returncode == 2
    assert b"no named embeddings" in failed.stderr
