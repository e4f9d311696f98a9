"""Records on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.harness.record import read_record
from tokenry.errors import FormatError


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "tokenry-experiment", "version": 9}'])
def test_refuses_what_is_no_record(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(FormatError, match=r"x\.json"):
        read_record(path)
