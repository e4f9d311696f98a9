"""What an entry says of a figure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tokenry.measuring.measurement import Measurement
from tokenry.measuring.metric import MISSING, Metric, value_of

SHARE = Metric(
    "share",
    "module:function",
    label="share",
    form=",.1%",
    unit="share",
    needs="ids",
    doc="A share.",
)
FIGURE = Measurement("share", 0.25, "share", "estimator", "denominator", "tokenizer", "data")


@dataclass(frozen=True)
class Part:
    orders: dict[str, Measurement | None]
    inner: object = None


def test_finds_a_figure_by_name_or_by_path() -> None:
    assert SHARE.find({"share": FIGURE}) is FIGURE
    assert SHARE.find({}) is None
    nested = replace(SHARE, section="information", figure="inner.orders.1")
    assert nested.find(Part({}, Part({"1": FIGURE}))) is FIGURE
    for empty in (None, Part({}), Part({}, Part({})), Part({}, Part({"1": None}))):
        assert nested.find(empty) is None
    assert replace(SHARE, section="speed").find(FIGURE) is FIGURE


@pytest.mark.parametrize("figure", [None, float("nan"), replace(FIGURE, value=float("nan"))])
def test_a_figure_may_be_missing(figure: Measurement | float | None) -> None:
    assert value_of(figure) is None
    assert SHARE.text(figure) == MISSING


def test_writes_values_as_its_form_says() -> None:
    assert SHARE.text(FIGURE) == SHARE.text(0.25) == "25.0%"
    assert replace(SHARE, form=",.0f").text(12345.6) == "12,346"


def test_labels_fit_where_they_stand() -> None:
    assert (SHARE.head, SHARE.title, SHARE.axis) == ("share", "Share", "share")
    short = replace(SHARE, short="s", better="lower")
    assert (short.head, short.axis) == ("s", "share (fewer is better)")
