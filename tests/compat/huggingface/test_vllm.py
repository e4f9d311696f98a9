"""The plugin against vLLM's interface as its source has it, which needs a GPU build to install."""

from __future__ import annotations

import copy
import importlib
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from small_tokenizers import learned
from tokenry.compat.huggingface import vllm
from tokenry.compat.huggingface.accelerate import unpatch_transformers
from tokenry.compat.huggingface.shadow import Shadow

transformers = pytest.importorskip("transformers")
PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


class Registry:
    """Modes, each a module and a class in it, found when a tokenizer is loaded."""

    def __init__(self) -> None:
        self.tokenizers = {"hf": (__name__, "Usual")}

    def register(self, tokenizer_mode: str, module: str, class_name: str) -> None:
        assert tokenizer_mode not in self.tokenizers, (
            "vLLM warns of a mode that is registered twice"
        )
        self.tokenizers[tokenizer_mode] = (module, class_name)

    def load_tokenizer_cls(self, tokenizer_mode: str) -> Any:
        module, name = self.tokenizers[tokenizer_mode]
        return Usual if name == "Usual" else getattr(importlib.import_module(module), name)

    def load_tokenizer(self, tokenizer_mode: str, *args: Any, **kwargs: Any) -> Any:
        return self.load_tokenizer_cls(tokenizer_mode).from_pretrained(*args, **kwargs)


class Usual:
    """vLLM's usual mode: a shallow copy of a tokenizer, of a class that answers from memory."""

    @classmethod
    def from_pretrained(
        cls, path_or_repo_id: str, *args: Any, trust_remote_code: bool = False, **kwargs: Any
    ) -> Any:
        loaded = transformers.PreTrainedTokenizerFast(tokenizer_object=learned())
        cached = copy.copy(loaded)
        vocabulary = loaded.get_vocab()
        kind = type("Cached", (type(loaded),), {"get_vocab": lambda self: vocabulary})
        cached.__class__ = kind
        return cached


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    package, inner = ModuleType("vllm"), ModuleType("vllm.tokenizers")
    inner.TokenizerRegistry = Registry()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vllm", package)
    monkeypatch.setitem(sys.modules, "vllm.tokenizers", inner)
    return inner.TokenizerRegistry  # type: ignore[attr-defined, no-any-return]


def is_accelerated(tokenizer: Any) -> bool:
    encode = tokenizer.backend_tokenizer.encode_batch
    return isinstance(getattr(encode, "__self__", None), Shadow)


def test_the_mode_loads_what_the_usual_one_loads_and_encodes_the_same(registry: Registry) -> None:
    vllm.register()
    vllm.register()
    assert registry.tokenizers["tokenry"] == (vllm.__name__, "TokenryTokenizer")
    usual = registry.load_tokenizer("hf", "a model", trust_remote_code=True)
    ours = registry.load_tokenizer("tokenry", "a model", trust_remote_code=True)
    assert is_accelerated(ours)
    assert not is_accelerated(usual)
    assert ours.is_fast
    assert ours.get_vocab() == usual.get_vocab()
    text = "The engine asks for ids with and without specials, one prompt after another. " * 5
    for options in ({}, {"add_special_tokens": False}, {"truncation": True, "max_length": 9}):
        assert ours.encode(text, **options) == usual.encode(text, **options)
    assert ours.decode(ours.encode(text)) == usual.decode(usual.encode(text))


def test_all_modes_are_accelerated_where_asked_for(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENRY_VLLM", "all")
    try:
        vllm.register()
        assert is_accelerated(registry.load_tokenizer("hf", "a model"))
    finally:
        unpatch_transformers()


def test_without_vllm_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vllm", None)
    vllm.register()


def test_the_entry_point_names_the_function() -> None:
    points = tomllib.loads(PYPROJECT.read_text())["project"]["entry-points"]
    point = EntryPoint("tokenry", points["vllm.general_plugins"]["tokenry"], "vllm.general_plugins")
    assert point.load() is vllm.register
