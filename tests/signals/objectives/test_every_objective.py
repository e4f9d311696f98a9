"""What every objective promises: a finite loss whose gradient reaches the codec, in every step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_codecs import codec_with, images, told_of, with_objective

from tokenry.errors import PartError
from tokenry.neural.training.data.batch import Batch
from tokenry.signals.assembly import Assembly
from tokenry.signals.objectives import HasCritic
from tokenry.signals.objectives.adversarial import Adversarial
from tokenry.signals.objectives.distillation import Distillation
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.registry import PARTS

torch = pytest.importorskip("torch")
from tokenry.signals.training.step import (  # noqa: E402
    CodecStep,
    CriticStep,
    InTraining,
    passed_of,
    seeded,
)

OBJECTIVES = [name for name in PARTS if name.startswith("objectives/")]


def in_training(assembly: Assembly) -> tuple[InTraining, Batch]:
    with seeded(1):
        model = InTraining(assembly.build(), assembly.training.objectives, assembly.sizes)
    items = torch.from_numpy(assembly.carrier.values(images(6)))
    told = {name: torch.as_tensor(each) for name, each in told_of(6).items()}
    return model.train(), Batch({"values": items, **told}, 0.9)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_gradients_reach_what_it_trains_and_a_step_makes_it_smaller(name: str) -> None:
    assembly = codec_with(name)
    (stage,), (objective,) = assembly.training.stages, assembly.training.objectives
    model, batch = in_training(assembly)
    optimizer = torch.optim.Adam([*model.codec.parameters(), *model.objectives.parameters()], 1e-2)
    found = []
    for _ in range(8):
        optimizer.zero_grad()
        with seeded(3):
            losses = CodecStep(stage)(model, batch)
        (losses.total / losses.units).backward()
        optimizer.step()
        found.append(float(losses.parts[objective.name]) / float(losses.units))
    assert min(found[1:]) < found[0]
    reached = "base.stem" if name == "objectives/base" else "partition trunk resampler"
    grads = [each.grad for key, each in model.codec.named_parameters() if key.startswith(
        tuple(reached.split()))]  # fmt: skip
    assert any(each is not None and each.abs().sum() > 0 for each in grads)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_critic_learns_in_its_own_phase(name: str) -> None:
    assembly = codec_with(name)
    if not isinstance(assembly.training.objectives[0], HasCritic):
        pytest.skip("has no critic")
    model, batch = in_training(assembly)
    losses = CriticStep(assembly.training.stages[0])(model, batch)
    losses.total.backward()
    named = dict(model.named_parameters())
    assert all((each.grad is None) == (".critic." not in key) for key, each in named.items())


def test_an_objective_without_its_teacher_says_so() -> None:
    assembly = codec_with("carriers/images")
    with pytest.raises(PartError, match="give the training another teacher="):
        Perceptual().build(assembly.sizes)
    with pytest.raises(PartError, match="cannot read items of shape"):
        Adversarial(halvings=5).build(assembly.sizes)


def test_a_teacher_can_be_read_off_the_first_numbers_alone() -> None:
    made = Distillation(tap="codes", first=2)
    model, batch = in_training(with_objective("objectives/distillation", made))
    passed = passed_of(model, batch)
    codes = passed.quantized.vectors.detach().requires_grad_()
    quantized = passed.quantized.having(vectors=codes)
    model.objectives[0](replace(passed, quantized=quantized)).backward()
    assert codes.grad[..., :2].abs().sum() > 0
    assert not codes.grad[..., 2:].any()
