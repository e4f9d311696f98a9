"""The cost of code is its own, not that of who starts it."""

from __future__ import annotations

import subprocess

import pytest

from experiments.harness.own_process import cost_of


def test_memory_of_the_parent_does_not_count() -> None:
    held = bytearray(b"1") * 300_000_000
    small = cost_of("kept = bytearray(b'1') * 60_000_000")
    assert 60_000 < small.kilobytes < 150_000
    assert 0 < small.cpu_seconds < 30
    assert len(held) == 300_000_000


def test_code_that_fails_is_no_cost() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        cost_of("import sys; sys.exit(int(sys.argv[1]))", "3")
