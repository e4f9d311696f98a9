"""Every public function names the argument that is not what it takes."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import tokenry
import tokenry.sentencepiece as spm
from tokenry import surgery, tiktoken
from tokenry.arguments import _hints, checked, fits
from tokenry.errors import ArgumentError, CorpusError, FormatError, TokenryError, UnsupportedError
from tokenry.learning import KINDS
from tokenry.options import Positive
from tokenry.options import _hints as option_hints

TEXT = "low lower lowest newer newest wider " * 30
WRONG = (None, 3, -1, 1.5, True, "a text", b"ab", [None], [1], [b"x"], {"a": 1}, object())
# These are any names of error handlers, any words, any object to be found out about.
FREE = {"errors"}
# These take more than they say: bytes are ids below 256, no piece is an empty one, and text to try
# an export on may be bytes.
TAKEN = [("ids", b"ab"), ("batch", [b"x"]), ("pretokens", [None]), ("pieces", [None]),
         ("sample", [b"x"]), ("tokens", b"ab"), ("token", True), ("disallowed_special", "a text"),
         ("valid_vocab", [None]), ("valid_vocab", [1]), ("valid_vocab", [b"x"])]  # fmt: skip
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
    yield "measure", partial(tokenry.measure, tokenizer), given
    yield "show", tokenry.show, given
    yield "run_study", tokenry.run_study, given


def faces() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Public functions of the faces for users of other libraries, with arguments."""
    encoding = tiktoken.Encoding(
        "mine",
        pat_str=r"\w+|\W",
        mergeable_ranks={bytes([byte]): byte for byte in range(256)},
        special_tokens={"<|endoftext|>": 256},
    )
    # tiktoken itself asserts that a token is an int.
    for name in set(public(tiktoken.Encoding)) - {"is_special_token"}:
        many = {"text": ["low"], "batch": [[97]]} if name.endswith("batch") else {"text": "low"}
        more = {"tokens": [97], "text_or_tokens": [97], "text_or_bytes": "low", "token": 97}
        yield f"Encoding.{name}", getattr(encoding, name), {**more, **many}
    named = {"encoding_name": "none", "model_name": "gpt-4"}
    for function in (tiktoken.encoding_name_for_model, tiktoken.get_encoding):
        yield function.__name__, function, named
    model = sentencepiece_model()
    given = {
        "input": "low", "alpha": 0.5, "threshold": 1, "extra_option": "bos", "piece": "a", "id": 1,
        "valid_vocab": ["a"], "filename": "none", "model_file": "none", "serialized": model,
    }  # fmt: skip
    processor = spm.SentencePieceProcessor(model_proto=model)
    for name in public(spm.SentencePieceProcessor):
        yield f"SentencePieceProcessor.{name}", getattr(processor, name), given


def public(kind: type) -> list[str]:
    """Methods in lower case; those in capitals are the same ones."""
    return [
        name
        for name, each in inspect.getmembers(kind, inspect.isfunction)
        if name[0].islower() and each.__qualname__ != "over_lists.<locals>.run"
    ]


def sentencepiece_model() -> bytes:
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=[TEXT], model_writer=model, vocab_size=20, hard_vocab_limit=False,
        normalization_rule_name="identity",
    )  # fmt: skip
    return model.getvalue()


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
    late = [each for function in functions(tmp_path) for each in unnamed(*function)]
    assert not late, "\n".join(late[:40])


def test_every_wrong_argument_of_the_faces_is_named() -> None:
    late = [each for function in faces() for each in unnamed(*function)]
    assert not late, "\n".join(late[:40])


ROOMS = (
    "tokenry.card:measure_card", "tokenry.decoding.completing:complete",
    "tokenry.decoding.constrained:json_schema", "tokenry.decoding.constrained:lark_grammar",
    "tokenry.decoding.generation.registry:method", "tokenry.domains:domain_named",
    "tokenry.domains:learn", "tokenry.domains:load", "tokenry.models:causal_model",
    "tokenry.shards:verify", "tokenry.shards:write_shards", "tokenry.surgery:prune",
    "tokenry.surgery:reorder", "tokenry.transfer:align", "tokenry.transfer:match",
    "tokenry.transfer:transplant",
)  # fmt: skip


@pytest.mark.parametrize("target", ROOMS)
def test_every_wrong_argument_of_the_rooms_is_named(target: str) -> None:
    module, _, name = target.partition(":")
    pytest.importorskip("torch") if module == "tokenry.transfer" else None
    function = getattr(import_module(module), name)
    for parameter, hint in _hints(inspect.unwrap(function)).items():
        for value in WRONG:
            if not fits(value, hint, deep=False):
                with pytest.raises(ArgumentError, match=parameter):
                    function(**{parameter: value})


@pytest.mark.parametrize("value", [None, 3, True, {"a": "text"}, object(), "", b"ab", [1], [None]])
def test_a_corpus_that_is_none_is_named(value: Any) -> None:
    with pytest.raises((ArgumentError, CorpusError), match="corpus"):
        tokenry.learn(value, vocab_size=260)


@pytest.mark.parametrize("value", [3, True, object(), "", b"ab", [1], [None], {"a": 3}])
def test_data_to_measure_on_that_are_none_are_named(value: Any) -> None:
    tokenizer = tokenry.learn([TEXT], vocab_size=262)
    with pytest.raises((ArgumentError, CorpusError), match=r"\bon\b|document"):
        tokenry.measure(tokenizer, on=value)


@pytest.mark.parametrize("value", [None, 3, -1, 1.5, True, [None], {"a": 1}, object(), ""])
def test_what_is_loaded_from_nothing_is_named(value: Any) -> None:
    with pytest.raises((ArgumentError, UnsupportedError, FormatError), match=r"path|tokenizer"):
        tokenry.load(value)


def unnamed(where: str, function: Callable[..., Any], given: dict[str, Any]) -> Iterator[str]:
    """The calls with one wrong argument that give something, or an error without its name."""
    parameters = inspect.signature(function).parameters
    needed = {n: given[n] for n, p in parameters.items() if n in given and p.default is p.empty}
    plain = getattr(function, "func", getattr(function, "__func__", function))
    hints = _hints(inspect.unwrap(plain))
    for name in parameters.keys() & hints.keys() - FREE:
        for value in WRONG:
            if fits(value, hints[name], deep=True) or (name, value) in TAKEN:
                continue
            try:
                found = function(**{**needed, name: value})
            except Exception as error:
                expected = isinstance(error, TokenryError | TypeError | ValueError | RuntimeError)
                if not expected or name not in str(error):
                    yield f"{where}({name}={value!r}): {type(error).__name__}: {error}"
            else:
                yield f"{where}({name}={value!r}) gives {type(found).__name__}"
