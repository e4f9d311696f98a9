"""`SentencePieceNormalizer` against sentencepiece: rules of models and of names."""

from __future__ import annotations

import random
import unicodedata

import pytest

import tokenry.sentencepiece as spm
from fuzz_text import fuzz_strings, known_points
from sentencepiece_training import train
from shares import share
from tokenry.errors import UnsupportedError

sentencepiece = pytest.importorskip("sentencepiece")
SWITCHES = ("add_dummy_prefix", "escape_whitespaces", "remove_extra_whitespaces")


def texts(rng: random.Random) -> list[str]:
    made = [text.encode("utf-8", "replace").decode() for text in fuzz_strings(rng, share(200))]
    named = [
        "\uff21\uff22\uff23",
        "  a \u3000 b ",
        "\u337b",
        "e\u0301\ufb01 \u00df\u1e9e\u0130",
        "\uff5e\t\x07x",
    ]
    return [*named, *filter(known_points, made)]


@pytest.mark.parametrize("switches", range(8))
def test_rules_of_a_model(switches: int, rng: random.Random) -> None:
    options = {name: bool(switches >> at & 1) for at, name in enumerate(SWITCHES)}
    for model in ("unigram", "unigram without dummy"):
        data = train(model)
        theirs = sentencepiece.SentencePieceNormalizer(model_proto=data, **options)
        ours = spm.SentencePieceNormalizer(model_proto=data, **options)
        for text in texts(rng):
            for given in (text, text.encode()):
                expected = tuple(theirs.normalize(given, with_offsets=True))
                assert tuple(ours.normalize(given, with_offsets=True)) == expected, given


@pytest.mark.parametrize("name", ["identity", "nfkc", "nfkc_cf", "nmt_nfkc", "nmt_nfkc_cf"])
def test_rules_of_a_name(name: str, rng: random.Random) -> None:
    off = dict.fromkeys(SWITCHES, False)
    theirs = sentencepiece.SentencePieceNormalizer(rule_name=name, **off)
    ours = spm.SentencePieceNormalizer(rule_name=name)
    # sentencepiece has the Unicode data of another version
    known = [text for text in texts(rng) if "Cn" not in map(unicodedata.category, text)]
    for text in known:
        assert ours.Normalize(text) == theirs.Normalize(text), text


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(UnsupportedError, match="nmt_nfkc"):
        spm.SentencePieceNormalizer(rule_name="nfc2")
    with pytest.raises(RuntimeError, match="no model"):
        spm.SentencePieceNormalizer()
