"""Tables of records as lines."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import asdict

import pytest

from experiments.harness.experiment import Lines, Table
from tools.record_lines import drawn_tables

DRAWN = Table(
    "Quality & bits",
    ("way", "bits", "dB"),
    (("a", 256, 20.0), ("a", 64, 15.0), ("b", 128, 18.0), ("c", 128, None)),
    lines=Lines("way", "bits", "dB"),
)
PLAIN = Table("Plain", ("way",), (("a",),))
SVG = "{http://www.w3.org/2000/svg}"


def test_ways_of_many_points_are_lines_and_single_ones_are_named_marks() -> None:
    drawn = drawn_tables([asdict(PLAIN), asdict(DRAWN)])
    assert list(drawn) == [1]
    root = ET.fromstring(drawn[1])
    (line,) = root.findall(f"{SVG}polyline")
    (x, y), (x2, y2) = (map(float, each.split(",")) for each in line.get("points", "").split())
    assert x < x2  # from few bits to many
    assert y > y2  # upwards
    said = [each.text for each in root.findall(f"{SVG}text")]
    assert "c" not in said
    assert {"a", "b"} <= set(said)
    assert len(root.findall(f"{SVG}circle")) == 4  # two points, one of the legend, one mark


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no column"):
        Table("Wrong", ("way",), (), lines=Lines("way", "bits", "dB"))
