"""Run an experiment."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Setting, Size
from experiments.harness.record import Spent, record
from tokenry.json_data import Json
from tokenry.registry import Entry


def run_experiment(
    entry: Entry[Experiment],
    data: Path,
    *,
    size: Size = "full",
    tell: Callable[[str], None] = lambda text: None,
) -> Json:
    """Run on the data in a folder, and give the record of the run; see `record`.

    Raises:
        CorpusError: the folder lacks data that the experiment reads.
        MissingExtraError: an optional dependency is missing.
    """
    experiment = entry.load()
    with tempfile.TemporaryDirectory(prefix="tokenry-") as folder:
        unpacked, scratch = Path(folder) / "data", Path(folder) / "scratch"
        unpacked.mkdir()
        scratch.mkdir()
        read = Data(data, unpacked)
        for name in experiment.needs:
            read.folder(name)
        seeds = tuple(range(experiment.seeds if size == "full" else 1))
        setting = Setting(read, size, scratch, seeds, tell)
        clock, processor = time.perf_counter(), time.process_time()
        findings = experiment.run(setting)
        spent = Spent(time.perf_counter() - clock, time.process_time() - processor)
        return record(entry, setting, findings, spent)
