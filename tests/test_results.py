"""Result files: plain JSON that states format and version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tokenry.errors import FormatError, StudyError
from tokenry.results import read_result, write_result


@dataclass(frozen=True)
class Figure:
    value: float
    where: tuple[Path, ...]


def test_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = write_result(
        tmp_path / "r.json", {"best": Figure(float("nan"), (Path("a"),))}, format="x", version=2
    )
    assert read_result(path, format="x", version=2) == {
        "format": "x",
        "version": 2,
        "best": {"value": None, "where": ["a"]},
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "not of the format 'x'"),
        (json.dumps({"format": "y", "version": 2}), "not of the format 'x'"),
        (json.dumps({"format": "x", "version": 1}), "version 1 of x, expected 2; delete it"),
    ],
)
def test_other_files_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content)
    with pytest.raises(FormatError, match=message):
        read_result(path, format="x", version=2, remedy="delete it")
    with pytest.raises(StudyError, match=message):
        read_result(path, format="x", version=2, remedy="delete it", error=StudyError)
