"""What every part of signals promises, held to for each that the registry names."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, is_dataclass

import pytest
from tiny_codecs import example

from tokenry.errors import PartError
from tokenry.neural import from_json, to_json
from tokenry.neural.parts import name_of
from tokenry.signals.registry import PARTS

every_part = pytest.mark.parametrize("name", PARTS)


@every_part
def test_is_a_frozen_dataclass_of_few_fields_with_a_summary(name: str) -> None:
    part = example(name)
    assert is_dataclass(part)
    assert type(part).__dataclass_params__.frozen
    assert len(fields(part)) <= 8
    assert hash(part) == hash(example(name))
    assert PARTS.entry(name).summary.endswith((".", ":"))
    assert name_of(part) == f"signals/{name}"


@every_part
def test_is_saved_and_loaded(name: str) -> None:
    part = example(name)
    assert from_json(to_json(part)) == part
    with pytest.raises(PartError, match="no field 'colour'"):
        from_json({**to_json(part), "colour": 1})


WITHOUT_TORCH = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "safetensors", "transformers", "einops", "PIL"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
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
assert "torch" not in sys.modules
print("built nothing")
"""


def test_all_import_print_and_save_where_torch_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH],
        env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "built nothing", done.stderr
