"""A phase at work: the gradients of its losses, and its optimizer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import isfinite
from typing import Any

import torch
from torch import nn

from tokenry.errors import PartError, TrainingError
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.meter import FlopMeter
from tokenry.neural.training.precisions import Precision
from tokenry.neural.training.processes import Processes
from tokenry.neural.training.settings import Settings
from tokenry.neural.training.step import Losses, Phase

Sums = dict[str, float]


@dataclass(frozen=True)
class Surroundings:
    """What all phases of a training share; ``clip`` is infinite where nothing is clipped."""

    model: nn.Module
    device: torch.device
    processes: Processes
    meter: FlopMeter
    precision: Precision
    clip: float


class Turn:
    """A phase with its parameters by name and its optimizer."""

    def __init__(self, phase: Phase, trainer: Settings, around: Surroundings) -> None:
        self.phase, self._around = phase, around
        trainable = [(n, p) for n, p in around.model.named_parameters() if p.requires_grad]
        self.named = [
            (name, parameter)
            for name, parameter in trainable
            if any(fnmatchcase(name, pattern) for pattern in phase.trains)
        ]
        if not self.named:
            raise PartError(f"the phase {phase.name!r} trains {phase.trains}: nothing matches")
        self._parameters = [parameter for _, parameter in self.named]
        self._all = len(self.named) == len(trainable)
        self.optimizer = (phase.optimizer or trainer.optimizer).build(self.named)

    def take(self, batches: Sequence[Batch], factor: float) -> Sums:
        """One step on this process' share of the batches; gives ``loss``, ``norm`` and parts.

        Raises:
            TrainingError: a loss or gradient is not finite, or nothing was to be learnt. The
                weights are as they were.
        """
        self.optimizer.zero_grad(set_to_none=True)
        sums = self._summed([self._lose(batch) for batch in batches])
        units = sums.pop("units")
        means = {name: value / units if units else 0.0 for name, value in sums.items()}
        self._check("loss", means["loss"])
        if not units:
            raise TrainingError(f"{self.phase.name}: the batches of a step have nothing to learn")
        norm = self._gradients(units)
        self._check("norm of the gradients", norm)
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * factor
        self.optimizer.step()
        return {**means, "norm": norm, "rate": float(self.optimizer.param_groups[0]["lr"])}

    def _lose(self, batch: Batch) -> Losses:
        """The losses of a batch, their gradients added to those of the step."""
        around, step = self._around, self.phase.step
        with around.meter.counting(self.phase.name, step, around.model, batch):
            with around.precision.computing(around.device):
                losses = step(around.model, batch)
            inputs = None if self._all else self._parameters
            losses.total.backward(inputs=inputs)  # type: ignore[no-untyped-call]
        return losses

    def _summed(self, losses: Sequence[Losses]) -> Sums:
        """Totals, units and parts of all batches of all processes."""
        own: Sums = defaultdict(float)
        for each in losses:
            own["loss"] += float(each.total.detach())
            own["units"] += float(each.units)
            for name, value in each.parts.items():
                own[name] += float(value.detach())
        sums: Sums = defaultdict(float)
        for one in self._around.processes.gathered(dict(own)):
            for name, number in one.items():
                sums[name] += number
        return dict(sums)

    def _gradients(self, units: float) -> float:
        """Gradients of the mean over units, clipped; gives their norm before."""
        self._around.processes.add_gradients(self._parameters)
        gradients = [each.grad for each in self._parameters if each.grad is not None]
        torch._foreach_div_(gradients, units)
        return float(nn.utils.clip_grad_norm_(self._parameters, self._around.clip))

    def _check(self, what: str, value: float) -> None:
        if not isfinite(value):
            raise TrainingError(
                f"{self.phase.name}: the {what} is {value} at a rate of "
                f"{self.optimizer.param_groups[0]['lr']:.3g}; the weights are still those of the "
                "step before. Lower the rate, warm up longer, clip, or look at the data"
            )

    def tensors(self) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        """What the optimizer remembers: tensors by name, and other values."""
        tensors: dict[str, torch.Tensor] = {}
        others: dict[str, Any] = {}
        for name, parameter in self.named:
            for key, value in self.optimizer.state.get(parameter, {}).items():
                place = f"{self.phase.name}:{key}:{name}"
                (tensors if isinstance(value, torch.Tensor) else others)[place] = value
        return tensors, others

    def restore(self, tensors: dict[str, torch.Tensor], others: dict[str, Any]) -> None:
        """Take up what `tensors` gave."""
        named = dict(self.named)
        for place, value in {**tensors, **others}.items():
            phase, _, rest = place.partition(":")
            key, _, name = rest.partition(":")
            if phase == self.phase.name and name in named:
                parameter = named[name]
                if isinstance(value, torch.Tensor) and value.dim():
                    value = value.to(parameter.device)
                self.optimizer.state[parameter][key] = value
