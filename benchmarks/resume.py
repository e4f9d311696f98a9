"""A training that is killed and goes on, beside one that is not: `python -m benchmarks.resume`.

Not a race. A small transformer with dropout, an average of its weights and two batches a step is
trained on Python's own documentation: once without a break, once killed by signal 9 as often as
asked for, at steps by seed, and started again each time. Every loss of the log, the weights, their
average and the optimizer must be equal in every bit. Ends with 1 where they are not.
"""

from __future__ import annotations

import argparse
import pydoc_data.topics
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tokenry.neural import Transformer
from tokenry.neural.training import Trainer
from tokenry.neural.training.averages.ema import Ema
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.log import LOG, read_log
from tokenry.neural.training.steps.next_token import NextToken

SAVE_EVERY = 7


def train(folder: Path, steps: int, dropout: float) -> None:
    """The training, from where the folder has it."""
    import torch

    torch.set_num_threads(1)
    topics = pydoc_data.topics.topics
    texts = [topics[name].encode() for name in sorted(topics)[:40]]
    blocks = Blocks.of([list(text) for text in texts], end=256, length=32)
    config = Transformer.small(257, width=32, layers=2)
    block = replace(config.backbone.block, dropout=dropout)  # type: ignore[type-var]
    model = replace(config, backbone=replace(config.backbone, block=block)).build(seed=1)
    trainer = Trainer(budget=Steps(steps), accumulate=2, average=Ema(decay=0.9))
    batches = blocks.shuffled(8, seed=1, passes=None)
    trainer.fit(model, NextToken(), batches, folder=folder, save_every=SAVE_EVERY, log_every=1)


def started(folder: Path, steps: int, dropout: float) -> subprocess.Popen[bytes]:
    """The training in a process of its own."""
    options = ["--train", str(folder), "--steps", str(steps), "--dropout", str(dropout)]
    return subprocess.Popen([sys.executable, "-m", "benchmarks.resume", *options])


def killed_at(folder: Path, step: int, steps: int, dropout: float) -> int:
    """Start it and kill it when the log has a step; gives the step that the log then ends with."""
    process = started(folder, steps, dropout)
    while process.poll() is None and last_step(folder) < step:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    if process.wait() != -signal.SIGKILL:
        raise SystemExit(f"the training ended before step {step}; ask for more steps")
    return last_step(folder)


def last_step(folder: Path) -> int:
    """The last step of a log; 0 before there is one."""
    if not (folder / LOG).exists():
        return 0
    lines = read_log(folder / LOG)
    return int(lines[-1]["step"]) if lines else 0


def differences(first: Path, second: Path) -> list[str]:
    """What two finished trainings do not have in common, but for the time that they took."""
    found = []
    for one, other in zip(losses(first), losses(second), strict=True):
        if one != other:
            found.append(f"step {one['step']}: {one} and {other}")
    for path in sorted((first / "checkpoints").rglob("*.safetensors")):
        name = path.relative_to(first)
        if path.read_bytes() != (second / name).read_bytes():
            found.append(f"{name} differs")
    return found


def losses(folder: Path) -> list[dict[str, Any]]:
    """The lines of a log without the time."""
    lines = read_log(folder / LOG)
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


def run(folder: Path, steps: int, kills: int, seed: int, dropout: float) -> list[str]:
    """Both trainings; gives what differs."""
    whole, broken = folder / "whole", folder / "killed"
    if started(whole, steps, dropout).wait():
        raise SystemExit("the training failed")
    draw = random.Random(seed)
    for step in sorted(draw.sample(range(2, steps - 2), kills)):
        found = killed_at(broken, step, steps, dropout)
        print(f"killed after step {found}, goes on from {found // SAVE_EVERY * SAVE_EVERY}")
    if started(broken, steps, dropout).wait():
        raise SystemExit("the training that was killed did not go on")
    found = differences(whole, broken)
    print(f"{len(losses(whole))} steps compared, {len(found)} differences")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print where it was killed and what differs; 1 where something does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resume", description=__doc__)
    parser.add_argument("--steps", type=int, default=60, help="of the training")
    parser.add_argument("--kills", type=int, default=4, help="how often it is killed")
    parser.add_argument("--seed", type=int, default=0, help="of the steps at which it is killed")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--out", type=Path, help="folder for both trainings; default: none is kept")
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.train:
        train(given.train, given.steps, given.dropout)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        out = given.out or Path(folder)
        found = run(out, given.steps, given.kills, given.seed, given.dropout)
    print(*found[:5], sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
