"""Names that are imported when they are first used."""

from __future__ import annotations

import json
import subprocess
import sys
from types import ModuleType

import pytest

from tokenry.lazy import lazily

ROOMS = ("tokenry.card", "tokenry.measuring", "tokenry.study")


def test_a_name_is_imported_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("made_up")
    monkeypatch.setitem(sys.modules, "made_up", module)
    get = lazily("made_up", {"json.decoder": "JSONDecoder JSONDecodeError", "math": "pi"})
    module.__getattr__ = get  # type: ignore[method-assign]
    assert module.JSONDecoder is json.JSONDecoder
    assert "JSONDecoder" in vars(module)
    assert "pi" not in vars(module)
    with pytest.raises(AttributeError, match="'made_up' has no attribute 'tau'"):
        module.tau  # noqa: B018


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_the_names_that_they_list(room: str) -> None:
    module = __import__(room, fromlist=["x"])
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_rooms_cost_nothing_until_used() -> None:
    code = f"import json, sys, {', '.join(ROOMS)}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "regex", "matplotlib", "torch"}
    assert not heavy & set(json.loads(done.stdout))
