"""Results as JSON files that say what they are: a format, a version, and the content."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from tokenry.errors import FormatError
from tokenry.files import write_text
from tokenry.json_data import Json, plain, typed


class Result:
    """A frozen dataclass that JSON has by its fields; see `tokenry.json_data`."""

    __slots__ = ()

    def to_json(self) -> Json:
        """A JSON object."""
        return cast(Json, plain(self))

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What `to_json` gave; errors as for `typed`."""
        return typed(cls, value)


class SavedResult(Result):
    """A result that is a JSON file of its own, with a format and a version."""

    format: ClassVar[str]
    version: ClassVar[int]

    @cached_property
    def content(self) -> Json:
        """The fields as plain data, with the format and its version before them."""
        return {"format": self.format, "version": self.version, **plain(self)}

    def to_json(self) -> Json:
        """The same as ``content``."""
        return self.content

    def dumps(self) -> str:
        """The same as JSON text."""
        return json.dumps(self.content, ensure_ascii=False, allow_nan=False)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it as a JSON file."""
        return write_result(path, plain(self), format=self.format, version=self.version)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises:
            FormatError: the file holds another format or version, or lacks a field.
        """
        return cls.from_json(read_result(path, format=cls.format, version=cls.version))


def write_result(
    path: str | os.PathLike[str],
    content: Mapping[str, Any],
    *,
    format: str,
    version: int,
    indent: int | None = 1,
) -> Path:
    """Write a result, whole or not at all; with ``indent`` None on one line, as large ones are."""
    whole = {"format": format, "version": version, **plain(content)}
    text = json.dumps(whole, indent=indent, ensure_ascii=False, allow_nan=False)
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
