"""Charsmaps against sentencepiece, tokenizers and the readable twin."""

from __future__ import annotations

import io
import random
import struct

import pytest

from fuzz_text import fuzz_strings
from tokenry.errors import FormatError
from tokenry.formats.sentencepiece_proto import read_model
from tokenry.text.normalizers.charsmap import Charsmap

sentencepiece = pytest.importorskip("sentencepiece")
tokenizers = pytest.importorskip("tokenizers")

RULES = ("nmt_nfkc", "nmt_nfkc_cf", "nfkc")


def charsmap_blob(rule: str) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["some words to learn a small model from"] * 5),
        model_writer=model,
        model_type="char",
        vocab_size=20,
        hard_vocab_limit=False,
        normalization_rule_name=rule,
        minloglevel=5,
    )
    return read_model(model.getvalue()).normalizer_spec.precompiled_charsmap


@pytest.fixture(scope="module", params=RULES)
def blob(request: pytest.FixtureRequest) -> bytes:
    return charsmap_blob(request.param)


def dense_strings(rng: random.Random, count: int) -> list[str]:
    """Strings thick with what graphemes and compatibility mappings are made of."""
    pool = [chr(code) for code in (*range(0x250), *range(0x300, 0x370), *range(0x600, 0x700))]
    pool += [chr(code) for code in (*range(0x900, 0x980), *range(0x1100, 0x1200, 3))]
    pool += [chr(code) for code in (*range(0xAC00, 0xAC40), *range(0x1F1E6, 0x1F200))]
    pool += [chr(code) for code in (*range(0x3040, 0x3100), *range(0xFF00, 0xFFEF))]
    pool += [*"\r\n\t  eaoA\u2581\u200d\u200c"] * 20
    return ["".join(rng.choices(pool, k=rng.randint(1, 12))) for _ in range(count)]


def test_as_tokenizers(blob: bytes, rng: random.Random) -> None:
    ours, theirs = Charsmap(blob), tokenizers.normalizers.Precompiled(blob)
    for text in [*dense_strings(rng, 8000), *fuzz_strings(rng, 4000)]:
        assert ours.normalize_transformers(text) == theirs.normalize_str(text), ascii(text)


def test_every_character_alone_and_before_a_mark(blob: bytes) -> None:
    ours, theirs = Charsmap(blob), tokenizers.normalizers.Precompiled(blob)
    for code in (*range(1, 0xD800), *range(0xE000, 0x20000), *range(0xE0000, 0xE0200)):
        text = f"{chr(code)}\u0301A{chr(code)}"
        assert ours.normalize_transformers(text) == theirs.normalize_str(text), ascii(text)


def test_native_forms_are_their_twins(blob: bytes, rng: random.Random) -> None:
    charsmap = Charsmap(blob)
    for text in [*dense_strings(rng, 300), *fuzz_strings(rng, 300)]:
        # the clusters of the module regex are newer than those of tokenizers
        if "\u05c8" not in text and "\u05c9" not in text:
            twin = charsmap.rules.normalize_transformers(text)
            assert charsmap.normalize_transformers(text) == twin, ascii(text)
        twin = charsmap.rules.normalize_sentencepiece(text)
        assert charsmap.normalize_sentencepiece(text) == twin, ascii(text)


def test_alignment_covers_what_was_changed(blob: bytes, rng: random.Random) -> None:
    charsmap = Charsmap(blob)
    for text in dense_strings(rng, 500):
        changed, alignment = charsmap.align_transformers(text)
        assert changed == charsmap.normalize_transformers(text)
        assert len(alignment.starts) == len(changed.encode()) == len(alignment.ends)
        assert (alignment.starts < alignment.ends).all()
        if len(changed):
            assert alignment.ends[-1] <= len(text.encode())
    text = "a\ufb01b"  # fi ligature
    changed, alignment = charsmap.align_transformers(text)
    assert changed == "afib"
    assert alignment.starts.tolist() == [0, 1, 1, 4]
    assert alignment.ends.tolist() == [1, 4, 4, 5]


@pytest.mark.parametrize("junk", [b"", b"\0", b"\0\0\0\0", b"\0\4\0\0", b"\0\4\0\0" + b"\0" * 1025])
def test_junk_is_refused(junk: bytes) -> None:
    with pytest.raises(FormatError, match="charsmap"):
        Charsmap(junk)


def test_a_trie_with_a_cycle_is_refused() -> None:
    # the root's child "a" has itself as a child
    units = [0] * 512
    units[0] = 256 << 10
    units[256 ^ ord("a")] = ord("a") | (ord("a") ^ 256 ^ (ord("a") ^ 256)) << 10
    base = (256 ^ ord("a")) ^ 256
    units[256 ^ ord("a")] = ord("a") | base << 10
    blob = struct.pack("<I", 2048) + struct.pack("<512I", *units) + b"x\0"
    with pytest.raises(FormatError, match="cycle"):
        Charsmap(blob)


def test_damaged_blobs_never_crash(rng: random.Random) -> None:
    blob = charsmap_blob("nfkc")
    texts = list(fuzz_strings(rng, 5))
    for _ in range(150):
        damaged = bytearray(blob)
        for _ in range(rng.choice((1, 3, 2000))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        damaged = damaged[: rng.choice((len(damaged), rng.randrange(len(damaged))))]
        try:
            charsmap = Charsmap(bytes(damaged))
        except FormatError:
            continue
        for text in texts:
            charsmap.normalize_transformers(text)
            charsmap.normalize_sentencepiece(text)
