"""Options in frozen dataclasses: checked by their annotations, written as JSON and read back.

A class calls `check` in ``__post_init__``, and its annotations are all that has to be said:

    @dataclass(frozen=True, kw_only=True)
    class Example:
        size: Annotated[int, Bounds(1)] = 32_000
        share: Share | None = None

A bool is no number and a text no sequence of texts, but a whole number may stand for a float.
Lists and sets become tuples, so that options do not change later and equal ones have one JSON.
"""

from __future__ import annotations

import functools
import json
import math
import os
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from numbers import Integral, Real
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from tokenry.errors import TokenryError
from tokenry.json_data import plain, typed

T = TypeVar("T")
IDLE: Final = types.MappingProxyType({"idle": True})
"""Metadata of a field that changes no result, such as a number of threads: it is not written."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which numbers an option may be; NaN and infinities are never among them.

    Attributes:
        least, most: with these ends.
        above, below: without these ends.
    """

    least: float = -math.inf
    most: float = math.inf
    above: float = -math.inf
    below: float = math.inf

    def hold(self, number: float) -> bool:
        """Whether ``number`` lies within."""
        return self.least <= number <= self.most and self.above < number < self.below

    def __str__(self) -> str:
        if math.isfinite(self.least) and math.isfinite(self.most):
            return f"from {self.least} to {self.most}"
        words = {
            f"of {self.least} or more": self.least,
            f"above {self.above}": self.above,
            f"at most {self.most}": self.most,
            f"below {self.below}": self.below,
        }
        return " and ".join(word for word, end in words.items() if math.isfinite(end))


Natural = Annotated[int, Bounds(0)]
Positive = Annotated[int, Bounds(1)]
Share = Annotated[float, Bounds(0, 1)]


class _UnfitError(Exception):
    """A value is not what an annotation says."""


def check(options: Any, error: type[TokenryError]) -> None:
    """Hold the fields of a dataclass to their annotations.

    Raises:
        TokenryError: of the class ``error``; it names the option, what was given and what is
            expected.
    """
    for name, hint in _hints(type(options)).items():  # type: ignore[arg-type]
        given = getattr(options, name)
        try:
            fitted = _fitted(given, hint, strict=False)
        except _UnfitError:
            shown = repr(given)
            shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
            expected = described(hint)
            advice = f"; put it into a list, [{shown}]" if _is_lone(given, expected) else ""
            raise error(f"{name} {shown}; expected {expected}{advice}") from None
        if fitted is not given:
            object.__setattr__(options, name, fitted)


def to_json(options: Any) -> str:
    """The options that decide a result as one line of JSON, sorted by name.

    Left out are fields that are `IDLE` and those without a ``repr``, which hold data or functions.
    """
    shown = (each for each in fields(options) if each.init and each.repr)
    found = {
        each.name: getattr(options, each.name) for each in shown if not each.metadata.get("idle")
    }
    return json.dumps(
        plain(found), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )


def from_json(kind: type[T], text: str) -> T:
    """The options that `to_json` wrote; what it left out has its default.

    Raises:
        FormatError: it is not what `to_json` writes for ``kind``.
    """
    return typed(kind, json.loads(text))


def _is_lone(given: Any, expected: str) -> bool:
    """Whether one text stands where many belong."""
    return isinstance(given, str | os.PathLike) and expected.startswith(("a tuple of", "a list of"))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {each.name: hints[each.name] for each in fields(kind) if each.init}


def _fitted(value: Any, hint: Any, *, strict: bool) -> Any:
    """``value`` as ``hint`` has it; `strict` turns no type into another."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        fitted = _fitted(value, args[0], strict=strict)
        return _if(all(each.hold(fitted) for each in args[1:]), fitted)
    if origin in (Union, types.UnionType):
        return _fitted_to_one(value, args, strict)
    if origin is Literal:
        return _if(any(value == each and type(value) is type(each) for each in args), value)
    if origin is tuple:
        return _fitted_tuple(value, args, strict)
    if origin in (Sequence, Collection, Mapping):
        return _fitted_items(value, origin, args, strict)
    if hint is Path and not strict and isinstance(value, str):
        return Path(value)
    if hint is int:
        return int(_if(_is_number(value, Integral), value))
    if hint is float:
        kind = float if strict else Real
        return float(_if(_is_number(value, kind), value))
    return _if(hint is Any or isinstance(value, origin or hint), value)


def _if(holds: bool, value: Any) -> Any:
    if not holds:
        raise _UnfitError
    return value


def _is_number(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _fitted_to_one(value: Any, hints: tuple[Any, ...], strict: bool) -> Any:
    """As the first alternative that it is without a change, or else with one."""
    for exact in (True,) if strict else (True, False):
        for hint in hints:
            try:
                return _fitted(value, hint, strict=exact)
            except _UnfitError:
                continue
    raise _UnfitError


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def _fitted_tuple(value: Any, hints: tuple[Any, ...], strict: bool) -> tuple[Any, ...]:
    _if(isinstance(value, tuple) if strict else _is_sequence(value), value)
    if hints[-1] is Ellipsis:
        hints = hints[:1] * len(value)
    _if(len(value) == len(hints), value)
    return tuple(
        _fitted(each, hint, strict=strict) for each, hint in zip(value, hints, strict=True)
    )


def _fitted_items(value: Any, kind: type, hints: tuple[Any, ...], strict: bool) -> Any:
    """A collection as a tuple, a set in order; a mapping as a dict."""
    _if(isinstance(value, kind) and not isinstance(value, str | bytes | bytearray), value)
    if kind is Mapping:
        key, each = hints
        return {
            _fitted(name, key, strict=strict): _fitted(found, each, strict=strict)
            for name, found in value.items()
        }
    items = [_fitted(each, hints[0], strict=strict) for each in value]
    return tuple(sorted(items) if isinstance(value, AbstractSet) else items)


_NOUNS: Final[Mapping[Any, tuple[str, str]]] = {
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("a text", "texts"),
    bytes: ("bytes", "bytes"),
    bool: ("True or False", "True or False"),
    type(None): ("None", "None"),
    None: ("None", "None"),
    os.PathLike: ("a path", "paths"),
    Callable: ("a function", "functions"),
}


def described(hint: Any, many: bool = False) -> str:
    """What an annotation asks for, in words; ``many`` in the plural."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return " ".join([described(args[0], many), *map(str, args[1:])])
    if origin in (Union, types.UnionType):
        return _either([described(each, many) for each in args])
    if origin is Literal:
        return _either([repr(each) for each in args])
    if origin is tuple and args[-1] is not Ellipsis:
        parts = ", ".join(described(each) for each in args)
        return f"tuples of ({parts})" if many else f"a tuple of ({parts})"
    if origin in (tuple, *_MANY):
        noun = ("a tuple", "tuples") if origin is tuple else _MANY[origin]
        return f"{noun[many]} of {described(args[0], True)}"
    if origin is Mapping:
        noun = ("a mapping", "mappings")
        return f"{noun[many]} of {' to '.join(described(each, True) for each in args)}"
    name = str(getattr(origin or hint, "__name__", hint))
    return _NOUNS.get(origin or hint, (name, name))[many]


_MANY: Final[Mapping[Any, tuple[str, str]]] = {
    list: ("a list", "lists"),
    Sequence: ("a list", "lists"),
    Collection: ("a list", "lists"),
    Iterable: ("an iterable", "iterables"),
    AbstractSet: ("a set", "sets"),
}


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
