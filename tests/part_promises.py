"""What the parts of every room promise: data that import, print and are saved without torch."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from tokenry.errors import PartError
from tokenry.neural import from_json, to_json
from tokenry.neural.parts import name_of, parts_of

_REFUSING = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "safetensors", "transformers", "einops", "PIL"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
"""
_STILL_REFUSED = """
assert "torch" not in sys.modules
print("built nothing")
"""


def check_part(part: Any, again: Any, room: str, name: str) -> None:
    """It is a frozen dataclass of few fields with a summary; ``again`` is made like it."""
    assert is_dataclass(part)
    assert type(part).__dataclass_params__.frozen
    assert len(fields(part)) <= 8
    assert hash(part) == hash(again)
    assert parts_of(room).entry(name).summary.endswith((".", ":"))
    assert name_of(part) == f"{room}/{name}"


def check_saved(part: Any) -> None:
    """It comes back from JSON, and a field that it does not have is refused."""
    assert from_json(to_json(part)) == part
    with pytest.raises(PartError, match="no field 'colour'"):
        from_json({**to_json(part), "colour": 1})


def check_without_torch(script: str) -> None:
    """The script runs where torch is refused, and does not import it."""
    done = subprocess.run(
        [sys.executable, "-c", _REFUSING + script + _STILL_REFUSED],
        env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "built nothing", done.stderr
