from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_a_mixture_is_searched(run: Run, tmp_path: Path) -> None:
    for name, letters in (("x", "abcde"), ("y", "vwxyz")):
        draw = random.Random(name)
        words = ["".join(draw.choices(letters, k=4)) for _ in range(60)]
        texts = [" ".join(draw.choices(words, k=30)) for _ in range(40)]
        (tmp_path / f"{name}.txt").write_text("\n\n".join(texts))
    command = ["mix", tmp_path / "x.txt", tmp_path / "y.txt", "--vocab-size", "300"]
    found = json.loads(run(*command, "--trials", "2,1", "--json").stdout)
    assert len(found["trials"]) == 5
    assert found["best"]["score"] == min(trial["score"] for trial in found["trials"])
    table = run(*command, "--trials", "1").stdout.decode()
    assert "uniform" in table
    assert run("mix", tmp_path / "x.txt").returncode == 2
