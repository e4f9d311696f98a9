"""Models that answer learn answers and where they end."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tokenry.neural.inference import continuations  # noqa: E402
from tokenry.neural.recipes.answers import give_answers, train_answers  # noqa: E402
from tokenry.neural.recipes.sizes import Passes, Shape  # noqa: E402

TINY = Shape(width=32, layers=2, heads=2, context=16)


def test_answers_end_where_they_should() -> None:
    rng = np.random.default_rng(0)
    prompts = [[*rng.integers(0, 4, rng.integers(1, 4)).tolist(), 4] for _ in range(800)]
    answers = [prompt[-2:-1] * (1 + prompt[-2] % 2) for prompt in prompts]
    model = train_answers(
        prompts, answers, 5, shape=TINY, passes=Passes(batch=32, passes=6, rate=5e-3)
    )
    found = give_answers(model, prompts[:100], 4)
    assert np.mean([a == b for a, b in zip(found, answers, strict=False)]) > 0.95
    # The likeliest ids by reading everything anew, prompt by prompt.
    for prompt, answer in zip(prompts[:10], found, strict=False):
        assert answer == by_hand(model, prompt, 4)


def by_hand(model: object, prompt: list[int], longest: int) -> list[int]:
    ids = list(prompt)
    with torch.no_grad():
        while len(ids) < len(prompt) + longest:
            likeliest = int(model(torch.tensor([ids]))[0, -1].argmax())  # type: ignore[operator]
            if likeliest == 5:
                break
            ids.append(likeliest)
    return ids[len(prompt) :]


def test_continuations_are_those_of_each_prompt_alone() -> None:
    """Whatever the lengths of the others in the batch."""
    model = Shape(width=16, layers=2, context=8, spread=0.3).causal(9).build(seed=4).eval()
    rng = np.random.default_rng(1)
    prompts = [rng.integers(0, 8, 1 + n % 5).tolist() for n in range(20)]
    lengths = set()
    for end in range(9):
        together = continuations(model, prompts, 6, end=end, batch=7)
        assert together == [continuations(model, [each], 6, end=end)[0] for each in prompts]
        lengths |= {len(row) for row in together}
    assert lengths > {0, 6}  # some end, some do not
    assert continuations(model, [], 6, end=8) == []
