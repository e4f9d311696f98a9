"""What the addition experiment gives its models: the same sums, one vocabulary, other groups."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.experiments.number_policies import POLICIES, draw, texts, tokenizer_of


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("r2l2", "1|23|+|45|67|="), ("l2r2", "12|3|+|45|67|="), ("single", "1|2|3|+|4|5|6|7|=")],
)
def test_a_sum_under_each_policy(policy: str, expected: str) -> None:
    tokenizer = tokenizer_of(policy)
    assert "|".join(tokenizer.decode([id_]) for id_ in tokenizer.encode("123+4567=")) == expected
    assert tokenizer.vocabulary == tokenizer_of(POLICIES[0]).vocabulary


def test_sums_are_distinct_and_of_all_lengths() -> None:
    pairs = draw(3_000, seed=1)
    assert len(np.unique(pairs, axis=0)) == 3_000
    assert set(np.char.str_len(pairs.astype(str)).ravel().tolist()) == {3, 4}
    assert (draw(3_000, seed=1) == pairs).all()
    prompts, answers = texts(pairs)
    assert all(eval(p.rstrip("=")) == int(a) for p, a in zip(prompts, answers, strict=True))
