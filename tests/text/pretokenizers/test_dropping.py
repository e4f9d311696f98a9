"""Text that a model has no symbol for, left out in the core: equal to tokenizers, and to Python."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from fuzz_text import fuzz_bytes, fuzz_strings, known_points
from shares import share
from tokenry import _native, load
from tokenry.text.encoder import Encoder
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.dropping import DroppingPretokenizer
from tokenry.text.routes import StepRoute
from tokenry.vocabulary import BYTE_ALPHABET

MERGES = [("t", "h"), ("th", "e"), ("a", "a"), ("1", "2"), ("e", "1")]


def byte_level() -> Tokenizer:
    """Knows half of all bytes; what stands around an unknown one may merge."""
    symbols = [*BYTE_ALPHABET[:128], *(a + b for a, b in MERGES)]
    model = models.BPE({symbol: i for i, symbol in enumerate(symbols)}, MERGES)
    made = Tokenizer(model)
    cut = pre_tokenizers.Split(Regex(r"\s?\p{L}+"), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence([cut, pre_tokenizers.ByteLevel(False)])
    return made


def of_characters() -> Tokenizer:
    """Knows some characters."""
    symbols = [*"the1 2a\u4e00\u00e9", *(a + b for a, b in MERGES)]
    made = Tokenizer(models.BPE({symbol: i for i, symbol in enumerate(symbols)}, MERGES))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


def without_core(pipeline: Pipeline) -> StepRoute:
    """The way of text whose pretokens Python finds."""
    encoder = Encoder(pipeline)
    engines = replace(encoder.engines, pretokenizer=pipeline.pretokenizer)
    return StepRoute(encoder.preprocessor(), engines)


@pytest.mark.parametrize("make", [byte_level, of_characters])
def test_ids_and_spans(make, rng):
    theirs = make()
    ours = load(theirs.to_str().encode())
    pretokenizer = ours.pipeline.pretokenizer
    assert isinstance(pretokenizer, DroppingPretokenizer)
    assert pretokenizer.in_core(ours.pipeline.segmenter.native()) is not None
    by_python = without_core(ours.pipeline)
    for text in filter(known_points, fuzz_strings(rng, share(800), 20)):
        expected = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text) == expected.ids, text
        ids, spans = ours.encode_with_spans(text)
        assert ids.tolist() == expected.ids
        assert spans.tolist() == by_python.encode_with_spans(text)[1].tolist(), text


@pytest.mark.parametrize("make", [byte_level, of_characters])
def test_any_bytes(make, rng):
    ours = load(make().to_str().encode())
    for data in fuzz_bytes(rng, share(800), 20):
        assert ours.encode(data) == ours.encode_by_hand(data), data


def test_what_is_out_of_range():
    core = load(byte_level().to_str().encode()).pipeline.segmenter.native()

    with pytest.raises(ValueError, match="out of range"):
        _native.DroppingSegmenter(core, np.array([256], np.uint32), characters=False)
