"""Words of patterns, taken one by one, against tokenizers and against the steps they stand for."""

from __future__ import annotations

import random
from functools import cache

import pytest
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers, trainers

from fuzz_text import fuzz_bytes, fuzz_strings
from running import running
from shares import share
from tokenry.formats.tokenizer_json import reading
from tokenry.text.preprocessing import Preprocessor
from tokenry.text.routes import StepRoute
from tokenry.tokenizer import Tokenizer

load = running(reading.load)

PROSE = ["The quick brown fox's 12 lazy dogs, 345 in all!", "l'\u00e9t\u00e9 d'ici\n  x = f(y)"] * 9
# What files cut by; the last are not safe anywhere, or only between letters and spaces.
PATTERNS = (
    r"[\r\n]",
    r"\s?[A-Za-z\u00c0-\u024f]+",
    r"\s?[!-/:-~\uff01-\uff0f\u3000-\u3002]+",
    r"\s+$",
    r"[\u4e00-\u9fa5\uac00-\ud7ff]+",
    r"\p{N}",
    r"\p{N}{1,3}",
    r"[ ]{1,4}",
    r"'s|'t|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    r"(?i:\b[ld]|qu)['\u2019]|\p{P}{1,4}|[^\p{L}\p{N}\p{Z}]",
    r"[^\r\n\p{L}\p{P}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"\s+",
    r"a b",
    r"[a-f ]+",
)
WORDS = (PATTERNS[1], PATTERNS[8], PATTERNS[9], PATTERNS[10])
NORMALIZERS = (
    normalizers.NFC(),
    normalizers.NFKD(),
    normalizers.Lowercase(),
    normalizers.Replace(tokenizers.Regex(r"\s+"), " "),
    normalizers.Replace(tokenizers.Regex(r"\p{Z}"), " "),
    normalizers.Replace(tokenizers.Regex(r"[\x00-\x08\x7f-\x9f]|\p{Cf}"), ""),
    normalizers.Replace(tokenizers.Regex(r"[e\u00e9]{2,}"), "e"),
    normalizers.Replace(tokenizers.Regex(r"x"), " "),
    normalizers.Replace(tokenizers.Regex(r"o"), "\u00f6"),
)


@cache
def _model() -> str:
    trained = tokenizers.Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    trained.train_from_iterator(PROSE, trainer)
    return trained.to_str()


def _cut(rng: random.Random, pattern: str, behavior: str) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Split(tokenizers.Regex(pattern), behavior, invert=rng.random() < 0.2)


def _pipeline(rng: random.Random, changes: int) -> tokenizers.Tokenizer:
    """Random cuts, and first of all mostly what leaves words alone."""
    made = tokenizers.Tokenizer.from_str(_model())
    others = rng.sample(PATTERNS, rng.randint(1, 3) if changes else rng.randint(4, 6))
    behaviors = ["isolated", "isolated", "removed", "merged_with_previous", "contiguous"]
    cuts = [_cut(rng, pattern, rng.choice(behaviors)) for pattern in others]
    if rng.random() < 0.8:
        cuts.insert(0, _cut(rng, rng.choice(WORDS), "isolated"))
    last = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=rng.random() < 0.3)
    made.pre_tokenizer = pre_tokenizers.Sequence([*cuts, last])
    if changes:
        made.normalizer = normalizers.Sequence(rng.sample(NORMALIZERS, changes))
    return made


def _texts(rng: random.Random, count: int) -> list[str]:
    pool = [*"aeox 1.,!'\n\r\t", "  ", "    ", "\u00e9", "e\u0301", "\u0301", "\u00a0"]
    pool += [
        "\u200b",
        "\u4e2d\u6587",
        "\u3002",
        "\x00",
        "\x85",
        "12",
        "345",
        "'s",
        "l\u2019",
        "x y",
    ]
    pool += ["l\u2019", "x y"]
    mixed = ("".join(rng.choices(pool, k=rng.randint(1, 12))) for _ in range(count))
    return ["", " ", *PROSE[:2], *mixed, *fuzz_strings(rng, count // 2)]


def _word_by_word(rng: random.Random, changes: int) -> tuple[tokenizers.Tokenizer, Tokenizer]:
    for _ in range(300):
        made = _pipeline(rng, changes)
        loaded = load(made.to_str().encode())
        if loaded._encoder.engines.words is not None:
            return made, loaded
    raise AssertionError("no pipeline was taken word by word")


@pytest.mark.parametrize("changes", [0, 1, 2, 3])
def test_ids_are_those_of_tokenizers_and_of_the_steps(changes: int, rng: random.Random) -> None:
    for _ in range(share(8)):
        made, loaded = _word_by_word(rng, changes)
        steps = StepRoute(Preprocessor(loaded.normalizer), loaded._encoder.engines)
        texts, bad = _texts(rng, 60), list(fuzz_bytes(rng, 20))
        expected = [each.ids for each in made.encode_batch(texts, add_special_tokens=False)]
        expected += [steps.encode_list(text) for text in bad]
        for _ in range(2):  # unknown words, then known ones
            found = loaded.encode_batch([*texts, *bad]).to_lists()
            for text, ids, right in zip([*texts, *bad], found, expected, strict=True):
                assert ids == right, (made.to_str()[:3000], ascii(text))
        whole = " ".join(texts)
        assert loaded.encode(whole) == steps.encode_list(whole), made.to_str()[:3000]


def test_few_patterns_are_not_looked_up_word_by_word() -> None:
    made = tokenizers.Tokenizer.from_str(_model())
    cut = pre_tokenizers.Split(tokenizers.Regex(r"\p{N}{1,3}"), "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence([cut, pre_tokenizers.ByteLevel(use_regex=False)])
    assert load(made.to_str().encode())._encoder.engines.words is None
