"""The loop: batches to losses to weights, until the budget or the data end."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

import torch
from torch import nn

from tokenry.errors import PartError
from tokenry.neural.training.checkpoint import clear_unfinished, read_last, write_checkpoint
from tokenry.neural.training.data.batch import Batch, Batches
from tokenry.neural.training.log import Log
from tokenry.neural.training.memory import forget_peak, peak_memory
from tokenry.neural.training.meter import FlopMeter
from tokenry.neural.training.processes import Processes
from tokenry.neural.training.report import Report, Run
from tokenry.neural.training.settings import Settings
from tokenry.neural.training.spent import Spent
from tokenry.neural.training.state import TrainingState
from tokenry.neural.training.step import Phase
from tokenry.neural.training.turn import Surroundings
from tokenry.progress import Progress
from tokenry.results import write_result


@dataclass(frozen=True)
class Options:
    """What changes nothing of the result; see `Trainer.fit`."""

    folder: str | os.PathLike[str] | None
    save_every: int
    log_every: int
    device: str | None
    progress: Progress


def fit(
    trainer: Settings,
    model: nn.Module,
    phases: Sequence[Phase],
    batches: Batches,
    options: Options,
) -> Run:
    """`Trainer.fit`."""
    around = _surroundings(trainer, model, options)
    cuda = [around.device] if around.device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        state = TrainingState(trainer, phases, batches, around)
        work = _Work(state, options)
        model.train()
        try:
            ended = work.run()
        finally:
            model.eval()
    report = work.report(ended)
    return Run(report, state.average or None)


def _surroundings(trainer: Settings, model: nn.Module, options: Options) -> Surroundings:
    device = _device(options.device, model)
    processes = Processes.joined(device.type == "cuda")
    if trainer.accumulate % processes.count:
        raise PartError(
            f"a step of {trainer.accumulate} batches (accumulate) cannot be divided among "
            f"{processes.count} processes; give a multiple"
        )
    model.to(device)
    forget_peak(device)
    clip = inf if trainer.clip is None else trainer.clip
    return Surroundings(model, device, processes, FlopMeter(), trainer.precision, clip)


def _device(name: str | None, model: nn.Module) -> torch.device:
    if name is None:
        return next(model.parameters()).device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda":
        name = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    return torch.device(name)


class _Work:
    """A state with the files that it leaves."""

    def __init__(self, state: TrainingState, options: Options) -> None:
        self._state, self._options = state, options
        self._processes = state.around.processes
        self._folder = None if options.folder is None else Path(options.folder)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._resume(self._folder)
        self._begun = time.monotonic() - state.spent.seconds
        self._saved = state.spent.steps
        own = self._folder if self._processes.first else None
        self._log = Log(own, state.spent.steps)

    def _resume(self, folder: Path) -> None:
        if self._processes.first:
            clear_unfinished(folder)
        self._processes.wait()
        checkpoint = read_last(folder)
        if checkpoint is not None:
            self._state.take_up(checkpoint)

    def run(self) -> str:
        """Step by step; gives what ended it."""
        state, budget = self._state, self._state.trainer.budget
        while budget.share(state.spent) < 1:
            drawn = self._draw()
            if not drawn:
                break
            self._note(self._step(drawn))
            if state.spent.steps % self._options.save_every == 0:
                self._save()
            self._tell()
        self._save()
        return "budget" if budget.share(state.spent) >= 1 else "data"

    def _draw(self) -> list[Batch]:
        """The batches of a step, for all processes; fewer at the end of the data."""
        drawn: list[Batch] = []
        while len(drawn) < self._state.trainer.accumulate:
            batch = self._state.batches.draw()
            if batch is None:
                break
            drawn.append(batch)
        return drawn

    def _step(self, drawn: Sequence[Batch]) -> dict[str, Any]:
        """One step of every phase whose turn it is."""
        state, around = self._state, self._state.around
        before, trainer = state.spent, state.trainer
        read = None if before.bytes is None else _bytes(drawn)
        total = None if read is None or before.bytes is None else before.bytes + read
        state.spent = replace(before, steps=before.steps + 1, bytes=total)
        factor = trainer.schedule.factor(min(1.0, trainer.budget.share(self._expected())))
        done = trainer.budget.share(before)
        own = [each.on(around.device, done) for each in self._processes.share(drawn)]
        facts = {
            turn.phase.name: turn.take(own, factor)
            for turn in state.turns
            if before.steps % turn.phase.every == 0
        }
        state.loss |= {name: each["loss"] for name, each in facts.items()}
        self._count(before)
        state.average_in()
        return facts

    def _expected(self) -> Spent:
        """What will be spent after this step, if it costs what the last one did."""
        spent, last = self._state.spent, self._state.last
        return replace(spent, flops=spent.flops + last.flops, seconds=spent.seconds + last.seconds)

    def _count(self, before: Spent) -> None:
        """Add the FLOPs of all processes, and the time."""
        flops = before.flops + sum(self._processes.gathered(self._state.around.meter.taken()))
        seconds = self._processes.sent(time.monotonic() - self._begun)
        self._state.spent = replace(self._state.spent, flops=flops, seconds=seconds)
        self._state.last = Spent(flops=flops - before.flops, seconds=seconds - before.seconds)

    def _note(self, facts: dict[str, Any]) -> None:
        """A line of the log: of one phase its figures, of several those of each by name."""
        spent = self._state.spent
        if spent.steps == 1 or spent.steps % self._options.log_every == 0:
            figures = next(iter(facts.values())) if len(self._state.turns) == 1 else facts
            cost = asdict(spent) | {"seconds": round(spent.seconds, 3)}
            self._log.write({"step": cost.pop("steps"), **figures, **cost})

    def _tell(self) -> None:
        """Show how far it is; what that raises ends the work, after a checkpoint."""
        if not self._processes.first:
            return
        try:
            share = min(1.0, self._state.trainer.budget.share(self._state.spent))
            self._options.progress("training", share, 1.0)
        except BaseException:
            if self._processes.count == 1:
                self._save()
            raise

    def _save(self) -> None:
        state = self._state
        if self._folder is None or self._saved == state.spent.steps:
            return
        state.peak = max(state.peak, peak_memory(state.around.device))
        checkpoint = state.kept()
        if self._processes.first:
            write_checkpoint(self._folder, checkpoint)
        self._processes.wait()
        self._saved = state.spent.steps

    def report(self, ended: str) -> Report:
        """What it cost; also written where there is a folder."""
        state, around = self._state, self._state.around
        sizes = [parameter.numel() for parameter in around.model.parameters()]
        trained = {n: p.numel() for turn in state.turns for n, p in turn.named}
        report = Report(
            spent=state.spent,
            loss=state.loss,
            ended=ended,
            parameters=sum(sizes),
            trained=sum(trained.values()),
            peak_memory=max(state.peak, peak_memory(around.device)),
            device=str(around.device),
            processes=self._processes.count,
        )
        if self._folder is not None and self._processes.first:
            path = self._folder / "report.json"
            write_result(path, asdict(report), format="tokenry training", version=1)
        return report


def _bytes(batches: Sequence[Batch]) -> int | None:
    """Of all together, or None where one does not say."""
    known = [each.bytes for each in batches if each.bytes is not None]
    return sum(known) if len(known) == len(batches) else None
