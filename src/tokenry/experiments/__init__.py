"""Published claims about tokenizers, run again at the size of a laptop: one file a system."""

from __future__ import annotations

from tokenry.experiments.data import Data
from tokenry.experiments.experiment import (
    Check,
    Experiment,
    Findings,
    Setting,
    Table,
    Verdict,
    check,
    verdict,
)
from tokenry.experiments.record import read_record, write_record
from tokenry.experiments.registry import EXPERIMENTS, experiment
from tokenry.experiments.run import run_experiment

__all__ = [
    "EXPERIMENTS",
    "Check",
    "Data",
    "Experiment",
    "Findings",
    "Setting",
    "Table",
    "Verdict",
    "check",
    "experiment",
    "read_record",
    "run_experiment",
    "verdict",
    "write_record",
]
