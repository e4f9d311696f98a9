"""Equal-Info Windows: longest match against the coder itself, fixed codes, sizes, bad input."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

import tokenry
from fuzz_text import fuzz_bytes
from tokenry.errors import CorpusError, LearnError
from tokenry.learning import learn
from tokenry.learning.equalinfo import EqualInfo
from tokenry.learning.windows.byte_model import TOTAL, ByteCounts
from tokenry.learning.windows.coder import all_windows, decode_window, encode, encode_window
from tokenry.tokenizer import Tokenizer

CODES = 5000


@pytest.fixture(scope="module")
def model(prose_text: str) -> ByteCounts:
    return EqualInfo().learn_model([prose_text[:150_000]])


@pytest.fixture(scope="module")
def tokenizer(prose_text: str) -> Tokenizer:
    options = {"vocab_size": CODES + 1, "special_tokens": ("<s>",)}
    return learn([prose_text[:150_000]], kind="equalinfo", **options)


def test_longest_match_is_the_arithmetic_coder(
    tokenizer: Tokenizer, model: ByteCounts, prose_text: str, rng: random.Random
) -> None:
    texts = [prose_text[200_000:203_000].encode(), bytes(range(256)), *fuzz_bytes(rng, 60)]
    for text in texts:
        codes = list(encode(model, CODES, text))
        assert tokenizer.encode(text) == [code + 1 for code in codes]
        assert b"".join(decode_window(model, CODES, code) for code in codes) == text


def test_every_number_is_a_string_of_its_own(tokenizer: Tokenizer, model: ByteCounts) -> None:
    strings = tokenizer.vocabulary.pieces[1:]
    assert list(strings) == all_windows(model, CODES)
    assert len(set(strings)) == CODES
    known = set(strings)
    for code in range(0, CODES, 37):
        string = strings[code]
        assert string
        assert decode_window(model, CODES, code) == string
        assert encode_window(model, CODES, string) == (code, len(string))
        assert len(string) == 1 or string[:-1] in known


def test_codes_that_every_machine_must_give() -> None:
    model = ByteCounts.of([b"the cat sat on the mat. " * 40], 3)
    text = b"the cat sat on the mat, \xff!"
    assert list(encode(model, 600, text)) == [437, 206, 50, 130, 118, 119]
    assert list(encode(model, 1 << 16, text)) == [61226, 16467, 16422, 16423]
    assert model.frequencies(b"th")[ord("e")] == 65276
    assert model.frequencies(b"")[ord("t")] == 13449


def test_frequencies_are_whole_and_positive(model: ByteCounts) -> None:
    for context in (b"", b"t", b"th", b"the", b"q\xff", b"\0\0\0", b"of the"):
        found = model.frequencies(context)
        assert found.sum() == TOTAL
        assert found.min() >= 1
        assert np.array_equal(found, model.frequencies(context[-3:]))


def test_counting_in_parts_is_counting_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from tokenry.learning.windows import byte_model

    documents = [b"abab", b"c", b"abc" * 5]
    whole = ByteCounts.of([b"".join(documents)], 0)
    monkeypatch.setattr(byte_model, "_BLOCK", 4)
    parts = ByteCounts.of(documents, 0)
    assert np.array_equal(whole.frequencies(b""), parts.frequencies(b""))


def test_round_trip_twin_spans_and_file(
    tokenizer: Tokenizer, tmp_path: Path, rng: random.Random
) -> None:
    assert tokenizer.lossless
    assert tokenizer.encode_single_token("<s>") == 0
    assert tokenizer.save(tmp_path).exact
    again = tokenry.load(tmp_path)
    for data in fuzz_bytes(rng, 100, longest=30):
        ids, spans = tokenizer.encode_with_spans(data)
        assert ids.tolist() == tokenizer.encode_by_hand(data) == again.encode(data)
        assert tokenizer.decode_bytes(ids) == data
        assert b"".join(data[begin:end] for begin, end in spans) == data


def test_windows_take_more_of_what_is_likely(tokenizer: Tokenizer, prose_text: str) -> None:
    prose = prose_text[200_000:220_000]
    scrambled = "".join(random.Random(1).sample(prose, len(prose)))
    assert tokenizer.count(prose) < 0.7 * tokenizer.count(scrambled)
    assert tokenizer.count(prose) < len(prose) / 2.5


def test_sizes(prose_text: str) -> None:
    assert len(learn([prose_text[:9000]], kind="equalinfo").vocabulary) == 65_536
    single = learn([prose_text[:9000]], kind="equalinfo", vocab_size=256)
    assert list(single.vocabulary.pieces) == [bytes([byte]) for byte in range(256)]
    for text in ("a", "a" * 100_000):
        found = learn([text], kind="equalinfo", vocab_size=1000)
        assert len(found.vocabulary) == len(set(found.vocabulary.pieces)) == 1000
        assert found.decode(found.encode("banana" * 9)) == "banana" * 9


def test_bad_options_and_data() -> None:
    with pytest.raises(LearnError, match="leaves 255 windows"):
        EqualInfo(vocab_size=255)
    with pytest.raises(LearnError, match="order 8"):
        EqualInfo(order=8)
    with pytest.raises(LearnError, match="names one twice"):
        EqualInfo(special_tokens=("<s>", "<s>"))
    with pytest.raises(CorpusError, match="empty"):
        learn([b""], kind="equalinfo")
