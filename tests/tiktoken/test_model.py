"""Models and their encodings, as tiktoken has them."""

from __future__ import annotations

import pytest
import tiktoken.model

import tokenry.tiktoken as ours
from tokenry.tiktoken import model


def test_the_tables_are_equal() -> None:
    assert model.MODEL_TO_ENCODING == tiktoken.model.MODEL_TO_ENCODING
    assert model.MODEL_PREFIX_TO_ENCODING == tiktoken.model.MODEL_PREFIX_TO_ENCODING


@pytest.mark.parametrize("name", ["ft:gpt-4o-mini", "ft:gpt-4-x", "gpt-4-0314", "o3-pro", "gpt-4"])
def test_prefixes(name: str) -> None:
    assert ours.encoding_name_for_model(name) == tiktoken.encoding_name_for_model(name)


def test_an_unknown_model() -> None:
    with pytest.raises(KeyError, match="get_encoding"):
        ours.encoding_for_model("gpt-0")
