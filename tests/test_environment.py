"""What explains why the package behaves differently elsewhere."""

from __future__ import annotations

import os

import pytest

import tokenry
from tokenry.environment import environment


def test_names_versions_processor_and_core() -> None:
    facts = environment()
    assert facts["tokenry"] == tokenry.__version__
    assert facts["numpy"][0].isdigit()
    assert facts["cores"].endswith(f"of {os.cpu_count()}")
    assert facts["processor"]
    assert "missing" not in facts["native core"]
    assert all(isinstance(value, str) for value in facts.values())


def test_settings_and_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENRY_THREADS", "3")
    monkeypatch.setattr("tokenry.environment._PACKAGES", ("numpy", "no-such-package"))
    facts = environment()
    assert facts["threads"] == "3"
    assert facts["no-such-package"] == "not installed"
