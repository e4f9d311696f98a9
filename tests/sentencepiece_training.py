"""SentencePiece models that tests train, by name."""

from __future__ import annotations

import io
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fuzz_text import fuzz_string

sentencepiece = pytest.importorskip("sentencepiece")

MODELS: dict[str, dict[str, Any]] = {
    "unigram": {},
    "unigram bytes": {"byte_fallback": True, "normalization_rule_name": "identity"},
    "unigram keeps spaces": {"remove_extra_whitespaces": False, "byte_fallback": True},
    "unigram without dummy": {"add_dummy_prefix": False, "normalization_rule_name": "nfkc_cf"},
    "unigram suffix": {"treat_whitespace_as_suffix": True},
    "unigram user-defined": {"pad_id": 3, "user_defined_symbols": ["\u2581 x", "<sep>", "ab"]},
    "bpe": {"model_type": "bpe"},
    "bpe bytes": {"model_type": "bpe", "byte_fallback": True, "remove_extra_whitespaces": False},
    "bpe user-defined": {"model_type": "bpe", "user_defined_symbols": ["<sep>", "ab"]},
    "bpe without bos": {"model_type": "bpe", "bos_id": -1},
    "char": {"model_type": "char", "vocab_size": 80},
}  # fmt: skip


@cache
def train(name: str) -> bytes:
    rng = random.Random(7)
    lines = [line for line in Path(random.__file__).read_text("utf-8").splitlines() if line.strip()]
    lines = [*lines[:500], *(fuzz_string(rng) for _ in range(200))]
    model = io.BytesIO()
    options = {"vocab_size": 600, "character_coverage": 0.98, **MODELS[name]}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([re.sub("[\n\0]", " ", line) for line in lines]),
        model_writer=model,
        hard_vocab_limit=False,
        minloglevel=5,
        num_threads=1,
        **options,
    )
    return model.getvalue()
