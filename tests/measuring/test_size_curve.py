"""Curves of tokens by size: fitted to what made them, inverted, and put to languages."""

from __future__ import annotations

import math

import pytest

from tokenry.errors import CorpusError, VocabularyError
from tokenry.measuring import fit_curve, language_sizes
from tokenry.measuring.size_curve import SizeCurve

SIZES = [300, 500, 1000, 2000, 4000]


def tokens_of(curve: SizeCurve) -> list[int]:
    return [round(curve.tokens(size)) for size in SIZES]


@pytest.mark.parametrize("power", [0.2, 0.85, 1.5])
@pytest.mark.parametrize("floor", [0.0, 20_000.0])
def test_finds_the_curve_that_made_the_counts(power: float, floor: float) -> None:
    made = SizeCurve(floor, 3e8, power, 0.0)
    found = fit_curve(SIZES, tokens_of(made))
    assert found.power == pytest.approx(power, abs=0.02)
    assert found.error < 1e-3
    for size in (400, 1500, 3999):
        assert found.tokens(size) == pytest.approx(made.tokens(size), rel=2e-3)
        assert found.size(found.tokens(size)) == pytest.approx(size, rel=1e-6)


def test_what_no_size_reaches_is_infinite() -> None:
    curve = SizeCurve(100.0, 10.0, 1.0, 0.0)
    assert math.isinf(curve.size(100.0))
    assert math.isinf(SizeCurve(100.0, 0.0, 1.0, 0.0).size(500.0))
    flat = fit_curve(SIZES, [700] * 5)
    assert flat.tokens(1000) == pytest.approx(700)
    rising = fit_curve(SIZES, [700, 710, 720, 730, 740])
    assert rising.scale == 0 or rising.error < 0.05


def counts() -> dict[str, dict[int, int]]:
    languages = {"eng": 1.0, "low": 0.8, "high": 1.2, "never": 3.0}
    base = SizeCurve(10_000.0, 2e6, 0.9, 0.0)
    return {
        name: {size: round(scale * base.tokens(size)) for size in SIZES}
        for name, scale in languages.items()
    }


def test_each_language_gets_the_size_that_pays_the_target() -> None:
    found = {row.language: row for row in language_sizes(counts(), "eng", size=1000, target=1.0)}
    assert list(found) == ["low", "eng", "high", "never"]
    assert found["eng"].premium == 1.0
    assert found["eng"].size == pytest.approx(1000, abs=2)
    target = counts()["eng"][1000]
    for name in ("low", "high"):
        size = found[name].size
        assert size is not None
        assert found[name].curve.tokens(size) == pytest.approx(target, rel=2e-3)
    assert found["low"].size < 1000 < found["high"].size  # type: ignore[operator]
    assert found["never"].size is None
    assert found["never"].to_json()["size"] is None


def test_never_leaves_the_measured_sizes() -> None:
    found = {row.language: row for row in language_sizes(counts(), "eng", size=1000, target=2.5)}
    assert found["low"].size == SIZES[0]
    # An unruly count: the curve would say another side of the measured neighbours.
    bent = counts()
    bent["high"] = dict(zip(SIZES, [60_000, 50_000, 30_001, 13_000, 12_999], strict=True))
    (row,) = (r for r in language_sizes(bent, "eng", size=1000) if r.language == "high")
    wanted = bent["eng"][1000]
    first = next(size for size in SIZES if bent["high"][size] <= wanted)
    assert row.size is not None
    assert SIZES[SIZES.index(first) - 1] < row.size <= first


def test_refuses_what_has_no_answer() -> None:
    with pytest.raises(VocabularyError, match="three or more"):
        fit_curve([1, 2], [3, 4])
    with pytest.raises(VocabularyError, match="not measured"):
        language_sizes(counts(), "eng", size=999)
    with pytest.raises(CorpusError, match="'deu' is not among"):
        language_sizes(counts(), "deu", size=1000)
    with pytest.raises(VocabularyError, match="target premium"):
        language_sizes(counts(), "eng", size=1000, target=0)
    empty = {"eng": dict.fromkeys(SIZES, 0)}
    with pytest.raises(CorpusError, match="no text"):
        language_sizes(empty, "eng", size=1000)
