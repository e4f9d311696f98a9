"""What is kept of a run: one JSON file, from which docs/systems.md is made.

Fields: ``format`` (``tokenry-experiment``), ``version`` (2), what the experiment states, the
figures, the checks with the effects that were judged, ``verdict``, our own ``costs``, and what a
reader needs to repeat it. An end of an interval that is not known is null. Version 1 had neither
effects nor costs.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import tokenry
from experiments.harness.experiment import Experiment, Findings, Setting
from experiments.harness.verdicts import verdict
from tokenry.json_data import Json, plain
from tokenry.registry import Entry
from tokenry.results import read_result, write_result

FORMAT: Final = "tokenry-experiment"
VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took."""

    seconds: float
    cpu_seconds: float


def record(entry: Entry[Experiment], setting: Setting, findings: Findings, spent: Spent) -> Json:
    """The record of a run, as plain data."""
    experiment = entry.load()
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": entry.name,
        "systems": list(entry.systems),
        "name": experiment.name,
        "source": entry.source,
        "claim": experiment.claim,
        "scale": experiment.scale,
        "baseline": experiment.baseline,
        "verdict": verdict(findings.checks).value,
        "checks": [plain(each) for each in findings.checks],
        "costs": [plain(each) for each in findings.costs],
        "tables": [plain(table) for table in findings.tables],
        "notes": list(findings.notes),
        "size": setting.size,
        "seeds": list(setting.seeds),
        "data": setting.data.fingerprint(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "tokenry": tokenry.__version__,
        "python": platform.python_version(),
        "seconds": round(spent.seconds, 1),
        "cpu_seconds": round(spent.cpu_seconds, 1),
    }


def write_record(content: Json, folder: Path) -> Path:
    """Write ``<id>.json`` into a folder, whole or not at all."""
    return write_result(folder / f"{content['id']}.json", content, format=FORMAT, version=VERSION)


def read_record(path: Path) -> Json:
    """Read a record.

    Raises:
        FormatError: the file is none, or of another version.
    """
    remedy = "delete it and run the experiment again"
    return read_result(path, format=FORMAT, version=VERSION, remedy=remedy)
