"""A training that stops goes on as if it had not; what does not fit is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.errors import TrainingError  # noqa: E402
from tokenry.neural import Transformer  # noqa: E402
from tokenry.neural.saving import read_tensors, write_tensors  # noqa: E402
from tokenry.neural.training import Trainer  # noqa: E402
from tokenry.neural.training.averages.ema import Ema  # noqa: E402
from tokenry.neural.training.budgets.flops import Flops  # noqa: E402
from tokenry.neural.training.budgets.steps import Steps  # noqa: E402
from tokenry.neural.training.data.blocks import Blocks  # noqa: E402
from tokenry.neural.training.log import read_log  # noqa: E402
from tokenry.neural.training.schedules.constant import Constant  # noqa: E402
from tokenry.neural.training.steps.next_token import NextToken  # noqa: E402

ROOT = Path(__file__).parents[3]
RUN = np.random.default_rng(0).integers(0, 9, 400)
TRAINER = Trainer(budget=Steps(12), average=Ema(decay=0.9))


def small(width: int = 16) -> Any:
    model = Transformer.small(9, width=width, layers=1).build(seed=1)
    model.backbone.blocks[0].dropout.p = 0.2
    return model


def fit(folder: Path, trainer: Trainer = TRAINER, stop: int | None = None, **other: Any) -> Any:
    model = other.get("model") or small()

    def progress(stage: str, done: float, total: float | None) -> None:
        if stop is not None and len(read_log(folder / "log.jsonl")) >= stop:
            raise KeyboardInterrupt

    batches = Blocks(other.get("run", RUN), 8).shuffled(4, passes=None)
    run = trainer.fit(
        model,
        NextToken(),
        batches,
        folder=folder,
        save_every=4,
        log_every=1,
        progress=progress,
    )
    return model, run


def lines(folder: Path) -> list[dict[str, Any]]:
    return [{**each, "seconds": 0} for each in read_log(folder / "log.jsonl")]


FLOPS = 3 * Transformer.small(9, width=16, layers=1).flops(8, batch=4)


@pytest.mark.parametrize("trainer", [TRAINER, replace(TRAINER, budget=Flops(11.5 * FLOPS))])
def test_goes_on_after_an_interruption(trainer: Trainer, tmp_path: Path) -> None:
    whole, run = fit(tmp_path / "whole", trainer)
    for stop in (3, 4, 9):
        with pytest.raises(KeyboardInterrupt):
            fit(tmp_path / "broken", trainer, stop=stop)
    again, second = fit(tmp_path / "broken", trainer)
    assert lines(tmp_path / "whole") == lines(tmp_path / "broken")
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    for name, value in run.average.items():
        assert torch.equal(value, second.average[name]), name
    assert second.report.loss == run.report.loss
    assert second.report.spent.flops == run.report.spent.flops


def test_goes_on_after_kill_9(tmp_path: Path) -> None:
    """`python -m benchmarks.resume` in its small form, which compares losses and files."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.resume", "--steps", "24", "--kills", "1", "--out",
         str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed after step" in done.stdout
    assert len(lines(tmp_path / "whole")) == 24
    assert lines(tmp_path / "whole") == lines(tmp_path / "killed")
    assert not list((tmp_path / "killed" / "checkpoints").glob(".*"))


@pytest.mark.slow
def test_goes_on_after_many_kills(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.resume", "--steps", "120", "--kills", "8"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def test_what_is_finished_is_loaded(tmp_path: Path) -> None:
    model, run = fit(tmp_path)
    again, second = fit(tmp_path, model=Transformer.small(9, width=16, layers=1).build(seed=2))
    assert torch.equal(model.embedding.rows.weight, again.embedding.rows.weight)
    assert second.report.spent == run.report.spent
    assert len(lines(tmp_path)) == 12


def test_two_checkpoints_are_kept_and_the_last_may_be_broken(tmp_path: Path) -> None:
    whole, _ = fit(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "broken", stop=10)
    kept = sorted((tmp_path / "broken" / "checkpoints").iterdir())
    assert [path.name for path in kept] == ["000000008", "000000010"]
    file = kept[1] / "training.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    again, _ = fit(tmp_path / "broken")
    assert lines(tmp_path / "whole") == lines(tmp_path / "broken")
    assert torch.equal(whole.embedding.rows.weight, again.embedding.rows.weight)
    for path in (tmp_path / "broken" / "checkpoints").iterdir():
        (path / "state.json").write_text("{")
    with pytest.raises(TrainingError, match=r"no checkpoint in .* can be read"):
        fit(tmp_path / "broken")


def test_another_training_is_refused(tmp_path: Path) -> None:
    fit(tmp_path)
    with pytest.raises(TrainingError, match="other settings: trainer"):
        fit(tmp_path, replace(TRAINER, clip=2.0))
    with pytest.raises(TrainingError, match="the data are not those of the checkpoint"):
        fit(tmp_path, run=RUN[::-1])
    with pytest.raises(TrainingError, match="of another model"):
        fit(tmp_path, model=small(32))


def test_a_larger_budget_goes_on(tmp_path: Path) -> None:
    """With a constant rate as if it had been asked for at once."""
    short, long = (replace(TRAINER, schedule=Constant(), budget=Steps(n)) for n in (6, 12))
    whole, _ = fit(tmp_path / "whole", long)
    fit(tmp_path / "parts", short)
    again, _ = fit(tmp_path / "parts", long)
    assert lines(tmp_path / "whole") == lines(tmp_path / "parts")
    assert torch.equal(whole.embedding.rows.weight, again.embedding.rows.weight)


def test_what_a_kill_left_half_written_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "checkpoints" / ".000000004.abc.tmp"
    left.mkdir(parents=True)
    (left / "model.safetensors").write_bytes(b"half")
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 2}\n{"step": 2, "lo')
    fit(tmp_path)
    assert not left.exists()
    assert [line["step"] for line in lines(tmp_path)] == list(range(1, 13))


def test_rows_under_two_names_are_written_twice(tmp_path: Path) -> None:
    rows = torch.arange(6.0).view(2, 3)
    write_tensors(tmp_path / "a.safetensors", {"rows": rows, "head": rows, "none": rows[:0]})
    found = read_tensors(tmp_path / "a.safetensors")
    assert torch.equal(found["rows"], rows)
    assert torch.equal(found["head"], rows)
    shutil.rmtree(tmp_path)
