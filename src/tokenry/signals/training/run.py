"""Train a codec: its stages one after another, each by `tokenry.neural`'s trainer."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tokenry.extras import importing
from tokenry.neural.parts import above, at_least
from tokenry.neural.training.budgets import Budget
from tokenry.neural.training.budgets.minutes import Minutes
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.step import Phase
from tokenry.progress import Progress, prefixed, silent
from tokenry.seeds import derived
from tokenry.signals.assembly import Assembly
from tokenry.signals.codec import Codec
from tokenry.signals.objectives import HasCritic, Objective
from tokenry.signals.training.data import item_batches
from tokenry.signals.training.plan import TrainingStage

TRAINING = "training"
CRITICS = "objectives.*.critic.*"


@dataclass(frozen=True, kw_only=True)
class CodecRun:
    """How long a codec is trained, and what changes nothing of it.

    Attributes:
        steps: of all stages together; None: what the recipe's trainer has.
        minutes: instead of steps.
        seed: of weights, order of the data, and all else that is drawn.
        device: ``cpu``, ``cuda`` or ``auto``.
        save_every: steps from one checkpoint to the next.
    """

    steps: int | None = None
    minutes: float | None = None
    seed: int = 0
    device: str = "cpu"
    save_every: int = 200

    def __post_init__(self) -> None:
        at_least(self, 1, "steps", "save_every")
        above(self, 0, "minutes")

    def budget(self, given: Budget, share: float) -> Budget:
        """Of a stage with this share, where the trainer was given ``given``."""
        if self.minutes is not None:
            return Minutes(self.minutes * share)
        steps = self.steps or (given.count if isinstance(given, Steps) else 1_000)
        return Steps(max(1, round(steps * share)))


def train_codec(
    assembly: Assembly,
    items: Sequence[Any] | NDArray[Any],
    *,
    facts: Mapping[str, Any] | None = None,
    run: CodecRun | None = None,
    folder: str | os.PathLike[str] | None = None,
    about: Mapping[str, Any] | None = None,
    progress: Progress = silent,
) -> Codec:
    """Train a codec on items.

    Args:
        assembly: its slots.
        items: as the carrier takes them.
        facts: of each item, by name: what the conditioner or an objective is told.
        run: how long, with which seed.
        folder: where the codec is saved, and under ``training/<stage>`` a log and checkpoints. A
            training that was killed goes on there.
        about: kept with the codec.
        progress: told how far it is.

    Raises:
        SignalError: items or facts do not fit.
        TrainingError: a loss is not finite, or the folder holds another training.
        MissingExtraError: torch is not installed.
    """
    run, plan = run or CodecRun(), assembly.training
    network = assembly.build(seed=run.seed)
    with importing("neural", "training a codec"):
        from tokenry.signals.training.step import InTraining, TeacherStep, seeded

    def fit(model: Any, steps: Any, name: str, share: float) -> None:
        seed, budget = derived(run.seed, name), run.budget(plan.trainer.budget, share)
        trainer = replace(plan.trainer, budget=budget, seed=seed)
        batches = item_batches(items, facts or {}, assembly.carrier, size=plan.batch, seed=seed)
        trainer.fit(
            model,
            steps,
            batches,
            folder=None if folder is None else Path(folder) / TRAINING / name,
            save_every=run.save_every,
            device=run.device,
            progress=prefixed(progress, name),
        )

    with seeded(derived(run.seed, "teacher weights")):
        teacher = plan.teacher.build(assembly.carrier.shape)
    if plan.teacher.share:
        fit(teacher, TeacherStep(plan.teacher), "teacher", plan.share(plan.teacher))
    for stage in plan.stages:
        objectives = stage.objectives or plan.objectives
        with seeded(derived(run.seed, "objectives", stage.name)):
            model = InTraining(network, objectives, assembly.sizes, teacher)
        fit(model, _phases(stage, objectives), stage.name, plan.share(stage))
    codec = Codec(network, {"seed": run.seed, **(about or {})})
    if folder is not None:
        codec.save(folder)
    return codec


def _phases(stage: TrainingStage, objectives: Sequence[Objective]) -> list[Phase]:
    """The codec's phase, and the critics' where an objective has one."""
    from tokenry.signals.training.step import CodecStep, CriticStep

    own = tuple(f"codec.{pattern}" for pattern in stage.trains)
    phases = [Phase(step=CodecStep(stage), name="codec", trains=(*own, "objectives.*.head.*"))]
    if any(isinstance(each, HasCritic) for each in objectives):
        phases.append(Phase(step=CriticStep(stage), name="critic", trains=(CRITICS,)))
    return phases
