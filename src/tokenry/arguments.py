"""Arguments of public functions, held to their annotations: an error names the argument.

A function that is `checked` looks at its arguments before it starts, not into long ones; where it
fails, it looks into these, too. One that must be quick calls `explain` where it fails:

    @checked
    def truncate(self, size: Positive) -> Tokenizer: ...

One with checks of its own is `explained`: it is looked at only where it fails without a name.

A bool is no number, a text no list of texts, and a whole number may stand for a float.
"""

from __future__ import annotations

import functools
import inspect
import os
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from numbers import Integral, Real
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NoReturn,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from tokenry.errors import ArgumentError
from tokenry.options import described

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)
TEXTS: Final = (str, bytes, bytearray)
BY_PLACE: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
FAILURES: Final = (TypeError, AttributeError, ValueError, IndexError, KeyError, OverflowError)
"""What Python raises where an argument is not what the code takes it for."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The same function that raises ArgumentError for arguments unlike their annotations."""
    careful, plain = explained(function), inspect.unwrap(function)

    @functools.cache
    def names() -> tuple[str, ...]:  # when it is first called, for loading calls few
        parameters = inspect.signature(function).parameters
        return tuple(name for name, each in parameters.items() if each.kind in BY_PLACE)

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        hints = _hints(plain)  # not `Signature.bind`, which takes longer than many a call
        for name, value in (*zip(names(), args, strict=False), *kwargs.items()):
            if name in hints and not fits(value, hints[name], deep=False):
                _raise(name, value, hints[name])
        return careful(*args, **kwargs)

    return call


def explained(function: Callable[P, R]) -> Callable[P, R]:
    """`checked` only where the function fails, and does not name the argument itself."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except FAILURES as error:
            explain(function, _bound(inspect.signature(function), args, kwargs), error)
            raise

    return call


def explaining(cls: C) -> C:
    """The same class with all its public methods `explained`; those that are `checked` stay so."""
    public = {name: value for name, value in vars(cls).items() if not name.startswith("_")}
    made: dict[Any, Any] = {}  # a method of two names is one
    for name, value in public.items():
        if inspect.isfunction(value) and not hasattr(value, "__wrapped__"):
            setattr(cls, name, made.setdefault(value, explained(value)))
    return cls


def _bound(signature: inspect.Signature, args: Any, kwargs: Any) -> Mapping[str, Any]:
    """Arguments by name, without those behind * and **."""
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError:  # there are others than the function has
        return {}
    kinds = {name: each.kind for name, each in signature.parameters.items()}
    many = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {name: value for name, value in given.items() if kinds[name] not in many}


def explain(function: Callable[..., Any], given: Mapping[str, Any], error: Exception) -> None:
    """Raise ArgumentError where an argument is unlike its annotation and an error does not say so.

    Args:
        function: what was called.
        given: its arguments by name, and maybe more.
        error: how it failed.
    """
    for name, hint in _hints(inspect.unwrap(function)).items():
        if name in given and not fits(given[name], hint, deep=True) and name not in str(error):
            _raise(name, given[name], hint)


def is_set(flag: bool, name: str) -> bool:
    """A flag of a call that must be quick, held to be one."""
    if flag is True or flag is False:
        return flag
    raise ArgumentError(f"{name} {flag!r}; expected True or False")


def _raise(name: str, value: Any, hint: Any) -> NoReturn:
    shown = repr(value)
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    expected = described(hint)
    many = expected.startswith(("a list of", "an iterable of", "a set of"))
    advice = f"; put it into a list, [{shown}]" if many and isinstance(value, TEXTS) else ""
    raise ArgumentError(f"{name} {shown}; expected {expected}{advice}")


@functools.cache
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Annotations of parameters; those that only type checkers can read are left out."""
    names = getattr(function, "__globals__", {})
    found = {}
    for name, text in function.__annotations__.items():
        if name == "return":
            continue
        try:
            found[name] = eval(text, names) if isinstance(text, str) else text
        except NameError:
            continue
    return found


def fits(value: Any, hint: Any, *, deep: bool) -> bool:
    """Whether a value is what an annotation says; ``deep`` looks into collections, too."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return fits(value, args[0], deep=deep) and all(each.hold(value) for each in args[1:])
    if origin in (Union, types.UnionType):
        return any(fits(value, each, deep=deep) for each in args)
    if origin is Literal:
        return any(value is each or (type(value) is type(each) and value == each) for each in args)
    if origin is Mapping:
        return isinstance(value, Mapping) and (not deep or _items_fit(value, args))
    if origin in (Iterable, Collection, Sequence, AbstractSet, list, tuple):
        return _is_many(value, origin) and (not deep or _each_fits(value, args))
    return _is_one(value, origin or hint)


def _is_many(value: Any, kind: Any) -> bool:
    if isinstance(value, TEXTS) or not isinstance(value, Iterable):
        return False
    return kind is Iterable or hasattr(value, "__len__")


def _each_fits(value: Any, args: tuple[Any, ...]) -> bool:
    hints = [each for each in args if each is not Ellipsis]
    if len(hints) != 1 or not hasattr(value, "__len__"):  # what is read once must not be read here
        return True
    return all(fits(each, hints[0], deep=True) for each in value)


def _items_fit(value: Mapping[Any, Any], args: tuple[Any, ...]) -> bool:
    key, item = args
    return all(fits(k, key, deep=True) and fits(v, item, deep=True) for k, v in value.items())


def _is_one(value: Any, hint: Any) -> bool:
    if hint is None:
        return value is None
    if hint is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, Real) and not isinstance(value, bool)
    if hint is Callable:
        return callable(value)
    if getattr(hint, "_is_protocol", False):  # of what it has, only a call can be told in general
        return callable(value) or "__call__" not in vars(hint)
    if hint is os.PathLike or isinstance(hint, type):
        return hint in (object, Any) or isinstance(value, hint)
    return True
