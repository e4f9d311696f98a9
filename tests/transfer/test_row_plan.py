"""Plans of rows: what they make is the sum that they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tokenry.errors import FormatError, ModelError
from tokenry.transfer import RowPlan, row_plan
from tokenry.transfer.row_plan import Noise


@pytest.fixture
def plan() -> RowPlan:
    draw = np.random.default_rng(0)
    counts = np.array([0, 1, 3, 0, 2])
    return RowPlan(
        old_size=7,
        offsets=np.concatenate(([0], np.cumsum(counts))),
        ids=draw.integers(0, 7, counts.sum()),
        weights=draw.normal(size=counts.sum()).astype(np.float32),
        dense=draw.normal(size=(2, 4)).astype(np.float32),
        dense_of=np.array([-1, 1, -1, 0, 0]),
        noises=(Noise(draw.normal(size=(3, 4)).astype(np.float32), seed=5),),
        noise_of=np.array([-1, -1, 0, 0, -1]),
        origins=("one", "two"),
        origin_of=np.array([-1, 0, 0, 1, 1]),
    )


def by_hand(plan: RowPlan, old: np.ndarray) -> np.ndarray:
    rows = np.zeros((len(plan), old.shape[1]))
    for at in range(len(plan)):
        begin, end = plan.offsets[at : at + 2]
        for old_id, weight in zip(plan.ids[begin:end], plan.weights[begin:end], strict=True):
            rows[at] += np.float64(weight) * old[old_id]
        if plan.dense_of[at] >= 0:
            rows[at] += plan.dense[plan.dense_of[at]]
        if plan.noise_of[at] >= 0:
            rows[at] += plan.noises[0].block(0)[at]
    return rows


def test_rows(plan: RowPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    old = np.random.default_rng(1).normal(size=(9, 4)).astype(np.float32)
    expected = by_hand(plan, old)
    assert np.allclose(plan.rows(old), expected, atol=1e-6)
    assert np.allclose(plan.rows(old, 2, 4), expected[2:4], atol=1e-6)
    monkeypatch.setattr(row_plan, "PRODUCTS", 1)
    assert np.allclose(plan.rows(old), expected, atol=1e-6)


def test_noise_is_the_same_in_any_part(plan: RowPlan) -> None:
    many = RowPlan.empty(3000, 7, 4)
    noisy = replace(many, noises=plan.noises, noise_of=np.zeros(3000, np.int64))
    old = np.zeros((7, 4), np.float32)
    whole = noisy.rows(old)
    assert np.array_equal(whole[1000:2100], noisy.rows(old, 1000, 2100))
    covariance = plan.noises[0].factor.T @ plan.noises[0].factor
    assert np.allclose(np.cov(whole.T), covariance, atol=0.3 * np.abs(covariance).max())


def test_explain(plan: RowPlan) -> None:
    found = plan.explain(2)
    assert (found.origin, len(found.parts), found.dense, found.sampled) == ("one", 3, False, True)
    weights = [abs(weight) for _, weight in found.parts]
    assert weights == sorted(weights, reverse=True)
    shown = found.text([b"a", b"b"] * 4, [b"new"] * 5)
    assert shown.startswith("2 'new' by one: ")
    assert "a sampled row" in shown
    assert plan.explain(0).text([], []) == "0 id 0 by none: nothing"
    with pytest.raises(ModelError, match="is not one of the 5"):
        plan.explain(5)


def test_saved_and_read(plan: RowPlan, tmp_path: Path) -> None:
    path = plan.save(tmp_path / "plan.safetensors")
    again = RowPlan.load(path)
    old = np.random.default_rng(1).normal(size=(7, 4)).astype(np.float32)
    assert np.array_equal(again.rows(old), plan.rows(old))
    assert again.explain(2) == plan.explain(2)
    assert again.counts() == plan.counts() == {"one": 2, "two": 2, "": 1}

    from safetensors.numpy import load_file

    assert set(load_file(path)) >= {"offsets", "ids", "weights", "noise.0"}


def test_damaged_files(plan: RowPlan, tmp_path: Path) -> None:
    path = plan.save(tmp_path / "plan.safetensors")
    data = path.read_bytes()
    for broken in (data[:-9], data[:5], b"{}" * 40, data.replace(b"row plan", b"raw plan")):
        path.write_bytes(broken)
        with pytest.raises(FormatError):
            RowPlan.load(path)


def test_arrays_that_contradict_each_other(plan: RowPlan) -> None:
    with pytest.raises(ModelError, match="do not fit"):
        replace(plan, ids=plan.ids + 7)
    with pytest.raises(ModelError, match="offsets"):
        replace(plan, offsets=plan.offsets + 1)
    with pytest.raises(ModelError, match="finite"):
        replace(plan, weights=plan.weights * np.float32(np.nan))


def test_numbers_follow_the_weights(plan: RowPlan) -> None:
    bias = np.arange(7, dtype=np.float32)
    made = plan.combine_numbers(bias)
    begin, end = plan.offsets[2:4]
    assert np.isclose(made[2], (plan.weights[begin:end] * bias[plan.ids[begin:end]]).sum())
    assert made[3] == bias.mean()  # a dense row alone
    assert made[0] == 0  # of no origin
