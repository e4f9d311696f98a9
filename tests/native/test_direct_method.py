"""Which calls of a method go past it, and what it answers itself."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import weakref
from typing import Any

import pytest

import tokenry
from tests.small_tokenizers import learned_ranks, rank_file
from tokenry import _native


class Encoder:
    """Says which of its functions was asked."""

    def usual(self, text: object) -> object:
        return "usual", text

    def with_all(self, text: object) -> object:
        return "all", text


class Owner:
    """Has a method that the encoder may answer for."""

    def __init__(self, encoder: object) -> None:
        self._encoder = encoder

    def _method(self, text: object, **options: object) -> object:
        """What a text becomes."""
        return "method", text, options

    method = _native.direct_method(_method, "usual", "with_all")


def test_a_text_alone_and_all_specials_go_past_the_method() -> None:
    owner: Any = Owner(Encoder())
    assert owner.method("text") == ("usual", "text")
    assert owner.method("text", allowed_special="al" + "l") == ("all", "text")
    assert Owner.method(owner, "text") == ("usual", "text")


@pytest.mark.parametrize(
    "options",
    [{"allowed_special": frozenset({"all"})}, {"allowed_special": "every"}, {"threads": "all"},
     {"allowed_special": "all", "threads": 1}],
)  # fmt: skip
def test_all_else_goes_to_the_method(options: dict[str, Any]) -> None:
    assert Owner(Encoder()).method("text", **options) == ("method", "text", options)


@pytest.mark.parametrize("encoder", [None, Encoder])
def test_what_fails_goes_to_the_method(encoder: object) -> None:
    assert Owner(encoder).method("text") == ("method", "text", {})


def test_what_interrupts_does_not() -> None:
    class Interrupted(Encoder):
        def usual(self, text: object) -> object:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Owner(Interrupted()).method("text")


def test_too_few_and_too_many_arguments_are_the_methods_error() -> None:
    for given in ((), ("text", "text")):
        with pytest.raises(TypeError, match="_method"):
            Owner(Encoder()).method(*given)  # type: ignore[arg-type]


def test_it_looks_like_the_method() -> None:
    method: Any = Owner.method
    assert method.__doc__ == "What a text becomes."
    assert inspect.unwrap(method) is method.__wrapped__
    assert str(inspect.signature(tokenry.Tokenizer.encode)).startswith("(self, text: ")
    assert tokenry.Tokenizer.encode.__name__ == "encode"


def test_it_keeps_nothing_alive() -> None:
    def method(self: object, text: object) -> object:
        return text

    made, kept = _native.direct_method(method, "usual", "with_all"), weakref.ref(method)
    method.made = made  # type: ignore[attr-defined]
    del method, made
    gc.collect()
    assert kept() is None


def test_copies_and_subclasses_encode_alike() -> None:
    class Own(tokenry.Tokenizer):
        """Nothing of its own."""

    tokenizer = tokenry.load(rank_file(learned_ranks(400)), pattern="gpt2")
    ids = tokenizer.encode("low lower")
    for other in (
        copy.deepcopy(tokenizer),
        pickle.loads(pickle.dumps(tokenizer)),
        Own.of(tokenizer.pipeline),
    ):
        assert other.encode("low lower") == ids
        assert other.encode_to_numpy("low lower").tolist() == ids
