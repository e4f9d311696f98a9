"""What is kept of a run: one JSON file, from which docs/systems.md is made.

Fields: ``format`` (``tokenry-experiment``), ``version`` (1), what the experiment states, the
figures, the checks, ``verdict``, and what a reader needs to repeat it.
"""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import tokenry
from experiments.harness.experiment import Experiment, Findings, Setting, verdict
from tokenry.errors import FormatError
from tokenry.files import write_atomically
from tokenry.registry import Entry

FORMAT: Final = "tokenry-experiment"
VERSION: Final = 1
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run took."""

    seconds: float
    cpu_seconds: float


def record(entry: Entry[Experiment], setting: Setting, findings: Findings, cost: Cost) -> Json:
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
        "checks": [{**asdict(each), "verdict": each.verdict.value} for each in findings.checks],
        "tables": [asdict(table) for table in findings.tables],
        "notes": list(findings.notes),
        "size": setting.size,
        "seeds": list(setting.seeds),
        "data": setting.data.fingerprint(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "tokenry": tokenry.__version__,
        "python": platform.python_version(),
        "seconds": round(cost.seconds, 1),
        "cpu_seconds": round(cost.cpu_seconds, 1),
    }


def write_record(content: Json, folder: Path) -> Path:
    """Write ``<id>.json`` into a folder, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return write_atomically(folder / f"{content['id']}.json", text.encode())


def read_record(path: Path) -> Json:
    """Read a record.

    Raises:
        FormatError: the file is none.
    """
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise FormatError(f"{path} is not JSON ({error}); delete it and run again") from None
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (
        FORMAT,
        VERSION,
    ):
        raise FormatError(f"{path} is no record of an experiment of version {VERSION}; delete it")
    return content
