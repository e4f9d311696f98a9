"""A codec's training as data: objectives, perturber, stages, optimizer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tokenry.errors import PartError
from tokenry.neural.parts import above, at_least
from tokenry.neural.training.trainer import Trainer
from tokenry.signals.objectives import Objective
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.perturbers import Perturber
from tokenry.signals.perturbers.none import NoPerturber
from tokenry.signals.starts import Start
from tokenry.signals.starts.drawn import Drawn
from tokenry.signals.teachers import Teacher
from tokenry.signals.teachers.none import NoTeacher

ABOVE_BASE: Final = ("[!b]*", "bottleneck.*")
"""Patterns of all slots but the base."""
ABOVE_INNER: Final = ("[!d]*", "decoder.mask", "decoder.trunk.*", "decoder.out.*")
"""Patterns of all but the inner decoder of `decoders.features.FeatureDecoder`."""


@dataclass(frozen=True, kw_only=True)
class TrainingStage:
    """A stretch of a training.

    Attributes:
        name: of its folder and in the log.
        share: of the whole budget.
        trains: patterns of the names of the codec's parameters that learn: ``decoder.*``.
        objectives: in place of those of the training; empty: the same.
        slot_losses: whether what slots themselves lose (commitment, keep rate) counts.
    """

    name: str = "joint"
    share: float = 1.0
    trains: tuple[str, ...] = ("*",)
    objectives: tuple[Objective, ...] = ()
    slot_losses: bool = True

    def __post_init__(self) -> None:
        above(self, 0, "share")
        if not self.name or not self.name.replace("-", "").isalnum():
            raise PartError(f"a stage is named {self.name!r}; expected letters, digits and dashes")


@dataclass(frozen=True, kw_only=True)
class CodecTraining:
    """What learns and how.

    Attributes:
        objectives: whose weighed sum is made smaller.
        perturber: of codes, in training.
        start: what weights are before it.
        stages: one after another; their shares are of their sum.
        trainer: optimizer, rate, schedule, precision; its budget is the default of the recipe.
        batch: items of a step.
        teacher: that objectives read; it is trained before the first stage.
    """

    objectives: tuple[Objective, ...] = (SquaredError(),)
    perturber: Perturber = field(default_factory=NoPerturber)
    start: Start = field(default_factory=Drawn)
    stages: tuple[TrainingStage, ...] = (TrainingStage(),)
    trainer: Trainer = field(default_factory=Trainer)
    batch: int = 32
    teacher: Teacher = field(default_factory=NoTeacher)

    def __post_init__(self) -> None:
        at_least(self, 1, "batch")
        names = ["teacher", *(stage.name for stage in self.stages)]
        if not self.stages or len(set(names)) < len(names):
            raise PartError(f"stages are named {names}; expected one or more, each another name")

    def share(self, stage: TrainingStage | Teacher) -> float:
        """Of the whole budget."""
        whole = self.teacher.share + sum(each.share for each in self.stages)
        return stage.share / whole
