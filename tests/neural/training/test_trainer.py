"""The loop against one written out by hand, and what it promises around that."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

from tokenry.errors import PartError, TrainingError  # noqa: E402
from tokenry.neural import Transformer  # noqa: E402
from tokenry.neural.training import Losses, Phase, Trainer  # noqa: E402
from tokenry.neural.training.averages.ema import Ema  # noqa: E402
from tokenry.neural.training.averages.uniform import Uniform  # noqa: E402
from tokenry.neural.training.budgets.bytes import Bytes  # noqa: E402
from tokenry.neural.training.budgets.first import First  # noqa: E402
from tokenry.neural.training.budgets.flops import Flops  # noqa: E402
from tokenry.neural.training.budgets.minutes import Minutes  # noqa: E402
from tokenry.neural.training.budgets.steps import Steps  # noqa: E402
from tokenry.neural.training.data.batch import Batch  # noqa: E402
from tokenry.neural.training.data.examples import examples  # noqa: E402
from tokenry.neural.training.data.shuffled import Shuffled  # noqa: E402
from tokenry.neural.training.log import read_log  # noqa: E402
from tokenry.neural.training.optimizers.adamw import AdamW  # noqa: E402
from tokenry.neural.training.optimizers.group import Group  # noqa: E402
from tokenry.neural.training.precisions.bfloat16 import Bfloat16  # noqa: E402
from tokenry.neural.training.schedules.constant import Constant  # noqa: E402
from tokenry.neural.training.schedules.cosine import Cosine  # noqa: E402
from tokenry.neural.training.schedules.warmup import Warmup  # noqa: E402
from tokenry.neural.training.steps.next_token import NextToken  # noqa: E402

ROWS = [np.random.default_rng(n).integers(0, 9, 3 + n % 7) for n in range(40)]
"""Of different lengths, so that batches have different numbers of ids."""


def small() -> Any:
    return Transformer.small(9, width=16, layers=1).build(seed=1)


def data(size: int = 4, passes: int | None = None) -> Shuffled:
    return examples(ROWS, {}, size=size, passes=passes)


def line() -> nn.Module:
    """Two weights, to be computed by hand."""
    model = nn.Linear(2, 1, bias=False)
    nn.init.constant_(model.weight, 1.0)
    return model


def squares(model: Any, batch: Batch) -> Losses:
    return Losses(model(batch["x"]).square().sum(), float(len(batch["x"])))


def points(bytes_: int | None = None, passes: int | None = None) -> Shuffled:
    x = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
    return Shuffled(12, 3, lambda rows: Batch({"x": x[rows]}, bytes_), passes=passes)


def weights(model: nn.Module) -> dict[str, Any]:
    return {name: each.clone() for name, each in model.state_dict().items()}


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return all(torch.equal(first[name], second[name]) for name in first)


def test_equals_a_loop_written_by_hand(tmp_path: Path) -> None:
    ours, by_hand = small(), small()
    batches = data()
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in by_hand.parameters() if p.dim() > 1], "weight_decay": 0.1},
            {"params": [p for p in by_hand.parameters() if p.dim() < 2], "weight_decay": 0.0},
        ],
        betas=(0.8, 0.9),
    )
    expected = []
    for step in range(20):
        share = (step + 1) / 20
        rate = 0.01 * (share / 0.25 if share < 0.25 else 0.1 + 0.45 * (
            1 + math.cos(math.pi * (share - 0.25) / 0.75)
        ))  # fmt: skip
        for group in optimizer.param_groups:
            group["lr"] = rate
        ids = torch.from_numpy(batches.draw()["ids"])
        logits = by_hand(ids[:, :-1].clamp(min=0))
        loss = functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=-1)
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(by_hand.parameters(), 0.5)
        optimizer.step()
        expected.append((loss.item(), norm.item(), rate))
    trainer = Trainer(
        optimizer=AdamW(rate=0.01, betas=(0.8, 0.9), decay=0.1),
        schedule=Warmup(share=0.25, then=Cosine()),
        budget=Steps(20),
        clip=0.5,
    )
    trainer.fit(ours, NextToken(), data(), folder=tmp_path, log_every=1)
    for line, numbers in zip(read_log(tmp_path / "log.jsonl"), expected, strict=True):
        assert (line["loss"], line["norm"], line["rate"]) == pytest.approx(numbers, rel=1e-4)
    for name, value in by_hand.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], value, atol=2e-5, rtol=1e-4)


def test_depends_on_the_seed_and_on_nothing_around_it() -> None:
    def trained(seed: int, before: int) -> Any:
        config = Transformer.small(9, width=16, layers=1)
        model = config.build(seed=1)
        model.backbone.blocks[0].dropout.p = 0.2
        torch.manual_seed(before)
        state = torch.random.get_rng_state()
        Trainer(budget=Steps(5), seed=seed).fit(model, NextToken(), data())
        assert torch.equal(torch.random.get_rng_state(), state)
        assert not model.training
        return weights(model)

    assert same(trained(1, 5), trained(1, 6))
    assert not same(trained(1, 5), trained(2, 5))


def test_a_step_cut_into_batches_is_the_same_step(tmp_path: Path) -> None:
    """Of means over ids, though batches have different numbers of them."""
    whole, cut = small(), small()
    Trainer(budget=Steps(6)).fit(whole, NextToken(), data(8), folder=tmp_path / "1", log_every=1)
    Trainer(budget=Steps(6), accumulate=4).fit(
        cut, NextToken(), data(2), folder=tmp_path / "4", log_every=1
    )
    first, second = (read_log(tmp_path / name / "log.jsonl") for name in "14")
    for one, other in zip(first, second, strict=True):
        assert (one["loss"], one["norm"]) == pytest.approx((other["loss"], other["norm"]))
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(cut.state_dict()[name], value, atol=1e-5, rtol=1e-4)


def test_learns_and_says_what_it_cost(tmp_path: Path) -> None:
    ids = [np.tile([1, 2, 3, 4], 8)] * 20
    model = small()
    shares: list[float] = []
    run = Trainer(budget=Steps(60), optimizer=AdamW(rate=0.02)).fit(
        model,
        NextToken(),
        examples(ids, {}, size=4, passes=None),
        folder=tmp_path,
        log_every=1,
        progress=lambda stage, done, total: shares.append(done),
    )
    assert run.report.loss["train"] < 0.15 < math.log(4)
    assert run.report.spent.steps == 60
    assert run.report.spent.flops == 60 * 3 * model.config.flops(31, batch=4)
    assert run.report.peak_memory > 10_000_000
    assert run.report.parameters == sum(p.numel() for p in model.parameters())
    assert shares == pytest.approx([step / 60 for step in range(1, 61)])
    lines = read_log(tmp_path / "log.jsonl")
    assert [each["step"] for each in lines] == list(range(1, 61))
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["ended"] == "budget"
    assert report["spent"]["steps"] == 60


def test_a_budget_ends_it() -> None:
    def spent(budget: Any, **options: Any) -> Any:
        trainer = Trainer(budget=budget)
        return trainer.fit(line(), squares, points(**options)).report

    assert spent(Steps(7)).spent.steps == 7
    assert spent(Bytes(1_000), bytes_=90).spent.steps == 12
    assert spent(Steps(9), passes=2).ended == "data"
    assert spent(Steps(9), passes=2).spent.steps == 8
    assert spent(First((Steps(50), Bytes(100))), bytes_=30).spent.steps == 4
    each = spent(Steps(1)).spent.flops
    assert each > 0
    assert spent(Flops(each * 4.5)).spent.steps == 5
    with pytest.raises(PartError, match="say how many they stand for"):
        spent(Bytes(100))
    with pytest.raises(PartError, match="count of Steps is 0"):
        Steps(0)


def test_minutes_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    report = Trainer(budget=Minutes(0.5)).fit(line(), squares, points()).report
    assert 10 < report.spent.steps <= 30
    assert 30 <= report.spent.seconds <= 32


def test_the_average_is_that_of_the_weights() -> None:
    seen: list[Any] = []

    def step(model: Any, batch: Batch) -> Losses:
        seen.append(model.weight.detach().clone())
        return squares(model, batch)

    model = line()
    start = model.weight.detach().clone()
    run = Trainer(budget=Steps(30), average=Ema(decay=0.8)).fit(model, step, points())
    after = [*seen[1:], model.weight.detach()]
    expected = start
    for number, each in enumerate(after, 1):
        kept = min(0.8, number / (number + 9))
        expected = kept * expected + (1 - kept) * each
    torch.testing.assert_close(run.average["weight"], expected)
    mean = Trainer(budget=Steps(30), average=Uniform(after=10)).fit(line(), squares, points())
    torch.testing.assert_close(mean.average["weight"], torch.stack(after[10:]).mean(0))
    assert Trainer(budget=Steps(1)).fit(line(), squares, points()).average is None


def test_what_is_not_finite_is_an_error_and_changes_no_weight() -> None:
    def broken(at: int, spoil: Callable[[Any], Any]) -> Any:
        calls = iter(range(100))

        def step(model: Any, batch: Batch) -> Losses:
            found = squares(model, batch)
            return Losses(spoil(found.total), found.units) if next(calls) == at else found

        return step

    for spoil, what in (
        (lambda total: total * math.nan, "the loss is nan"),
        (lambda total: (total - total.detach()).sqrt(), "norm of the gradients is"),
    ):
        model, expected = line(), line()
        Trainer(budget=Steps(50), schedule=Constant()).fit(expected, squares, points(passes=1))
        with pytest.raises(TrainingError, match=what):
            Trainer(budget=Steps(50), schedule=Constant()).fit(model, broken(4, spoil), points())
        assert torch.equal(model.weight, expected.weight)
    with pytest.raises(TrainingError, match="nothing to learn"):
        Trainer().fit(line(), lambda m, b: Losses(squares(m, b).total * 0, 0.0), points())


class Pair(nn.Module):
    """A generator of numbers and a critic."""

    def __init__(self) -> None:
        super().__init__()
        self.generator = nn.Linear(2, 2)
        self.critic = nn.Linear(2, 1)


def criticise(model: Pair, batch: Batch) -> Losses:
    made = model.generator(batch["x"]).detach()
    return Losses((model.critic(made) - model.critic(batch["x"] + 1)).mean())


def generate(model: Pair, batch: Batch) -> Losses:
    return Losses(-model.critic(model.generator(batch["x"])).mean())


def test_phases_take_turns_on_their_own_parameters(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, by_hand = Pair(), Pair()
    by_hand.load_state_dict(model.state_dict())
    phases = [
        Phase(step=criticise, name="critic", trains=("critic.*",), optimizer=AdamW(rate=0.05)),
        Phase(step=generate, name="generator", trains=("generator.*",), every=2),
    ]
    trainer = Trainer(budget=Steps(6), optimizer=AdamW(rate=0.01), schedule=Constant(), clip=None)
    run = trainer.fit(model, phases, points(), folder=tmp_path, log_every=1)
    batches = points()
    makers = {
        name: torch.optim.AdamW(
            [{"params": [part.weight], "weight_decay": 0.05},
             {"params": [part.bias], "weight_decay": 0.0}],
            lr=rate, betas=(0.9, 0.95),
        )
        for name, part, rate in (
            ("critic", by_hand.critic, 0.05), ("generator", by_hand.generator, 0.01)
        )
    }  # fmt: skip
    for number in range(6):
        batch = batches.draw().on("cpu", 0.0)
        for name, step in (("critic", criticise), ("generator", generate)):
            if name == "generator" and number % 2:
                continue
            by_hand.zero_grad()
            step(by_hand, batch).total.backward()
            makers[name].step()
    for name, value in by_hand.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], value)
    assert set(run.report.loss) == {"critic", "generator"}
    lines = read_log(tmp_path / "log.jsonl")
    assert [("generator" in line, "critic" in line) for line in lines] == [
        (True, True), (False, True)
    ] * 3  # fmt: skip
    with pytest.raises(PartError, match="nothing matches"):
        trainer.fit(model, [Phase(step=generate, trains=("decoder.*",))], points())


def test_what_is_frozen_stays_and_groups_differ() -> None:
    model = small()
    before = weights(model)
    model.backbone.blocks.requires_grad_(False)
    groups = (Group(names="embedding.*", rate=0.0, decay=0.0), Group(names="*.bias", decay=0.3))
    trainer = Trainer(budget=Steps(4), optimizer=AdamW(groups=groups), schedule=Constant())
    run = trainer.fit(model, NextToken(), data())
    changed = {n for n, value in model.state_dict().items() if not torch.equal(value, before[n])}
    assert changed == {"backbone.last.weight", "backbone.last.bias"}
    assert run.report.trained == 9 * 16 + 2 * 16
    made = AdamW(rate=0.1, decay=0.2, groups=groups).build(list(small().named_parameters()))
    found = {(group["lr"], group["weight_decay"]) for group in made.param_groups}
    assert found == {(0.0, 0.0), (0.1, 0.2), (0.1, 0.0), (0.1, 0.3)}
    with pytest.raises(PartError, match="matches no trained parameter"):
        AdamW(groups=(Group(names="decoder.*"),)).build(list(small().named_parameters()))


def test_bfloat16_is_near() -> None:
    full, mixed = small(), small()
    first = Trainer(budget=Steps(8)).fit(full, NextToken(), data())
    second = Trainer(budget=Steps(8), precision=Bfloat16()).fit(mixed, NextToken(), data())
    assert second.report.loss["train"] == pytest.approx(first.report.loss["train"], rel=0.02)
    assert second.report.loss != first.report.loss
    assert mixed.embedding.rows.weight.dtype == torch.float32


def test_flops_of_other_models_are_measured() -> None:
    """Forward and backward of a matrix that gets a gradient, of inputs that do not: 2 x 2 x."""
    run = Trainer(budget=Steps(4)).fit(line(), squares, points())
    assert run.report.spent.flops == 4 * 2 * (2 * 3 * 2 * 1)
    asked = Trainer(budget=Steps(2)).fit(small(), NextToken(), data())
    step = NextToken()
    seen = Trainer(budget=Steps(2)).fit(small(), lambda m, b: step(m, b), data())
    assert seen.report.spent.flops == pytest.approx(asked.report.spent.flops, rel=0.1)


def test_a_device_is_chosen() -> None:
    device = "cuda:0" if torch.cuda.is_available() else "cpu"
    run = Trainer(budget=Steps(1)).fit(line(), squares, points(), device="auto")
    assert run.report.device == device
