"""Walking untrusted JSON: every value is asked for by type, and errors name the place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats import json_numbers

JsonObject = dict[str, Any]
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


def parse(data: bytes, what: str) -> Node:
    """Parse JSON strictly: UTF-8, no key twice, no NaN; numbers as tokenizers reads them.

    Raises:
        FormatError: it is not JSON; the message says where.
    """
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=json_numbers.read,
            parse_constant=_constant,
        )
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair has no UTF-8
    except FormatError as error:
        raise FormatError(f"{what}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what} is not JSON that can be read: {error}") from None
    return Node(value, what)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise FormatError(f"the key {twice!r} comes twice in one object")
    return content


def _constant(name: str) -> NoReturn:
    raise FormatError(f"{name} is not a number of JSON")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands, for errors."""

    value: object
    path: str

    def fail(self, expected: str) -> NoReturn:
        """Say what was expected here.

        Raises:
            FormatError: always.
        """
        shown = repr(self.value)
        raise FormatError(f"{self.path}: expected {expected}, found {shown[:80]}")

    def unsupported(self, why: str) -> NoReturn:
        """Say what is asked for here that tokenry does not do.

        Raises:
            UnsupportedError: always.
        """
        raise UnsupportedError(f"{self.path}: {why}")

    def get(self, key: str) -> Node | None:
        """The value of a key, None where it is missing or null."""
        value = self.object().get(key)
        return None if value is None else Node(value, f"{self.path}.{key}")

    def need(self, key: str) -> Node:
        """The value of a key that must be there and not null."""
        return self.get(key) or self.fail(f"an object with {key!r}")

    def object(self) -> dict[str, object]:
        """This as an object."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        return self.value

    def items(self) -> Iterator[Node]:
        """The values of a list."""
        if not isinstance(self.value, list):
            self.fail("a list")
        for place, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{place}]")

    def text(self) -> str:
        """This as a string of Unicode characters (no lone surrogate)."""
        if not isinstance(self.value, str):
            self.fail("a string")
        if not _is_text(self.value):
            self.fail("a string without lone surrogates")
        return self.value

    def character(self) -> str:
        """This as a string of one character."""
        text = self.text()
        return text if len(text) == 1 else self.fail("a string of one character")

    def flag(self) -> bool:
        """This as a truth value."""
        return self.value if isinstance(self.value, bool) else self.fail("true or false")

    def integer(self, most: int) -> int:
        """This as an integer from 0 to ``most``."""
        value = self.value
        if type(value) is not int or not 0 <= value <= most:
            self.fail(f"an integer from 0 to {most}")
        return value

    def number(self) -> float:
        """This as a finite number."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail("a number")
        number = value if isinstance(value, float) else json_numbers.read(str(value))
        return number if math.isfinite(number) else self.fail("a number that a double can hold")

    def get_text(self, key: str) -> str | None:
        """A string, or None where it is missing or null."""
        node = self.get(key)
        return None if node is None else node.text()

    def get_flag(self, key: str, default: bool) -> bool:
        """A truth value, or ``default`` where it is missing or null."""
        node = self.get(key)
        return default if node is None else node.flag()


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
