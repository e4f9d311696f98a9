"""Every public function names the argument that is not what it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tokenry
from tokenry import surgery
from tokenry.arguments import _hints, checked, fits
from tokenry.errors import ArgumentError, TokenryError
from tokenry.learning import KINDS
from tokenry.options import Positive
from tokenry.options import _hints as option_hints

TEXT = "low lower lowest newer newest wider " * 30
WRONG = (None, 3, -1, 1.5, True, "a text", b"ab", [None], [1], [b"x"], {"a": 1}, object())
# What these take is a document of its own, or anything at all.
FREE = {"path", "corpus", "errors"}
# These take more than they say: bytes are ids below 256, no piece is an empty one, and text to try
# an export on may be bytes.
TAKEN = [("ids", b"ab"), ("batch", [b"x"]), ("pretokens", [None]), ("pieces", [None]),
         ("sample", [b"x"])]  # fmt: skip
GIVEN: dict[str, Any] = {
    "text": "low", "texts": ["low", "er"], "ids": [97, 98], "batch": [[97], [98]], "id_": 97,
    "pretokens": [b"low"], "tokens": ["<x>"], "token": 97, "size": 260, "text_or_bytes": "low",
    "names": ["<x>"], "count": 2, "pieces": ["lowest"], "prompt_ids": [97],
}  # fmt: skip


def test_what_fits() -> None:
    assert fits([1, 2], list[int], deep=True)
    assert not fits([1, "a"], list[int], deep=True)
    assert fits(iter("ab"), Iterator, deep=True)
    assert not fits(True, int, deep=True)
    assert fits(3, float, deep=True)
    assert not fits(0, Positive, deep=True)
    assert not fits("abc", list[str], deep=True)


def test_errors_say_what_was_given_and_expected() -> None:
    @checked
    def take(names: list[str], size: Positive = 1) -> None:
        "".join(names)

    with pytest.raises(ArgumentError, match=r"size 0; expected a whole number of 1 or more"):
        take(["a"], size=0)
    with pytest.raises(ArgumentError, match=r"names 'a'; expected a list of texts; put it into"):
        take("a")
    with pytest.raises(ArgumentError, match=r"names \['a', 1\]; expected a list of texts"):
        take(["a", 1])
    with pytest.raises(TypeError, match="take"):
        take()


def functions(folder: Path) -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Public functions with arguments that they take."""
    tokenizer = tokenry.learn([TEXT], vocab_size=262)
    given = {**GIVEN, "folder": folder / "saved", "path": folder / "file", "tokenizer": tokenizer}
    for name, function in inspect.getmembers(tokenizer, inspect.ismethod):
        if not name.startswith("_") and name != "of":
            yield f"Tokenizer.{name}", function, given | _names_of(name)
    for name in ("add_specials", "reserve", "rename", "pad", "truncate", "extend"):
        function = getattr(surgery, name)
        more = {"names": {"<x>": "<y>"}} if name == "rename" else {}
        yield f"surgery.{name}", function, given | more
    yield "load", tokenry.load, given


def _names_of(name: str) -> dict[str, Any]:
    return {"token_to_id": {"token": "low"}}.get(name, {})


def test_options_behind_stars_are_left_to_the_function() -> None:
    @checked
    def take(*sizes: int, **options: int) -> int:
        return len(sizes) + len(options)

    assert take(1, 2, a=3) == 3


@pytest.mark.parametrize("name", ["kind", "checkpoint"])
def test_what_learn_is_given_is_named(name: str) -> None:
    for value in (None, 3, True, [1], object()):
        given = {"corpus": [TEXT], "vocab_size": 262, name: value}
        if name == "checkpoint" and value is None:
            continue
        with pytest.raises((TokenryError, TypeError), match=name):
            tokenry.learn(**given)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_option_of_every_learner_is_named(kind: str) -> None:
    learner = KINDS.load(kind)
    for name, hint in option_hints(learner).items():
        for value in WRONG:
            if not fits(value, hint, deep=True):
                with pytest.raises(TokenryError, match=name):
                    learner(**{name: value})


def test_every_wrong_argument_is_named(tmp_path: Path) -> None:
    late = []
    for where, function, given in functions(tmp_path):
        parameters = inspect.signature(function).parameters
        needed = {n: given[n] for n, p in parameters.items() if p.default is p.empty}
        hints = _hints(inspect.unwrap(getattr(function, "__func__", function)))
        for name in parameters.keys() & hints.keys() - FREE:
            for value in WRONG:
                if fits(value, hints[name], deep=True) or (name, value) in TAKEN:
                    continue
                try:
                    found = function(**{**needed, name: value})
                except (TokenryError, TypeError, ValueError) as error:
                    if name in str(error):
                        continue
                    late.append(f"{where}({name}={value!r}): {type(error).__name__}: {error}")
                except Exception as error:
                    late.append(f"{where}({name}={value!r}): {type(error).__name__}: {error}")
                else:
                    late.append(f"{where}({name}={value!r}) gives {type(found).__name__}")
    assert not late, "\n".join(late[:40])
