"""Stages of a training: what learns, what is kept, and a teacher before them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_codecs import codec_with, images

from tokenry.errors import PartError
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.signals.assembly import Assembly
from tokenry.signals.codec import Codec
from tokenry.signals.objectives.base import BaseError
from tokenry.signals.objectives.perceptual import Perceptual
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.objectives.proxy import ProxyCodes
from tokenry.signals.teachers.turns import TurnTeacher
from tokenry.signals.training.plan import ABOVE_BASE, TrainingStage
from tokenry.signals.training.run import CodecRun, train_codec

torch = pytest.importorskip("torch")
ITEMS = images(16)


def staged(*stages: TrainingStage) -> Assembly:
    """A codec on a base, with a teacher."""
    made = codec_with("bases/autoencoder")
    trainer = replace(made.training.trainer, optimizer=AdamW(rate=1e-2))
    teacher = TurnTeacher(width=4, share=0.5)
    training = replace(made.training, stages=stages, trainer=trainer, batch=8, teacher=teacher)
    return replace(made, training=training)


def test_a_stage_changes_what_it_trains_and_nothing_else(tmp_path: Path) -> None:
    """Frozen slots do not move, books that would be revived or averaged included."""
    first = TrainingStage(name="base", trains=("base.*",), objectives=(BaseError(),))
    second = TrainingStage(name="proxy", trains=ABOVE_BASE, objectives=(ProxyCodes(),))
    last = TrainingStage(
        name="pixels", trains=("decoder.*", "base.decoder.*"),
        objectives=(SquaredError(), Perceptual()), slot_losses=False,
    )  # fmt: skip
    made, before = [], staged(first).build(seed=0).state_dict()
    for stages in ((first,), (first, second), (first, second, last)):
        steps = round(6 * (0.5 + len(stages)))  # as many for each stage
        codec = train_codec(staged(*stages), ITEMS, run=CodecRun(steps=steps))
        made.append(codec.network.state_dict())
    moved = [
        {key for key in before if not torch.equal(old[key], new[key])}
        for old, new in zip([before, *made[:2]], made, strict=True)
    ]
    assert all(key.startswith("base.") for key in moved[0])
    assert moved[1]
    assert not any(key.startswith("base.") for key in moved[1])
    assert moved[2]
    assert all(key.startswith(("decoder.", "base.decoder.")) for key in moved[2])


def test_a_training_with_a_teacher_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    joint = TrainingStage(objectives=(SquaredError(), Perceptual()))
    assembly, run = staged(joint), CodecRun(steps=9, save_every=2)
    whole = train_codec(assembly, ITEMS, run=run, folder=tmp_path / "whole")

    def stop(stage: str, done: float, total: float | None) -> None:
        if stage.startswith("joint") and done >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_codec(assembly, ITEMS, run=run, folder=tmp_path / "cut", progress=stop)
    again = train_codec(assembly, ITEMS, run=run, folder=tmp_path / "cut")
    assert again.fingerprint == whole.fingerprint
    loaded = Codec.load(tmp_path / "whole")
    assert np.array_equal(loaded.encode(ITEMS).values, whole.encode(ITEMS).values)


def test_no_stage_is_named_as_the_teacher() -> None:
    with pytest.raises(PartError, match="each another name"):
        staged(TrainingStage(name="teacher"))
