"""Two processes train what one does."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from tokenry.neural.saving import read_tensors
from tokenry.neural.training.log import read_log

ROOT = Path(__file__).parents[3]


def trained(folder: Path, processes: int, steps: int = 10) -> dict[str, Any]:
    """The weights after `benchmarks.resume`'s training without dropout."""
    command = [sys.executable, "-m", "benchmarks.resume", "--train", str(folder)]
    command += ["--steps", str(steps), "--dropout", "0"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={
                **os.environ, "RANK": str(rank), "WORLD_SIZE": str(processes),
                "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port),
            },
        )
        for rank in range(processes)
    ]  # fmt: skip
    assert [process.wait(timeout=120) for process in started] == [0] * processes
    return read_tensors(folder / "checkpoints" / f"{steps:09d}" / "model.safetensors")


@pytest.mark.slow
def test_two_processes_equal_one(tmp_path: Path) -> None:
    one, two = trained(tmp_path / "1", 1), trained(tmp_path / "2", 2)
    first, second = (read_log(tmp_path / name / "log.jsonl") for name in "12")
    assert [each["loss"] for each in second] == pytest.approx(
        [each["loss"] for each in first], rel=1e-6
    )
    assert [each["flops"] for each in second] == [each["flops"] for each in first]
    for name, value in one.items():
        assert (two[name] - value).abs().max() < 1e-5, name


@pytest.mark.slow
def test_two_processes_go_on(tmp_path: Path) -> None:
    whole = trained(tmp_path / "whole", 2, 14)
    trained(tmp_path / "parts", 2, 14)
    for path in (tmp_path / "parts" / "checkpoints").glob("*14"):
        (path / "state.json").unlink()
    again = trained(tmp_path / "parts", 2, 14)
    assert all((again[name] == value).all() for name, value in whole.items())
