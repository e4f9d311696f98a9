"""SentencePiece models against sentencepiece itself, on models trained here and on shared ones."""

from __future__ import annotations

import io
import pickle
import random
import struct
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fuzz_text import fuzz_string, fuzz_strings
from running import running
from tokenry.errors import FormatError, TokenryError, UnsupportedError
from tokenry.formats import native_file
from tokenry.formats import sentencepiece as model_files
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.tokenizer import Tokenizer

load = running(model_files.load)

sentencepiece = pytest.importorskip("sentencepiece")

# name -> trainer options
MODELS: dict[str, dict[str, Any]] = {
    "unigram": {},
    "unigram bytes identity": {"byte_fallback": True, "normalization_rule_name": "identity"},
    "unigram keeps spaces": {"remove_extra_whitespaces": False, "byte_fallback": True},
    "unigram without dummy": {"add_dummy_prefix": False, "normalization_rule_name": "nfkc_cf"},
    "unigram space pieces": {
        "allow_whitespace_only_pieces": True,
        "remove_extra_whitespaces": False,
        "normalization_rule_name": "identity",
    },
    "unigram superwords": {"split_by_whitespace": False},
    "unigram suffix": {"treat_whitespace_as_suffix": True},
    "unigram user-defined": {
        "user_defined_symbols": ["\u2581 x", "<sep>", "ab", "ABA", "\u2581the", "na\u00efve", "=="],
        "byte_fallback": True,
    },
    "bpe": {"model_type": "bpe"},
    "bpe bytes identity": {
        "model_type": "bpe",
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
    },
    "bpe space pieces": {
        "model_type": "bpe",
        "allow_whitespace_only_pieces": True,
        "remove_extra_whitespaces": False,
        "add_dummy_prefix": False,
    },
    "bpe superwords": {"model_type": "bpe", "split_by_whitespace": False},
    "bpe suffix": {"model_type": "bpe", "treat_whitespace_as_suffix": True},
    "bpe user-defined": {
        "model_type": "bpe",
        "user_defined_symbols": ["<sep>", "ab", "aba", "\u2581the", "na\u00efve", "==", "\u2581 x"],
    },
    "char": {"model_type": "char"},
    "char user-defined": {
        "model_type": "char",
        "user_defined_symbols": ["ab", "abab", "\u2581\u2581", "\u7684\u4e00"],
        "remove_extra_whitespaces": False,
    },
}


def training_text() -> list[str]:
    # real words, made rare characters, and many repeated letters: ties
    rng = random.Random(7)
    topics = Path(random.__file__).read_text(encoding="utf-8").splitlines()
    lines = [line for line in topics if line.strip()][:700]
    lines += [fuzz_string(rng) for _ in range(300)]
    lines += [letter * rng.randint(2, 9) for letter in "abcxyz=-. " * 8]
    return [line.replace("\n", " ").replace("\0", " ") for line in lines]


@cache
def train(name: str) -> bytes:
    model = io.BytesIO()
    options = {"vocab_size": 900, "character_coverage": 0.99, "hard_vocab_limit": False}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(training_text()),
        model_writer=model,
        minloglevel=5,
        num_threads=1,
        **{**options, **MODELS[name]},
    )
    return model.getvalue()


@cache
def loaded(name: str) -> Tokenizer:
    return load(train(name))


def texts(rng: random.Random, count: int) -> list[str]:
    runs = ["a" * n for n in range(1, 40)] + ["ab" * n + "A" for n in range(1, 20)]
    runs += ["=" * n + " " * (n % 5) for n in range(1, 40)]
    return [*runs, *training_text()[:200], *fuzz_strings(rng, count), *fuzz_strings(rng, 20, 200)]


def assert_equal(data: bytes, samples: list[str], tokenizer: Tokenizer | None = None) -> None:
    tokenizer = tokenizer or load(data)
    oracle = sentencepiece.SentencePieceProcessor(model_proto=data)
    assert len(tokenizer.vocabulary) == oracle.get_piece_size()
    for text in samples:
        ids = oracle.encode(text)
        assert tokenizer.encode(text) == ids, ascii(text)
        assert tokenizer.decode(ids) == oracle.decode(ids), ascii(text)


@pytest.mark.parametrize("name", MODELS)
def test_ids_and_text_are_those_of_sentencepiece(name: str, rng: random.Random) -> None:
    assert_equal(train(name), texts(rng, 2000), loaded(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_ids_at_length(name: str) -> None:
    assert_equal(train(name), texts(random.Random(3), 60_000))


@pytest.mark.parametrize("name", MODELS)
def test_native_segmenters_are_their_twins(name: str, rng: random.Random) -> None:
    tokenizer = loaded(name)
    assert tokenizer.normalizer is not None
    for text in texts(rng, 150):
        data = tokenizer.normalizer(text).encode()
        by_hand = [
            id_
            for begin, end in zip(*_cut(tokenizer.pretokenizer, data), strict=True)
            for id_ in tokenizer.segmenter.segment(data[begin:end])
        ]
        assert tokenizer.encode(text) == by_hand, ascii(text)


def _cut(pretokenizer: Any, data: bytes) -> tuple[list[int], list[int]]:
    pretokens = pretokenizer(data)
    return pretokens.starts.tolist(), pretokens.ends.tolist()


@pytest.mark.parametrize(
    "name", ["unigram user-defined", "unigram keeps spaces", "unigram bytes identity"]
)
def test_normalizer_is_its_twin(name: str, rng: random.Random) -> None:
    normalizer = loaded(name).normalizer
    assert isinstance(normalizer, SentencePieceNormalizer)
    for text in texts(rng, 300):
        assert normalizer(text) == normalizer.by_hand(text), ascii(text)


@pytest.mark.parametrize("name", MODELS)
def test_alignment(name: str, rng: random.Random) -> None:
    normalizer = loaded(name).normalizer
    assert normalizer is not None
    for text in texts(rng, 300):
        result, alignment = normalizer.align(text)
        assert result == normalizer(text)
        assert len(alignment.starts) == len(alignment.ends) == len(result.encode())
        assert (alignment.starts <= alignment.ends).all()
        assert (np.diff(alignment.starts) >= 0).all()


@pytest.mark.parametrize("name", MODELS)
def test_spans_cover_the_text_of_known_pieces(name: str, rng: random.Random) -> None:
    tokenizer = loaded(name)
    for text in texts(rng, 100):
        data = text.encode()
        ids, spans = tokenizer.encode_with_spans(text)
        assert ids.tolist() == tokenizer.encode(text)
        assert (spans[:, 0] <= spans[:, 1]).all()
        assert (np.diff(spans[:, 0]) >= 0).all()
        for id_, (begin, end) in zip(ids.tolist(), spans.tolist(), strict=True):
            if id_ not in tokenizer.vocabulary.roles and data[begin:end].isascii():
                piece = tokenizer.vocabulary[id_]
                if piece and begin < end and "identity" in name:
                    assert data[begin:end].replace(b" ", b"") == piece.replace(b" ", b"")


def test_decoding_any_ids(rng: random.Random) -> None:
    names = "unigram", "bpe", "unigram without dummy", "unigram keeps spaces", "bpe suffix"
    for name in (*names, "bpe bytes identity", "unigram user-defined"):
        tokenizer, data = loaded(name), train(name)
        assert tokenizer.decoder is not None
        oracle = sentencepiece.SentencePieceProcessor(model_proto=data)
        every = range(len(tokenizer.vocabulary))
        byte_pieces = [id_ for id_ in every if oracle.is_byte(id_)]
        for _ in range(2000):
            some = [*every[:12], *rng.choices(every, k=12), *byte_pieces[0xE0:0xF8:2]]
            ids = rng.choices(some + rng.choices(byte_pieces or every, k=12), k=rng.randint(0, 6))
            if byte_pieces:  # bytes on both sides of a control are no character to sentencepiece
                ids = [id_ for id_ in ids if not oracle.is_control(id_)]
            assert tokenizer.decode(ids) == oracle.decode(ids), (name, ids)
            pieces = [tokenizer.vocabulary[id_] or b"" for id_ in ids]
            assert tokenizer.decoder(pieces, ids) == tokenizer.decode_bytes(ids), (name, ids)


def test_a_very_long_sentence_keeps_its_ids(rng: random.Random) -> None:
    # beyond a sum of 100,000 sentencepiece begins to add up from 0 again
    for name in ("unigram", "unigram superwords", "unigram bytes identity"):
        text = " ".join(fuzz_strings(rng, 4000)).replace("\n", " ")
        assert_equal(train(name), [text, "x=" * 100_000, "a" * 100_000, "\u9f98" * 50_000])


def test_identity_loses_nothing_but_the_mark(rng: random.Random) -> None:
    assert not any(loaded(name).lossless for name in MODELS)
    tokenizer = load(train("bpe bytes identity"))
    for text in texts(rng, 1000):
        if "\u2581" not in text:
            assert tokenizer.decode_bytes(tokenizer.encode(text)) == text.encode()


@pytest.mark.parametrize("name", MODELS)
def test_saving_and_pickling(name: str, rng: random.Random, tmp_path: Path) -> None:
    tokenizer = loaded(name)
    tokenizer.save(tmp_path)
    copies = (
        pickle.loads(pickle.dumps(tokenizer)),
        Tokenizer.of(native_file.load(native_file.dump(tokenizer.pipeline))),
    )
    for text in fuzz_strings(rng, 40):
        ids = tokenizer.encode(text)
        assert all(copy.encode(text) == ids for copy in copies)
        assert all(copy.decode(ids) == tokenizer.decode(ids) for copy in copies)
    batch = tokenizer.encode_batch(["a b", "", "na\u00efve"], threads=2)
    assert [ids.tolist() for ids in batch] == [
        tokenizer.encode(text) for text in ("a b", "", "na\u00efve")
    ]


def test_controls_are_text_unless_allowed() -> None:
    tokenizer = load(train("bpe"))
    eos = tokenizer.special_tokens_set
    assert eos == {"<s>", "</s>"}
    end = tokenizer.encode_single_token("</s>")
    assert end not in tokenizer.encode("a</s>")
    assert tokenizer.encode("a</s>", allowed_special={"</s>"})[-1] == end
    assert tokenizer.decode([end]) == ""


# Malformed files


def field(number: int, value: bytes | int | float) -> bytes:
    if isinstance(value, float):
        return bytes([number << 3 | 5]) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    result = bytearray()
    while value >= 0x80:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*result, value])


def entry(piece: bytes, score: float = -1.0, kind: int = 1) -> bytes:
    return field(1, field(1, piece) + field(2, score) + field(3, kind))


UNKNOWN = entry(b"<unk>", 0.0, 2)
GOOD = UNKNOWN + entry(b"a") + entry(b"b", -2.0)

MALFORMED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no pieces"),
    "text": (b"hello, this is a text file\n", "field|wire type"),
    "cut off": (GOOD[:-3], "cut off|left"),
    "huge length": (GOOD + b"\x0a\xff\xff\xff\xff\x0f", "claims"),
    "endless varint": (GOOD + b"\x0a" + b"\xff" * 11, "longer than 10"),
    "group": (GOOD + b"\x0b", "wire type 3"),
    "duplicate": (GOOD + entry(b"a", -3.0), "pieces 1 and 3"),
    "not a number": (GOOD + entry(b"c", float("nan")), "score nan"),
    "infinite": (GOOD + entry(b"c", float("inf")), "score inf"),
    "empty piece": (GOOD + entry(b""), "empty"),
    "no UTF-8": (GOOD + entry(b"\xff"), "not UTF-8"),
    "type 9": (GOOD + entry(b"c", 0.0, 9), "type of piece 3 is 9"),
    "no unknown": (entry(b"a"), "unknown"),
    "two unknown": (GOOD + entry(b"<u>", 0.0, 2), "unknown pieces"),
    "stray byte": (GOOD + entry(b"<0x00>", 0.0, 6), "byte pieces"),
    "misnamed byte": (GOOD + entry(b"<0xZZ>", 0.0, 6), "<0x0A>"),
    "missing bytes": (GOOD + field(2, field(35, 1)), "expected 256"),
    "long piece": (GOOD + entry(b"x" * 8000), "8000"),
    "NUL": (GOOD + entry(b"a\0b"), "NUL"),
    "bad charsmap": (GOOD + field(3, field(2, b"abcdefgh")), "charsmap"),
    "bad denormalizer": (GOOD + field(5, field(2, b"x")), "charsmap"),
    "piece as a number": (GOOD + field(1, 7), "expected bytes"),
    "model type 7": (GOOD + field(2, field(3, 7)), "model_type is 7"),
    "only specials": (UNKNOWN + entry(b"<s>", 0.0, 3), "normal pieces"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_files_are_refused(name: str) -> None:
    data, message = MALFORMED[name]
    with pytest.raises(FormatError, match=message):
        load(data)


UNSUPPORTED: dict[str, tuple[bytes, str]] = {
    "plain spaces": (GOOD + field(3, field(5, 0)), "escape_whitespaces"),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_unsupported_features_are_named(name: str) -> None:
    data, message = UNSUPPORTED[name]
    with pytest.raises(UnsupportedError, match=message):
        load(data)


def test_a_model_made_by_hand() -> None:
    data = GOOD + entry("\u2581".encode(), -3.0)
    assert_equal(data, ["", "ab", "a b", "ba c", "c", "cc a", "\0"])


def test_damaged_files_never_crash(rng: random.Random) -> None:
    for name in ("unigram user-defined", "bpe bytes identity"):
        original = train(name)
        for _ in range(60):
            damaged = bytearray(original)
            for _ in range(rng.choice((1, 4, 200))):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            data = bytes(damaged[: rng.choice((len(damaged), rng.randrange(len(damaged))))])
            try:
                tokenizer = load(data)
                for text in fuzz_strings(rng, 3):
                    tokenizer.encode(text)
            except TokenryError:
                continue


# Shared models


@pytest.mark.shared
@pytest.mark.parametrize("name", ["baseline", "compoundpiece"])
def test_shared_models(tokenizer_files: Path, shared_data: Path, name: str) -> None:
    data = (tokenizer_files / f"compoundpiece_{name}_de.model").read_bytes()
    samples = (shared_data / "text" / "multilingual.txt").read_text(encoding="utf-8")
    lines = samples.splitlines()[:4000]
    for path in sorted((shared_data / "flores_dev").iterdir()):
        lines += path.read_text(encoding="utf-8").splitlines()[:12]
    german = [path for path in (shared_data / "flores_dev").iterdir() if "deu" in path.name]
    for path in german:
        lines += path.read_text(encoding="utf-8").splitlines()
    assert_equal(data, lines)
