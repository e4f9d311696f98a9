"""A real model through the protocol is itself, to 1e-4, with and without a cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tokenry
from benchmarks.models import TEXTS, differences
from tokenry.models import causal_model, check_rows

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
SHORT = ("The capital of France is Paris.", "Tokens", "x = y[1]")
pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def model(smollm2: Path) -> Any:
    torch.set_num_threads(1)
    return transformers.AutoModelForCausalLM.from_pretrained(smollm2)


@pytest.mark.parametrize("cache", [True, False])
def test_logits_are_those_of_transformers(smollm2: Path, model: Any, cache: bool) -> None:
    """In float32 read in the same way; in float64 read in any way."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(smollm2)
    found = differences(model.float(), tokenizer, cache, SHORT)
    assert max(found["one pass each"], found["an id at a time"]) < 1e-4, found
    found = differences(model.double(), tokenizer, cache, SHORT)
    assert max(found.values()) < 1e-5, found
    model.float()


def test_it_has_a_row_for_each_id_of_its_tokenizer(smollm2: Path, model: Any) -> None:
    """And our engine reads its tokenizer as transformers does."""
    tokenizer = tokenry.load(smollm2 / "tokenizer.json")
    rows = check_rows(causal_model(model), tokenizer)
    assert (rows.ids, rows.input_rows, rows.output_rows) == (49_152, 49_152, 49_152)
    own = transformers.AutoTokenizer.from_pretrained(smollm2)
    for text in TEXTS:
        assert tokenizer.encode(text) == own(text).input_ids
