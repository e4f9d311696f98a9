"""Every measure can be loaded, and says what it is."""

from __future__ import annotations

import pytest

from tokenry.signals.measures.registry import MEASURES


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_loads(name: str) -> None:
    entry = MEASURES[name]
    assert callable(entry.load())
    assert entry.text(None) == "–"
    assert entry.text(1.0)


def test_stand_ins_never_have_the_famous_name() -> None:
    labels = " ".join(f"{name} {entry.label}" for name, entry in MEASURES.items()).upper()
    assert not any(word in labels.split() for word in ("FID", "LPIPS", "IS", "CLIP"))
