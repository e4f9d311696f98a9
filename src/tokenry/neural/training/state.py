"""What changes as a training goes on, and how it is kept and taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn

from tokenry.errors import TrainingError
from tokenry.neural.training.checkpoint import Checkpoint
from tokenry.neural.training.data.batch import Batches
from tokenry.neural.training.settings import Settings, described
from tokenry.neural.training.spent import Spent
from tokenry.neural.training.step import Phase
from tokenry.neural.training.turn import Surroundings, Turn
from tokenry.seeds import derived


class TrainingState:
    """Weights, averages, optimizers, the position in the data, random states, what was spent.

    Attributes:
        last: what the last step cost in FLOPs and seconds: a guess at the next, for schedules.
    """

    def __init__(
        self, trainer: Settings, phases: Sequence[Phase], batches: Batches, around: Surroundings
    ) -> None:
        self.trainer, self.batches, self.around = trainer, batches, around
        self.turns = [Turn(phase, trainer, around) for phase in phases]
        self.spent = self.last = Spent()
        self.loss: dict[str, float] = {}
        self.peak = 0
        around.processes.spread(around.model.state_dict().values())
        self.average = self._copies() if trainer.average is not None else {}
        torch.manual_seed(derived(trainer.seed, "training", around.processes.rank))

    def average_in(self) -> None:
        """Count the weights of this step in the average."""
        if self.trainer.average is None:
            return
        share = self.trainer.average.share(self.spent.steps)
        with torch.no_grad():
            for name, parameter in self.around.model.named_parameters():
                if name in self.average:
                    self.average[name].lerp_(parameter, share)

    def kept(self) -> Checkpoint:
        """All of it; to be called by all processes together."""
        training = {f"average:{name}": each for name, each in self.average.items()}
        others: dict[str, Any] = {}
        for turn in self.turns:
            tensors, values = turn.tensors()
            training |= tensors
            others |= values
        for rank, states in enumerate(self.around.processes.gathered(self._random())):
            training |= {f"random:{rank}:{name}": each for name, each in states.items()}
        state = {
            "training": self._description(),
            "spent": asdict(self.spent),
            "last": asdict(self.last),
            "data": self.batches.state(),
            "optimizers": others,
            "flops": self.around.meter.measured,
            "loss": self.loss,
            "peak_memory": self.peak,
        }
        return Checkpoint(self.spent.steps, self.around.model.state_dict(), training, state)

    def take_up(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint.

        Raises:
            TrainingError: it is of another training, other data or another model.
        """
        state = checkpoint.state
        self._compare(state["training"])
        self.batches.restore(state["data"])
        self._load(self.around.model, checkpoint.model)
        for turn in self.turns:
            turn.restore(checkpoint.training, state["optimizers"])
        for name in self.average:
            self.average[name].copy_(checkpoint.training[f"average:{name}"])
        self._set_random(checkpoint.training)
        self.spent, self.last = Spent(**state["spent"]), Spent(**state["last"])
        self.loss, self.peak = state["loss"], state["peak_memory"]
        self.around.meter.measured = dict(state["flops"])

    def _copies(self) -> dict[str, Tensor]:
        named = self.around.model.named_parameters()
        return {name: each.detach().clone() for name, each in named if each.requires_grad}

    def _description(self) -> dict[str, Any]:
        """What has to be the same for a training to go on: all but the budget."""
        trainer = described(self.trainer)
        if isinstance(trainer, dict):
            del trainer["budget"]
        phases = [
            {
                "step": described(turn.phase.step),
                "name": turn.phase.name,
                "trains": list(turn.phase.trains),
                "every": turn.phase.every,
                "optimizer": described(turn.phase.optimizer),
            }
            for turn in self.turns
        ]
        return {"trainer": trainer, "phases": phases}

    def _compare(self, found: dict[str, Any]) -> None:
        expected = self._description()
        for key, value in expected.items():
            if found.get(key) != value:
                raise TrainingError(
                    f"the folder has a training with other settings: {key} is {value} and was "
                    f"{found.get(key)}; train into another folder, or as before"
                )

    @staticmethod
    def _load(model: nn.Module, tensors: dict[str, Tensor]) -> None:
        try:
            model.load_state_dict(tensors)
        except RuntimeError as error:
            raise TrainingError(f"the checkpoint is of another model: {error}") from None

    def _random(self) -> dict[str, Tensor]:
        states = {"cpu": torch.get_rng_state()}
        if self.around.device.type == "cuda":
            states["cuda"] = torch.cuda.get_rng_state(self.around.device)
        return states

    def _set_random(self, tensors: dict[str, Tensor]) -> None:
        """A process that was not there before keeps the state of its seed."""
        rank = self.around.processes.rank
        if f"random:{rank}:cpu" in tensors:
            torch.set_rng_state(tensors[f"random:{rank}:cpu"])
        if self.around.device.type == "cuda" and f"random:{rank}:cuda" in tensors:
            torch.cuda.set_rng_state(tensors[f"random:{rank}:cuda"], self.around.device)
