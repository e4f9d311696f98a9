"""A text that goes on, by ids or by bytes, free or constrained: what `tokenry complete` runs.

It takes models and tokenizers of transformers as they are, so it can be called where those are at
hand:

    for piece in complete(model, tokenizer, b"def area(", seed=1):
        print(piece.decode(), end="")
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tokenry.arguments import checked
from tokenry.decoding.bytewise.byte_model import ByteModel
from tokenry.decoding.bytewise.infilling import FillFormat, Infilling
from tokenry.decoding.constrained.constraint import Constraint
from tokenry.decoding.constrained.particles import ParticleSampler
from tokenry.decoding.constrained.steps import ByteSteps, IdSteps, SymbolSteps
from tokenry.decoding.drawing import Drawing
from tokenry.errors import UnsupportedError
from tokenry.models.opening import causal_model
from tokenry.tokenizer import Tokenizer, load


@dataclass(frozen=True)
class Completion:
    """How a text is gone on with.

    Attributes:
        bytewise: whether bytes are drawn, summed over all ids that write them; else ids are, behind
            those of the prompt as `encode` gives them.
        max_bytes: how much is written at most.
        drawing: temperature and truncation, where there is no constraint.
        constraint: what is written has to satisfy it.
        particles: how many texts are drawn side by side under a constraint; one of them is given
            out, by weight.
        seed: of all chance.
    """

    bytewise: bool = False
    max_bytes: int = 256
    drawing: Drawing = field(default_factory=Drawing)
    constraint: Constraint | None = None
    particles: int = 8
    seed: int = 0


@checked
def complete(
    model: Any,
    tokenizer: Any,
    prompt: bytes,
    *,
    suffix: bytes | None = None,
    how: Completion | None = None,
    begin: list[int] | None = None,
    ends: list[int] | None = None,
) -> Iterator[bytes]:
    """Go on with a prompt; pieces are given out as soon as they are certain.

    Args:
        model: what `tokenry.models.causal_model` takes: a folder, or a model of transformers.
        tokenizer: a `tokenry.Tokenizer`, or what `tokenry.load` takes: one of transformers.
        prompt: any bytes.
        suffix: what stands behind what is written; for models that were trained to fill in.
        how: see `Completion`.
        begin: ids before the prompt; None: as the tokenizer says.
        ends: ids that end a text; None: as the tokenizer says.

    Raises:
        UnsupportedError: the tokenizer is lossy; a suffix and a constraint were given.
        ConstraintError: nothing satisfies the constraint, or no particle did in ``max_bytes``.
        ModelError: the prompt is longer than the model reads, or cannot be written.
    """
    how = how or Completion()
    loaded = tokenizer if isinstance(tokenizer, Tokenizer) else load(tokenizer)
    if ends is None and isinstance(getattr(tokenizer, "eos_token_id", None), int):
        ends = [tokenizer.eos_token_id]  # transformers says it of its own tokenizers
    read = model if hasattr(model, "extend") else causal_model(model)
    bytewise = ByteModel(read, loaded, begin=begin, ends=ends)
    if suffix is not None:
        if how.constraint is not None:
            raise UnsupportedError("a suffix cannot be kept to beside a constraint; give one")
        filling = Infilling(bytewise, FillFormat.of(loaded))
        drawn = filling.stream(
            prompt, suffix, max_bytes=how.max_bytes, drawing=how.drawing, seed=how.seed
        )
        return map(_byte, drawn)
    if how.constraint is not None:
        return _constrained(bytewise, prompt, how, how.constraint)
    if how.bytewise:
        drawn = bytewise.stream(prompt, max_bytes=how.max_bytes, drawing=how.drawing, seed=how.seed)
        return map(_byte, drawn)
    return _by_ids(bytewise, prompt, how)


def _byte(number: int) -> bytes:
    return bytes([number])


def _by_ids(model: ByteModel, prompt: bytes, how: Completion) -> Iterator[bytes]:
    steps: SymbolSteps = IdSteps.of(model.model, model.spelling, model.spelling.ids(prompt), 1)
    source, written = np.random.default_rng(how.seed), 0
    while written < how.max_bytes:
        symbol = how.drawing.draw(steps.logprobs()[0], source)
        piece = steps.bytes_of(symbol)
        if piece is None:
            return
        yield piece[: how.max_bytes - written]
        written += len(piece)
        steps = steps.advance([symbol])


def _constrained(
    model: ByteModel, prompt: bytes, how: Completion, constraint: Constraint
) -> Iterator[bytes]:
    """What all particles share is certain; at the end one of them is drawn."""
    if how.bytewise:
        steps: SymbolSteps = ByteSteps.of(model, prompt, how.particles)
    else:
        ids = model.spelling.ids(prompt)
        steps = IdSteps.of(model.model, model.spelling, ids, how.particles)
    sampler = ParticleSampler(max_steps=how.max_bytes)
    given = 0
    for shared in sampler.stages(steps, how.particles, constraint, seed=how.seed):
        if isinstance(shared, bytes):
            yield shared[given:]
            given = max(given, len(shared))
        else:
            yield shared.draw(how.seed)[given:]
