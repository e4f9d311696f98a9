"""Every experiment states what it must and runs at small size on the real data."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tokenry.experiments import EXPERIMENTS, experiment, read_record, run_experiment

ROOT = Path(__file__).parents[2]
every_experiment = pytest.mark.parametrize("id_", EXPERIMENTS)


@every_experiment
def test_states_what_it_is_about(id_: str) -> None:
    found = experiment(id_)
    assert found.id == id_
    for fact in ("name", "source", "claim", "scale", "baseline"):
        assert len(getattr(found, fact)) > 3, fact
    with (ROOT / "docs" / "systems.tsv").open(encoding="utf-8") as stream:
        known = {row["id"] for row in csv.DictReader(stream, delimiter="\t")}
    assert set(found.systems) <= known


@pytest.mark.shared
@every_experiment
def test_runs_at_small_size(id_: str, shared_data: Path) -> None:
    found = experiment(id_)
    if found.extra == "neural":
        pytest.importorskip("torch")
    record = run_experiment(found, shared_data, size="small")
    assert record["checks"]
    assert record["tables"]
    assert all(table["rows"] for table in record["tables"])


@pytest.mark.parametrize(
    "path", sorted((ROOT / "experiments" / "results").glob("*.json")), ids=lambda path: path.stem
)
def test_records_are_of_experiments_at_full_size(path: Path) -> None:
    record = read_record(path)
    found = experiment(record["id"])
    assert path.stem == found.id
    assert record["size"] == "full"
    assert record["systems"] == list(found.systems)
    assert record["claim"] == found.claim, "the claim has changed since the run; run it again"
