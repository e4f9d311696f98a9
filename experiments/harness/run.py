"""Run an experiment, on one draw of data or on two."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Setting, Size
from experiments.harness.kept import source_of, work_folder
from experiments.harness.record import Spent, drawn, record
from tokenry.files import write_text
from tokenry.json_data import Json
from tokenry.registry import Entry

OTHER_SEEDS = 100  # the seeds of a second draw begin here
NOTHING = hashlib.sha256().hexdigest()  # the fingerprint of no files
ONE_DRAW = "one draw, all of the data"
BY_SEED = "two draws by their seeds: it reads no files of data"


@dataclass(frozen=True, slots=True)
class Draws:
    """The data of a run.

    Attributes:
        first: a folder of data.
        second: another one, of the same kind, for a second draw.
        halves: read one half of ``first``, and the other half for a second draw, unless the
            experiment says that there can be none.
        why_one: why there is no second draw, where one could be made; pages say it.
    """

    first: Path
    second: Path | None = None
    halves: bool = False
    why_one: str = ""

    def each(self) -> list[tuple[Path, int | None]]:
        """Folder and half of each draw."""
        if self.second is not None:
            return [(self.first, None), (self.second, None)]
        return [(self.first, 0), (self.first, 1)] if self.halves else [(self.first, None)]

    def kind(self, *, reads: bool) -> str:
        """In words, for the record, of an experiment that reads files of data or none."""
        if self.second is not None:
            return "two folders of data"
        if self.halves:
            return "two halves of the data" if reads else BY_SEED
        return ONE_DRAW + (f": {self.why_one}" if self.why_one else "")


def run_experiment(
    entry: Entry[Experiment],
    data: Path | Draws,
    *,
    size: Size = "full",
    resume: bool = False,
    tell: Callable[[str], None] = lambda text: None,
) -> Json:
    """Run on the data in a folder, and give the record of the run; see `record`.

    Args:
        entry: of the experiment.
        data: the folder, or the draws of data.
        size: as for `Setting`.
        resume: take a draw that an earlier run with ``resume`` has finished from where it is kept.
        tell: told in a few words what is being done.

    Raises:
        CorpusError: the folder lacks data that the experiment reads.
        MissingExtraError: an optional dependency is missing.
    """
    draws = data if isinstance(data, Draws) else Draws(data)
    if (one_draw := entry.load().one_draw) and draws.second is None:
        draws = Draws(draws.first, why_one=one_draw)
    found: list[Json] = []
    for at, (folder, half) in enumerate(draws.each()):
        kept = _kept(entry, size, folder, half, at) if resume else None
        if kept is not None and kept.exists():
            tell(f"draw {at + 1} is finished, from {kept}")
            found.append(json.loads(kept.read_text("utf-8")))
            continue
        if at:
            tell("a second draw of data")
        content = _draw(entry.load(), folder, half, at, size, resume, tell)
        found.append(content)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_text(kept, json.dumps(content))
    return record(entry, size, found, draws.kind(reads=found[0]["data"] != NOTHING))


def _draw(
    experiment: Experiment,
    data: Path,
    half: int | None,
    at: int,
    size: Size,
    resume: bool,
    tell: Callable[[str], None],
) -> Json:
    with tempfile.TemporaryDirectory(prefix="tokenry-") as folder:
        unpacked, scratch = Path(folder) / "data", Path(folder) / "scratch"
        unpacked.mkdir()
        scratch.mkdir()
        read = Data(data, unpacked, half, experiment.undivided)
        for name in experiment.needs:
            read.folder(name)
        count = experiment.seeds if size == "full" else 1
        seeds = tuple(range(at * OTHER_SEEDS, at * OTHER_SEEDS + count))
        setting = Setting(read, size, scratch, seeds, tell, at, resume)
        clock, processor = time.perf_counter(), time.process_time()
        findings = experiment.run(setting)
        processor = time.process_time() - processor + sum(setting.earlier.values())
        spent = Spent(time.perf_counter() - clock, processor)
        return drawn(setting, findings, spent)


def _kept(entry: Entry[Experiment], size: Size, data: Path, half: int | None, at: int) -> Path:
    """Where a draw is kept; another text of the experiment, other data or size is kept apart."""
    file = getattr(import_module(entry.module), "__file__", None)
    given = (source_of(file) if file else "", str(data.resolve()), half, size)
    digest = hashlib.sha256(repr(given).encode()).hexdigest()[:12]
    return work_folder() / "draws" / f"{entry.name}-{at}-{digest}.json"
