"""A share of `python -m benchmarks.shard_faults`; the whole of it kills a hundred times."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_what_goes_on_is_what_was_never_stopped(kills: int) -> None:
    command = [sys.executable, "-m", "benchmarks.shard_faults", "--kills", str(kills)]
    done = subprocess.run(
        [*command, "--round", "1" if kills < 10 else "4"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{kills} kills" in done.stdout
