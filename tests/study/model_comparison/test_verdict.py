"""What follows from the bits of small models, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.study.model_comparison.content import ComparedModels, TrainedModel
from tokenry.study.model_comparison.verdict import difference, differences, over_seeds


def compared(
    name: str, bits: list[list[float]], *, lossless: bool = True, serving: float = 1.0
) -> ComparedModels:
    """A tokenizer whose models need so many bits for each held-out document."""
    models = tuple(TrainedModel(tuple(each), 1.0, 1.0, 1.0, 1) for each in bits)
    return ComparedModels(name, "", 300, 300, lossless, 4.0, 128, models, models, serving)


def noisy(scale: float, seeds: int, spread: float) -> list[list[float]]:
    source = np.random.default_rng(round(scale * 100))
    documents = np.random.default_rng(1).uniform(50, 150, 40)
    return [(documents * scale * (1 + spread * source.normal())).tolist() for _ in range(seeds)]


def test_a_clear_lead_is_said_from_either_side() -> None:
    good, bad = compared("good", noisy(1.0, 3, 0.001)), compared("bad", noisy(1.25, 3, 0.001))
    lead, lag = difference(good, bad, "bytes", 0), difference(bad, good, "compute", 0)
    assert lead.value == pytest.approx(0.2, abs=0.01)
    assert lead.verdict == f"with the same text, good needs {lead.value:.1%} fewer bits than bad"
    assert lag.value < 0
    assert lag.verdict.startswith("with the same operations, good needs 19.9%")
    assert lag.seeds is not None
    assert lag.seeds[0] < lag.value < lag.seeds[1] < 0


def test_a_lead_within_the_spread_of_seeds_is_undecided() -> None:
    found = difference(
        compared("a", noisy(1.0, 3, 0.1)), compared("b", noisy(1.02, 3, 0.1)), "bytes", 0
    )
    assert found.verdict.startswith("undecided with the same text: a and b differ by")


def test_a_lead_that_depends_on_the_documents_is_undecided() -> None:
    one = [[100.0, 300.0, 90.0, 310.0]] * 3
    other = [[300.0, 105.0, 310.0, 90.0]] * 3
    found = difference(compared("a", one), compared("b", other), "bytes", 0)
    assert found.verdict.startswith("undecided")


def test_one_seed_or_one_document_decides_nothing() -> None:
    single = difference(
        compared("a", noisy(1.0, 1, 0.0)), compared("b", noisy(2.0, 1, 0.0)), "bytes", 0
    )
    assert single.seeds is None
    assert single.verdict.startswith("undecided")
    document = difference(compared("a", [[1.0], [1.1]]), compared("b", [[2.0], [2.1]]), "bytes", 0)
    assert document.documents is None
    assert document.verdict.startswith("undecided")


def test_what_loses_text_is_not_compared() -> None:
    lossy = compared("lossy", noisy(0.1, 3, 0.001), lossless=False)
    found = difference(compared("a", noisy(1.0, 3, 0.001)), lossy, "bytes", 0)
    assert found.verdict == "not comparable with the same text: lossy does not restore the text"


def test_the_first_is_held_against_all_others_with_every_budget() -> None:
    rows = [compared(name, noisy(1.0, 2, 0.01)) for name in "abc"]
    found = differences(rows, (0.1, 0.1), 0)
    assert [(each.other, each.budget) for each in found] == [
        (name, budget) for name in "bc" for budget in ("bytes", "compute", "serving")
    ]


def test_fewer_bits_that_cost_more_to_serve_can_be_no_lead() -> None:
    """8% fewer bits for 16 times the operations, where doubling them saves 7%."""
    cheap = compared("cheap", noisy(1.0, 3, 0.001))
    dear = compared("dear", noisy(0.92, 3, 0.001), serving=16.0)
    assert difference(cheap, dear, "bytes", 0).verdict.startswith("with the same text, dear needs")
    served = difference(cheap, dear, "serving", 0, (0.1, 0.1, 0.1))
    assert served.value == pytest.approx(1 - 1 / (0.92 * 16**0.1), abs=0.01)
    assert served.verdict.startswith("with the same operations of serving, cheap needs")
    unknown = difference(cheap, dear, "serving", 0, (0.1, -0.1, 0.1))
    assert unknown.verdict.startswith("undecided with the same operations of serving: a wider")


def test_students_interval() -> None:
    half = 4.302653 / 3**0.5
    assert over_seeds([1.0, 2.0, 3.0]) == pytest.approx((2 - half, 2 + half))
    assert over_seeds([1.0]) is None
