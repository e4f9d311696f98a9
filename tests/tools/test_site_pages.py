"""The pages that the site makes itself: one for each part, metric, operation and system."""

from __future__ import annotations

import csv
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tokenry import surgery
from tokenry.learning.registry import KINDS
from tokenry.measuring.registry import METRICS
from tokenry.models.registry import ADAPTERS
from tokenry.registry import Registry

ROOT = Path(__file__).parents[2]


def site_pages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_pages", ROOT / "tools/site_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["site_pages"] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("room", "registry"), [("learning", KINDS), ("models", ADAPTERS)])
def test_every_entry_has_a_page(room: str, registry: Registry[Any]) -> None:
    parts = site_pages().parts(room)
    assert [(each.name, each.target) for each in parts] == [
        (entry.name, entry.target) for entry in registry.values()
    ]
    for part in parts:
        assert f"::: {part.target.replace(':', '.')}" in part.page()


def test_every_room_with_parts_has_pages_of_modules_that_there_are() -> None:
    pages = site_pages()
    for room in pages.ROOMS:
        found = pages.parts(room)
        assert found
        for part in found:
            path = ROOT / "src" / part.target.split(":")[0].replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__init__.py").exists()
        assert len({each.place for each in found}) == len(found)


def test_every_metric_has_a_page_of_what_its_entry_says() -> None:
    made = {each.said["name"]: each for each in site_pages().metrics()}
    assert made.keys() == {entry.name for entry in METRICS.values()}
    for entry in METRICS.values():
        page = made[entry.name].page()
        assert page.startswith(f"# {entry.label}\n\n{entry.doc}\n")
        assert f"::: {entry.target.replace(':', '.')}\n" in page
        assert f"- Unit: {entry.unit}." in page
        assert entry.source in page


def test_every_operation_of_surgery_has_a_page() -> None:
    made = {each.name for each in site_pages().operations()}
    functions = {each for each in surgery.__all__ if inspect.isfunction(getattr(surgery, each))}
    assert functions - made == {"next_multiple", "next_power_of_two"}
    assert made - functions == {"with_numbers"}


def test_every_system_has_a_page() -> None:
    with (ROOT / "docs/systems.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row["id"] for row in csv.DictReader(file, delimiter="\t")]
    made = dict(site_pages().systems())
    assert [*made] == [f"systems/{each}.md" for each in rows]
    assert f"(../{next(iter(made))})" in site_pages().overview()
