"""Read at once or line by line, a vocab.json with its merges is the same."""

from __future__ import annotations

import json
import random

import pytest

from shares import draw
from small_tokenizers import vocab_and_merges
from tokenry.errors import TokenryError
from tokenry.formats import merges, vocab_json
from tokenry.tokenizer import Tokenizer

VOCAB, MERGES = vocab_and_merges()
SPECIALS = {"<|end|>": 3000, "<|not byte level|>": 3001}


def by_hand(data, vocabulary, specials, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(merges, "read_at_once", lambda *_: None)
        return merges.load(data, vocabulary=vocabulary, pattern="gpt2", special_tokens=specials)


def same(one, other):
    tokenizers = Tokenizer.of(one), Tokenizer.of(other)
    return (
        len({each.fingerprint() for each in tokenizers}) == 1 and one.vocabulary == other.vocabulary
    )


def test_the_usual_files_are_read_at_once(monkeypatch):
    listed = json.dumps(json.loads(VOCAB) | SPECIALS, ensure_ascii=False).encode()
    assert vocab_json.read_at_once(MERGES, listed, SPECIALS) is not None
    ours = merges.load(MERGES, vocabulary=listed, pattern="gpt2", special_tokens=SPECIALS)
    assert same(ours, by_hand(MERGES, listed, SPECIALS, monkeypatch))
    assert ours.vocabulary.roles == {3000: "special", 3001: "special"}


def test_gaps_between_ids(monkeypatch):
    shifted = {text: id_ + 7 * (id_ > 400) for text, id_ in json.loads(VOCAB).items()}
    data = json.dumps(shifted).encode()
    assert vocab_json.read_at_once(MERGES, data, {}) is not None
    ours = merges.load(MERGES, vocabulary=data, pattern="gpt2", special_tokens={})
    assert same(ours, by_hand(MERGES, data, {}, monkeypatch))


@pytest.mark.parametrize(
    ("data", "vocabulary"),
    [
        (b"h e\r\n", VOCAB),
        (b"h  e\n", VOCAB),
        (b"h e\nh\n", VOCAB),
        (b"h e\nh e\n", VOCAB),
        (b"h e\n#version: 1\n", VOCAB),
        (b"", VOCAB),
        (b"\n", VOCAB),
        (MERGES, b'{"a": 0, "a": 1}'),
        (MERGES, b'[["a", 0.5]]'),
        (MERGES, b'{"a": -1}'),
        (MERGES, VOCAB[:-4]),
        (MERGES, VOCAB + b',"merges":[]'),
        (MERGES, VOCAB + b"}}"),
    ],
)
def test_what_is_odd_is_left_to_the_reader_of_lines(data, vocabulary):
    assert vocab_json.read_at_once(data, vocabulary, {}) is None


def test_damaged_files_are_read_alike_or_refused(monkeypatch):
    rng: random.Random = draw("vocab_json")
    for _ in range(60):
        files = [bytearray(MERGES[:2000]), bytearray(VOCAB)]
        changed = rng.choice(files)
        for _ in range(rng.randrange(3)):
            at = rng.randrange(len(changed))
            changed[at : at + rng.randrange(3)] = rng.choice((b"\n", b" ", b"e", b"\t", b"\xc3"))
        data, vocabulary = map(bytes, files)
        try:
            expected = by_hand(data, vocabulary, {}, monkeypatch)
        except TokenryError as error:
            with pytest.raises(type(error)):
                merges.load(data, vocabulary=vocabulary, pattern="gpt2", special_tokens={})
        else:
            ours = merges.load(data, vocabulary=vocabulary, pattern="gpt2", special_tokens={})
            assert same(ours, expected)
