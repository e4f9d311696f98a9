"""The small tokenizers of small_models.py, each made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import tokenizers
from small_models import HUGGING_FACE, train_sentencepiece


@pytest.fixture(scope="session")
def training_text(prose_text: str, multilingual_text: str) -> str:
    """English and a little of many languages."""
    return prose_text[:150_000] + "\n" + multilingual_text[:60_000]


@pytest.fixture(scope="session")
def hugging_face_model(
    training_text: str,
) -> Callable[[str], tokenizers.Tokenizer]:
    """Makes the named tokenizer of HUGGING_FACE once."""
    made: dict[str, tokenizers.Tokenizer] = {}

    def make(name: str) -> tokenizers.Tokenizer:
        if name not in made:
            made[name] = HUGGING_FACE[name](training_text)
        return made[name]

    return make


@pytest.fixture(scope="session")
def sentencepiece_model(
    training_text: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Makes the named model of SENTENCEPIECE once and gives its file."""
    folder = tmp_path_factory.mktemp("sentencepiece")

    def make(name: str) -> Path:
        path = folder / f"{name}.model"
        if not path.exists():
            train_sentencepiece(name, training_text.splitlines(), folder)
        return path

    return make


@pytest.fixture(scope="session")
def samples(real_texts: dict[str, str]) -> list[str]:
    """Real documents of about 2,000 characters, and the edges: empty, a space, a line end."""
    pieces = ["", " ", "\n", "a", " a", "a ", "\r\n", "\u3000", "\x00"]
    for text in real_texts.values():
        pieces += [text[begin : begin + 2000] for begin in range(0, 60_000, 2000)]
    return pieces
