"""Results as JSON files that say what they are: a format, a version, and the content."""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenry.errors import FormatError
from tokenry.files import write_text

Json = dict[str, Any]


class Result:
    """What a frozen dataclass is that JSON has by its fields."""

    __slots__ = ()

    def to_json(self) -> Json:
        """A JSON object; see `plain`."""
        found: Json = plain(self)
        return found


def plain(value: Any) -> Any:
    """``value`` as JSON has it: dataclasses as objects, null for NaN and infinities."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_result(
    path: str | os.PathLike[str], content: Mapping[str, Any], *, format: str, version: int
) -> Path:
    """Write a result, whole or not at all."""
    whole = {"format": format, "version": version, **plain(content)}
    text = json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False)
    return write_text(path, text + "\n")


def read_result(
    path: str | os.PathLike[str],
    *,
    format: str,
    version: int,
    remedy: str = "make it again",
    error: type[Exception] = FormatError,
) -> Json:
    """Read a result, ``format`` and ``version`` included.

    Raises:
        FormatError: the file is no JSON, or another format or version; or ``error``, if given.
    """
    try:
        content = json.loads(Path(path).read_bytes())
    except ValueError as reason:
        raise error(f"{path} is not JSON ({reason}); {remedy}") from None
    if not isinstance(content, dict) or content.get("format") != format:
        raise error(f"{path} is not of the format {format!r}; {remedy}")
    if content.get("version") != version:
        found = content.get("version")
        raise error(f"{path} has version {found!r} of {format}, expected {version}; {remedy}")
    return content
