"""Every experiment states what it must and runs at small size on the real data."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from experiments.harness.data import Data
from experiments.harness.models import models_folder
from experiments.harness.record import read_record, standing
from experiments.harness.registry import EXPERIMENTS
from experiments.harness.run import run_experiment
from experiments.harness.verdicts import Estimate, Verdict, judge_all, judge_bounded, weakest
from tokenry.errors import CorpusError
from tokenry.neural.recipes.sizes import Passes

ROOT = Path(__file__).parents[2]
records = pytest.mark.parametrize(
    "path", sorted((ROOT / "experiments" / "results").glob("*.json")), ids=lambda path: path.stem
)
every_experiment = pytest.mark.parametrize("id_", EXPERIMENTS)


@every_experiment
def test_states_what_it_is_about(id_: str) -> None:
    entry = EXPERIMENTS[id_]
    found = entry.load()
    assert len(entry.source) > 3
    for fact in ("name", "claim", "scale", "baseline"):
        assert len(getattr(found, fact)) > 3, fact
    with (ROOT / "docs" / "systems.tsv").open(encoding="utf-8") as stream:
        known = {row["id"] for row in csv.DictReader(stream, delimiter="\t")}
    assert set(entry.systems) <= known


def can_run(id_: str, empty: Path) -> None:
    """Skip where libraries or models are not here."""
    if EXPERIMENTS[id_].extra == "neural":
        pytest.importorskip("torch")
    for name in EXPERIMENTS[id_].load().models:
        if not ((models_folder() or empty) / name).is_dir():
            pytest.skip(f"make models has not made {name}")


@pytest.mark.shared
@every_experiment
def test_runs_at_small_size(id_: str, shared_data: Path, tmp_path: Path) -> None:
    entry = EXPERIMENTS[id_]
    can_run(id_, tmp_path)
    data = Data(shared_data, tmp_path)
    for name in entry.load().needs:
        try:
            data.folder(name)
        except CorpusError as error:  # not all folders are of the shared data: docs/domains.md
            pytest.skip(str(error))
    record = run_experiment(entry, shared_data, size="small")
    assert record["checks"]
    assert record["tables"]
    assert all(table["rows"] for table in record["tables"])


def lack(name: str, root: Path) -> None:
    """A folder of this name with files of its kind, and nothing that an experiment looks for."""
    (root / name).mkdir()
    file = {"flores_dev": "xxx_Latn.txt", "udhr": "udhr_xxx.xml"}.get(name)
    if file is not None:
        (root / name / file).write_text("<u><para>text</para></u>\n" * 40)


@every_experiment
def test_says_which_data_are_missing(id_: str, tmp_path: Path) -> None:
    entry = EXPERIMENTS[id_]
    can_run(id_, tmp_path)
    needs = entry.load().needs
    if not needs:
        pytest.skip("it reads no data")
    for name in needs:
        lack(name, tmp_path)
    with pytest.raises(CorpusError, match=re.escape(str(tmp_path))):
        run_experiment(entry, tmp_path, size="small")


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize(
    ("id_", "lacks"),
    [
        (id_, lacks)
        for id_, entry in EXPERIMENTS.items()
        if entry.extra != "neural" or importlib.util.find_spec("torch")
        for lacks in entry.load().needs
        if len(entry.load().needs) > 1
    ],
)
def test_says_which_folder_lacks_something(
    id_: str, lacks: str, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models before the missing data take one step: what they learn is not asked here."""
    trainer = Passes.trainer
    monkeypatch.setattr(Passes, "trainer", lambda self, steps, seed: trainer(self, 1, seed))
    entry = EXPERIMENTS[id_]
    (tmp_path / "unpacked").mkdir()
    real = Data(shared_data, tmp_path / "unpacked")
    (tmp_path / "data").mkdir()
    for name in entry.load().needs:
        if name == lacks:
            lack(name, tmp_path / "data")
        else:
            try:
                (tmp_path / "data" / name).symlink_to(real.folder(name))
            except CorpusError as error:
                pytest.skip(str(error))
    said = str(tmp_path)
    try:
        run_experiment(entry, tmp_path / "data", size="small")  # a small run may not read it
    except CorpusError as error:
        said = str(error)
    assert str(tmp_path) in said


@records
def test_records_are_of_experiments_at_full_size(path: Path) -> None:
    record = read_record(path)
    entry = EXPERIMENTS[record["id"]]
    assert path.stem == entry.name
    assert record["size"] == "full"
    assert record["systems"] == list(entry.systems)
    assert record["claim"] == entry.load().claim, (
        "the claim has changed since the run; run it again"
    )
    assert record["verdict"] == weakest(stands for _, _, stands in standing(record))


@records
def test_only_what_has_no_sampling_error_is_judged_without_an_interval(path: Path) -> None:
    record = read_record(path)
    facts = [each["verdict"] for each in record["checks"] if not each["effects"]]
    module = importlib.import_module(EXPERIMENTS[record["id"]].module)
    stated = Path(str(module.__file__)).read_text("utf-8").count(" fact(")
    assert len(facts) <= stated or set(facts) == {Verdict.UNDECIDED}


@records
def test_a_verdict_stands_on_two_draws_or_its_record_says_that_there_is_one(path: Path) -> None:
    record = read_record(path)
    second = record.get("second")
    if second is None:
        assert record.get("draws", "one draw").startswith("one draw")
        return
    assert not set(second["seeds"]) & set(record["seeds"])
    assert len(second["checks"]) == len(record["checks"])


@records
def test_records_that_keep_effects_are_judged_as_they_would_be_today(path: Path) -> None:
    record = read_record(path)
    for each in [*record["checks"], *(record.get("second") or {"checks": []})["checks"]]:
        if not each["effects"]:
            continue
        effects, overall = list(map(estimate, each["effects"].values())), each["overall"]
        if each["bound"] is not None:
            bounds = (each["bound"], each["loose"])
            again = weakest(judge_bounded(amount, *bounds) for amount in effects)
            assert again == each["verdict"], each["statement"]
            continue
        again = judge_all(
            effects,
            claimed=each["claimed"],
            matters=each["matters"],
            overall=overall and estimate(overall),
            end=each["end"],
        )
        assert again == each["verdict"], each["statement"]


def estimate(kept: dict[str, float | None]) -> Estimate:
    """An end that is not known is null."""
    return Estimate(**{name: end for name, end in kept.items() if end is not None})
