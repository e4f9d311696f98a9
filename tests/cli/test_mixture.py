from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.measuring.mixture.test_inference import text
from tokenry.learning import learner

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_a_mixture_is_told(run: Run, tmp_path: Path) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    lines = []
    for name in ("latin", "greek"):
        lines += text(name, 20_000, "learn")
        (samples / f"{name}.txt").write_text("\n".join(text(name, 20_000, "sample")), "utf-8")
    learner("bpe", vocab_size=316).learn(lines).save(tmp_path / "made")
    command = ["mixture", tmp_path / "made", "--samples", samples]
    found = json.loads(run(*command, "--replicates", "2", "--json").stdout)
    assert set(found["mixture"]) == {"latin", "greek", "other"}
    assert abs(found["mixture"]["greek"] - 0.5) < 0.05
    assert b"share of bytes" in run(*command, "--replicates", "0").stdout
    failed = run("mixture", tmp_path / "made", "--samples", tmp_path / "none")
    assert failed.returncode == 2
    assert b"no folder" in failed.stderr
