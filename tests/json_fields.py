"""Which fields a JSON document has, and what is in them: to hold a file format to a record."""

from __future__ import annotations

from typing import Any

MEASUREMENT = {"name", "value", "unit", "estimator", "denominator", "interval", "tokenizer", "data"}


def fields_of(content: Any, at: str = "") -> list[str]:
    """Sorted lines of a path and a kind; items of a list are looked at together.

    An object with all fields of a measurement is one thing.
    """
    return sorted(set(_fields(content, at)))


def _fields(content: Any, at: str) -> list[str]:
    if isinstance(content, dict) and content.keys() == MEASUREMENT:
        return [f"{at} measurement"]
    if isinstance(content, dict) and content:
        parts = [_fields(each, f"{at}.{key}".lstrip(".")) for key, each in content.items()]
    elif isinstance(content, list) and content:
        parts = [_fields(each, f"{at}[]") for each in content]
    else:
        return [f"{at} {_kind(content)}"]
    return [line for part in parts for line in part]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    return {str: "text", dict: "empty object", list: "empty list"}.get(type(value), "null")
