"""What every part of signals promises, held to for each that the registry names."""

from __future__ import annotations

import pytest
from tiny_codecs import example

from part_promises import check_part, check_saved, check_without_torch
from tokenry.signals.registry import PARTS

every_part = pytest.mark.parametrize("name", PARTS)


@every_part
def test_is_a_frozen_dataclass_of_few_fields_with_a_summary(name: str) -> None:
    check_part(example(name), example(name), "signals", name)


@every_part
def test_is_saved_and_loaded(name: str) -> None:
    check_saved(example(name))


WITHOUT_TORCH = """
from tiny_codecs import base, example
from tokenry.errors import MissingExtraError
from tokenry.neural import from_json, to_json
from tokenry.signals.recipe import row_of
from tokenry.signals.recipes.registry import RECIPES
from tokenry.signals.registry import PARTS

for name in PARTS:
    part = example(name)
    assert repr(part) and from_json(to_json(part)) == part
for name in RECIPES:
    for size in ("laptop", "paper"):
        made = RECIPES.load(name).assembly(size)
        assert made.bits > 0 and row_of(made)["bottleneck"]
try:
    base().build()
except MissingExtraError as error:
    assert "tokenry[neural]" in str(error), error
else:
    raise AssertionError("built without torch")
"""


def test_all_import_print_and_save_where_torch_is_refused() -> None:
    check_without_torch(WITHOUT_TORCH)
