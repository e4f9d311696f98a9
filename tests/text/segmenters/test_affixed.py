"""Symbols with word ends and prefixes, merged in the core: equal to tokenizers, and to Python."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from fuzz_text import fuzz_bytes, fuzz_strings, known_points
from shares import share
from tokenry import _native, load
from tokenry.text.encoder import Encoder
from tokenry.text.segmenters.affixed import AffixedBytePairSegmenter
from tokenry.vocabulary import BYTE_ALPHABET


def model(symbols: str, *, prefix: str = "", suffix: str = "", **more) -> models.BPE:
    """Every symbol at every place, and a few merges."""
    tokens = [p + s + e for s in symbols for p in {"", prefix} for e in {"", suffix}]
    first, second, last = "t", f"{prefix}h", f"{prefix}e{suffix}"
    merges = [(first, second), (first + "h", last), (f"{prefix}a", f"{prefix}a{suffix}")]
    tokens += [one + two.removeprefix(prefix) for one, two in merges]
    vocab = {token: i for i, token in enumerate(dict.fromkeys([*tokens, "<unk>"]))}
    if prefix:
        more["continuing_subword_prefix"] = prefix
    if suffix:
        more["end_of_word_suffix"] = suffix
    return models.BPE(vocab, merges, **more)


def byte_level() -> Tokenizer:
    made = Tokenizer(model("".join(BYTE_ALPHABET), suffix="</w>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(False)
    return made


def of_characters(**options) -> Tokenizer:
    made = Tokenizer(model("thea1 .\u4e00\u00e9", unk_token="<unk>", **options))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


MADE = {
    "bytes": byte_level,
    "suffix": lambda: of_characters(suffix="</w>"),
    "prefix": lambda: of_characters(prefix="##"),
    "both": lambda: of_characters(prefix="##", suffix="</w>"),
    "fused": lambda: of_characters(suffix="</w>", fuse_unk=True),
}


@pytest.mark.parametrize("name", MADE)
def test_ids(name, rng):
    theirs = MADE[name]()
    ours = load(theirs.to_str().encode())
    segmenter = ours.pipeline.segmenter
    assert isinstance(segmenter, AffixedBytePairSegmenter)
    assert isinstance(segmenter.native(), _native.AffixedSegmenter)
    for text in filter(known_points, fuzz_strings(rng, share(600), 16)):
        assert ours.encode(text) == theirs.encode(text).ids, text


@pytest.mark.parametrize("name", MADE)
def test_ids_and_spans_as_python_finds_them(name, rng):
    pipeline = load(MADE[name]().to_str().encode()).pipeline
    encoder = Encoder(pipeline)
    for data in fuzz_bytes(rng, share(600), 16):
        ids, spans = encoder.encode_with_spans(data)
        assert ids.tolist() == encoder.encode_by_hand(data), data
        pretokens = pipeline.pretokenizer(data)
        expected = []
        for begin, end in zip(pretokens.starts.tolist(), pretokens.ends.tolist(), strict=True):
            for _, size in pipeline.segmenter.segment_with_sizes(data[begin:end]):
                expected.append([begin, begin + size])
                begin += size
        assert spans.tolist() == expected, data


@pytest.mark.parametrize("affix", [{"suffix": "</w>"}, {"prefix": "##"}])
def test_without_an_unknown_a_symbol_without_a_token_is_left_out(affix):
    made = Tokenizer(model("thea", **affix))
    ours = load(made.to_str().encode())
    for text in ("the", "x", "", "txhe", "thex", "xxthe", "th\u00e9x e"):
        assert ours.encode(text) == made.encode(text).ids == ours.encode_by_hand(text)
        assert ours.encode_with_spans(text)[0].tolist() == made.encode(text).ids
