"""What the addition experiment gives its models, and how it decides."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.harness.verdicts import Verdict
from experiments.text.number_policies import (
    POLICIES,
    Answers,
    best_rate,
    checks_of,
)
from experiments.text.sums import draw, is_longer, texts, tokenizer_of


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("r2l2", "1|23|+|4|12|="), ("l2r2", "12|3|+|41|2|="), ("single", "1|2|3|+|4|1|2|=")],
)
def test_a_sum_under_each_policy(policy: str, expected: str) -> None:
    tokenizer = tokenizer_of(policy)
    assert "|".join(tokenizer.decode([id_]) for id_ in tokenizer.encode("123+412=")) == expected
    assert tokenizer.vocabulary == tokenizer_of(POLICIES[0]).vocabulary


def test_no_sum_is_in_two_parts() -> None:
    split = draw(3_000, 200, 400, seed=1)
    parts = (split.train, split.development, split.test)
    assert [len(part) for part in parts] == [3_000, 200, 400]
    short = split.train.max(axis=1) < 100
    assert short[: 3 * 500].sum() == 500
    pairs = np.concatenate([split.train[~short], *parts[1:]])
    assert len(np.unique(pairs, axis=0)) == 2_600
    assert (pairs.min(), split.train.min()) == (100, 10)
    assert pairs.max() <= 999
    assert (draw(3_000, 200, 400, seed=1).test == split.test).all()


def test_longer_sums_have_one_digit_more() -> None:
    pairs = draw(1, 1, 500, seed=2).test
    prompts, answers = texts(pairs)
    for prompt, answer in zip(prompts, answers, strict=True):
        first, second = prompt.rstrip("=").split("+")
        assert int(first) + int(second) == int(answer)
    assert [len(a) == 4 for a in answers] == is_longer(pairs).tolist()


def test_the_best_rate_is_of_one_policy_and_the_lowest_of_equals() -> None:
    searched = {("a", 1e-2): 0.5, ("a", 1e-3): 0.5, ("a", 1e-4): 0.1, ("b", 1e-4): 0.9}
    assert best_rate(searched, "a") == 1e-3
    assert best_rate(searched, "b") == 1e-4


def given(shares: dict[str, tuple[float, float]]) -> Answers:
    """Three seeds and 400 sums; half of them are longer, of which the first share is right."""
    longer = np.arange(400) < 200
    at = np.arange(400) % 200
    right = {
        policy: np.tile(at < 200 * np.where(longer, *each), (3, 1))
        for policy, each in shares.items()
    }
    return Answers(right, longer)


@pytest.mark.parametrize(
    ("from_left", "expected"),
    [
        ((0.1, 0.9), [Verdict.HOLDS, Verdict.HOLDS]),
        ((0.5, 0.9), [Verdict.HOLDS, Verdict.HOLDS]),
        ((0.5, 0.5), [Verdict.HOLDS, Verdict.UNDECIDED]),
        ((0.5, 0.51), [Verdict.HOLDS, Verdict.UNDECIDED]),
        ((0.9, 0.9), [Verdict.NOT_HERE, Verdict.NOT_HERE]),
        ((0.895, 0.9), [Verdict.UNDECIDED, Verdict.UNDECIDED]),
        ((0.95, 0.8), [Verdict.UNDECIDED, Verdict.NOT_HERE]),
        ((1.0, 1.0), [Verdict.NOT_HERE, Verdict.NOT_HERE]),
    ],
)
def test_verdicts_follow_from_the_figures(
    from_left: tuple[float, float], expected: list[Verdict]
) -> None:
    answers = given({"r2l2": (0.9, 0.9), "l2r2": from_left, "single": (0.9, 0.9)})
    assert [each.verdict for each in checks_of(answers)] == expected


def test_seeds_that_overlap_show_a_direction_alone() -> None:
    shares = {"r2l2": (0.9, 0.9, 0.59), "l2r2": (0.5, 0.5, 0.6), "single": (1, 1, 1)}
    right = {p: np.arange(400) < 400 * np.array(each)[:, None] for p, each in shares.items()}
    answers = Answers(right, np.arange(400) % 2 == 0)
    assert checks_of(answers)[0].verdict is Verdict.IN_DIRECTION
