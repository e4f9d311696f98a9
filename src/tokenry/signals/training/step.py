"""What learns in a step: a pass through the codec, and the weighed sum of its objectives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Any, cast

import torch
from torch import Tensor, nn

from tokenry.neural.assembled import Assembled
from tokenry.neural.training.data.batch import Batch
from tokenry.neural.training.step import Losses
from tokenry.signals.features import CodecSizes, Passed, Watched
from tokenry.signals.network import CodecNetwork
from tokenry.signals.objectives import HasCritic
from tokenry.signals.teachers import Teacher
from tokenry.signals.training.plan import TrainingStage

VALUES = "values"


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Weights that are drawn within depend on this seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


class InTraining(nn.Module):
    """A codec with the modules of the objectives of a stage.

    Attributes:
        codec: what is kept.
        objectives: what is not.
        teacher: what objectives read; it does not learn.
    """

    def __init__(
        self,
        codec: CodecNetwork,
        objectives: tuple[Any, ...],
        sizes: CodecSizes,
        teacher: nn.Module | None = None,
    ) -> None:
        super().__init__()
        self.codec = codec
        self.objectives = nn.ModuleList(each.build(sizes) for each in objectives)
        teacher = teacher or codec.config.training.teacher.build(sizes.shape)
        self.teacher = cast(Assembled, teacher)

    def settle(self, stage: TrainingStage) -> None:
        """Slots and parts of which nothing learns behave as in use: no draws, no revivals."""
        slots = [*self.codec.named_children()]
        slots += [
            (f"{name}.{each}", part) for name, s in slots for each, part in s.named_children()
        ]
        for name, slot in slots:
            names = [f"{name}.{each}" for each, _ in slot.named_parameters()]
            if names and not any(fnmatch(n, p) for n in names for p in stage.trains):
                slot.eval()


@dataclass(frozen=True)
class CodecStep:
    """The codec's losses.

    Attributes:
        stage: whose they are.
    """

    stage: TrainingStage

    def __call__(self, model: InTraining, batch: Batch) -> Losses:
        """A mean over items, times their number."""
        model.settle(self.stage)
        passed = passed_of(model, batch)
        parts = slot_losses(passed) if self.stage.slot_losses else {}
        for module in parts_of(model):
            parts[module.part.name] = module.part.weight * module(passed)
        count = passed.values.shape[0]
        total = torch.stack([each.float() for each in parts.values()]).sum()
        shown = {name: each.detach().float() * count for name, each in parts.items()}
        figures = {name: each.detach().float() * count for name, each in figures_of(passed).items()}
        return Losses(total * count, count, {**shown, **figures})


@dataclass(frozen=True)
class CriticStep:
    """The losses of the critics of a stage's objectives.

    Attributes:
        stage: whose they are.
    """

    stage: TrainingStage

    def __call__(self, model: InTraining, batch: Batch) -> Losses:
        """A mean over items, times their number."""
        model.settle(self.stage)
        with torch.no_grad():
            passed = passed_of(model, batch)
        lost = [
            module.part.critic_loss(module, passed)
            for module in parts_of(model)
            if isinstance(module.part, HasCritic)
        ]
        count = passed.values.shape[0]
        return Losses(torch.stack(lost).sum() * count, count)


@dataclass(frozen=True)
class TeacherStep:
    """What a teacher loses in its own training.

    Attributes:
        teacher: the part.
    """

    teacher: Teacher

    def __call__(self, model: Any, batch: Batch) -> Losses:
        """A mean over items, times their number."""
        count = len(batch[VALUES])
        return Losses(self.teacher.lesson(model, batch[VALUES]) * count, count)


def parts_of(model: InTraining) -> list[Assembled]:
    """Modules of the objectives."""
    return [each for each in model.objectives if isinstance(each, Assembled)]


def passed_of(model: InTraining, batch: Batch) -> Passed:
    """One pass of a batch."""
    facts = {name: batch[name] for name in batch.arrays if name != VALUES}
    passed: Passed = model.codec(batch[VALUES], facts, batch.done)
    teacher = model.codec.config.training.teacher
    return replace(passed, watched=Watched(teacher, model.teacher, passed.values))


def slot_losses(passed: Passed) -> dict[str, Tensor]:
    """What slots lose by themselves, already weighed."""
    return {**passed.quantized.losses, **passed.kept.losses, **passed.decoded.losses}


def figures_of(passed: Passed) -> dict[str, Tensor]:
    """What the log shows beside losses: the error of values, tokens kept, and the bottleneck's."""
    error = (passed.decoded.values.detach() - passed.values).square().mean()
    return {
        "mse": error,
        "tokens": passed.kept.mask.sum(-1).float().mean(),
        **passed.quantized.figures,
    }
