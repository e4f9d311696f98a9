"""One trainer for everything that learns: parts that are data, one loop, checkpoints, a log."""

from tokenry.neural.training.report import Report, Run
from tokenry.neural.training.spent import Spent
from tokenry.neural.training.step import Losses, Phase, TrainingStep
from tokenry.neural.training.trainer import Trainer

__all__ = ["Losses", "Phase", "Report", "Run", "Spent", "Trainer", "TrainingStep"]
