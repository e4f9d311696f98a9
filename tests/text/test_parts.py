"""What a part can do is a member with a default: nothing asks by a string whether it is there."""

from __future__ import annotations

import ast
import pickle
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from tokenry import _native
from tokenry.spans import Alignment
from tokenry.text.parts import Decoder, Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pretokenizers.steps import PretokenizerStep
from tokenry.text.saved_parts import saved_types

ROOMS = Path(__file__).parents[2] / "src" / "tokenry"
# Objects of other libraries can only be told apart by what they have.
FOREIGN = ("in_memory.py",)
FILES = sorted(
    path
    for room in ("text", "formats")
    for path in (ROOMS / room).rglob("*.py")
    if path.name not in FOREIGN
)


@dataclass(frozen=True)
class Upper(Normalizer):
    """A normalizer that says nothing but what it must."""

    def __call__(self, text: str) -> str:
        return text.upper()

    def align(self, text: str) -> tuple[str, Alignment]:
        return self(text), Alignment.identity(len(text))

    @cached_property
    def made(self) -> list[int]:
        return [0] * 1_000_000


@dataclass(frozen=True)
class Whole(Pretokenizer):
    """A pretokenizer that says nothing but what it must."""

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        ends = np.array([len(data)] if data else [], np.uint64)
        return Pretokens(data, ends * 0, ends)


def test_a_part_of_which_nothing_is_known_promises_nothing() -> None:
    assert Upper().native() is None
    assert Upper().word_normalization() is None
    assert Upper().word_rules() is None
    assert not Upper().leaves_parts
    assert not Upper().stays_in_words
    assert Upper().bert_options() is None
    assert not Upper().lossless
    assert Whole().native is None
    assert Whole().native_splitter() is None
    assert Whole().lossless


def test_a_part_that_lacks_what_it_must_have_is_no_part() -> None:
    class Half(Segmenter):
        def segment(self, pretoken: bytes) -> list[int]:
            return []

    with pytest.raises(TypeError, match="native"):
        Half()  # type: ignore[abstract]


def test_what_the_core_knows_by_name_it_runs() -> None:
    class Named(Whole):
        @property
        def native(self) -> str:
            return "gpt2"

    splitter = Named().native_splitter()
    assert splitter is not None
    assert (
        splitter.split(b"two words").tolist()
        == _native.Splitter("gpt2").split(b"two words").tolist()
    )


def test_pickles_hold_fields_alone() -> None:
    part = Upper()
    assert len(part.made) == 1_000_000
    assert len(pickle.dumps(part)) < 1000
    assert pickle.loads(pickle.dumps(part)) == part


def test_saved_parts_are_of_one_kind() -> None:
    kinds = (Normalizer, Pretokenizer, Segmenter, Decoder, PretokenizerStep)
    for name, type_ in saved_types().items():
        bases = [kind for kind in kinds if kind in type_.__mro__]
        assert len(bases) <= 1, name
        if hasattr(type_, "segment"):
            assert bases == [Segmenter], name
        if hasattr(type_, "align"):
            assert bases == [Normalizer], name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_nothing_is_asked_for_by_a_string(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "hasattr"
            if node.func.id == "getattr":
                assert not isinstance(node.args[1], ast.Constant), f"line {node.lineno}"
