"""What is kept of a run: one JSON file, from which docs/systems.md is made.

Fields: ``format`` (``tokenry-experiment``), ``version`` (2), what the experiment states, the
figures, the checks with the effects that were judged, ``verdict``, our own ``costs``, and what a
reader needs to repeat it. An end of an interval that is not known is null. ``draws`` says of what
data, and ``second`` has what a second draw of data gave; records before it have neither. Version 1
had neither effects nor costs.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import tokenry
from experiments.harness.experiment import Experiment, Findings, Setting, Size
from experiments.harness.verdicts import Verdict, on_both, verdict
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


def drawn(setting: Setting, findings: Findings, spent: Spent) -> Json:
    """What one draw of data gave, as plain data."""
    return {
        "checks": [plain(each) for each in findings.checks],
        "costs": [plain(each) for each in findings.costs],
        "tables": [plain(table) for table in findings.tables],
        "notes": list(findings.notes),
        "seeds": list(setting.seeds),
        "data": setting.data.fingerprint(),
        "divided": setting.data.divided,
        "seconds": round(spent.seconds, 1),
        "cpu_seconds": round(spent.cpu_seconds, 1),
    }


def record(entry: Entry[Experiment], size: Size, draws: Sequence[Json], kind: str) -> Json:
    """The record of a run, as plain data.

    Args:
        entry: of the experiment.
        size: of the run.
        draws: what each of one or two draws gave, as from `drawn`.
        kind: of the draws, in words.
    """
    experiment = entry.load()
    first, *more = draws
    second = more[0] if more else None
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
        "verdict": verdict(*map(_verdicts, draws)).value,
        **{key: first[key] for key in ("checks", "costs", "tables", "notes")},
        "size": size,
        **{key: first[key] for key in ("seeds", "data")},
        "draws": kind,
        "second": second,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "tokenry": tokenry.__version__,
        "python": platform.python_version(),
        **{key: round(sum(d[key] for d in draws), 1) for key in ("seconds", "cpu_seconds")},
    }


def standing(content: Json) -> list[tuple[Json, Json | None, Verdict]]:
    """Each part of a claim on the first draw, on the second if there was one, and what stands."""
    second = content.get("second")
    if second is None:
        return [(each, None, Verdict(each["verdict"])) for each in content["checks"]]
    pairs = zip(content["checks"], second["checks"], strict=True)
    return [(a, b, on_both(Verdict(a["verdict"]), Verdict(b["verdict"]))) for a, b in pairs]


def _verdicts(draw: Json) -> list[Verdict]:
    return [Verdict(each["verdict"]) for each in draw["checks"]]


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
