"""Which calls go to the first function, and what is passed on."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from tokenry import _native


def own(*args: Any, **kwargs: Any) -> Any:
    return "own", args, kwargs


def ours(*args: Any, **kwargs: Any) -> Any:
    """Ours."""
    return "ours", args, kwargs


def call(listed: bool = False, alone: bool = False) -> Any:
    return _native.short_first(own, ours, 5, listed, alone)


@pytest.mark.parametrize("kwargs", [{}, {"add_special_tokens": False, "is_pretokenized": False}])
def test_one_short_text_goes_to_the_first(kwargs: dict[str, Any]) -> None:
    assert call()("text", **kwargs) == ("own", ("text",), kwargs)
    assert call(listed=True)(["text"], **kwargs) == ("own", (["text"],), kwargs)
    assert call(listed=True, alone=True)(["text"], **kwargs) == [("own", ("text",), kwargs)]


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        (("longer",), {}), (("text", "pair"), {}), (("text", None), {}), ((), {}), ((3,), {}),
        (("text",), {"pair": "x"}), (("text",), {"is_pretokenized": True}),
        (("text",), {"is_pretokenized": 0}), ((["text"],), {}), ((None,), {}), ((b"ab",), {}),
    ],
)  # fmt: skip
def test_all_else_goes_to_the_second(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    assert call()(*args, **kwargs) == ("ours", args, kwargs)


@pytest.mark.parametrize("given", ["text", ["text", "text"], [], ["longer"], ("text",), [3]])
def test_lists_of_another_kind_go_to_the_second(given: Any) -> None:
    for alone in (False, True):
        assert call(listed=True, alone=alone)(given) == ("ours", (given,), {})


def test_errors_and_attributes_pass() -> None:
    def raising(text: str) -> None:
        raise KeyError(text)

    for listed, given in ((False, "text"), (True, ["text"])):
        with pytest.raises(KeyError, match="text"):
            _native.short_first(raising, ours, 5, listed, listed)(given)
    assert call().__doc__ == "Ours."
    with pytest.raises(AttributeError):
        _ = call().absent


def test_a_circle_through_it_is_collected() -> None:
    class Holder:
        def __init__(self) -> None:
            self.call = _native.short_first(own, self.ours, 5, False, False)

        def ours(self) -> None:
            pass

    gone = weakref.ref(Holder())
    gc.collect()
    assert gone() is None
