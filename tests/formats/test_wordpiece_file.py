"""vocab.txt: ids and text are those of `tokenizers`' BERT."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tokenizers import BertWordPieceTokenizer

import tokenry
from fuzz_text import fuzz_strings, without_surrogates
from running import running
from tokenry.errors import EncodeError, FormatError
from tokenry.formats import wordpiece
from tokenry.formats.configuration import CONFIGURATION, Beside
from tokenry.formats.wordpiece import read_tokens

load = running(wordpiece.load)
STATED = Beside({CONFIGURATION: b'{"do_lower_case": false}'}.get)

SPECIALS = "[PAD] [UNK] [CLS] [SEP] [MASK]"
PIECES = f"{SPECIALS} the un ##aff ##able a b c ##b ##c ##s ' . , 字 é e ##e I ##I".split()


def vocabulary(pieces: list[str]) -> bytes:
    return "".join(f"{piece}\n" for piece in pieces).encode()


def oracle(tmp_path: Path, data: bytes, lowercase: bool) -> BertWordPieceTokenizer:
    path = tmp_path / "vocab.txt"
    path.write_bytes(data)
    return BertWordPieceTokenizer(str(path), lowercase=lowercase)


def texts(count: int) -> list[str]:
    hot = [
        "unaffable",
        "The",
        " ",
        "abc",
        "bcs",
        "é",
        "e\u0301",
        "字",
        "[MASK]",
        "[",
        "I",
        "'s",
        ".",
        "\t",
    ]
    rng = random.Random(8)
    mixed = ["".join(rng.choices(hot, k=rng.randint(0, 10))) for _ in range(count)]
    return mixed + [without_surrogates(text) for text in fuzz_strings(rng, count)] + ["a" * 101]


def check_equal(
    data: bytes, theirs: BertWordPieceTokenizer, lowercase: bool, documents: list[str]
) -> None:
    ours = load(data, lowercase=lowercase)
    for text in documents:
        expected = theirs.encode(text).ids
        assert ours.encode(text, allowed_special="all", add_special_tokens=True) == expected, ascii(
            text
        )
        assert ours.decode(expected) == theirs.decode(expected, skip_special_tokens=False)


@pytest.mark.parametrize("lowercase", [True, False])
def test_ids_and_text_equal(tmp_path: Path, lowercase: bool) -> None:
    data = vocabulary(PIECES)
    check_equal(data, oracle(tmp_path, data, lowercase), lowercase, texts(400))


def test_specials_in_text_are_text() -> None:
    tokenizer = load(vocabulary([*PIECES, "[", "]", "mask"]), lowercase=True)
    brackets = [tokenizer.vocabulary.id_of(b" ["), tokenizer.vocabulary.id_of(b" mask")]
    assert tokenizer.encode("[MASK]")[:2] == brackets


def test_case_is_stated_or_follows_from_the_pieces() -> None:
    cased = vocabulary(PIECES)
    uncased = vocabulary([piece for piece in PIECES if "I" not in piece])
    assert load(cased).normalizer.lowercase is False  # type: ignore[union-attr]
    assert load(uncased).normalizer.lowercase is True  # type: ignore[union-attr]
    assert load(uncased, beside=STATED).normalizer.lowercase is False  # type: ignore[union-attr]


def test_lines_number_the_pieces() -> None:
    assert dict(read_tokens(b"a\r\n\nb \na\n").items()) == {2: "b", 3: "a"}


def test_ids_behind_tabs_as_ernie_writes_them():
    ours = load(b"[PAD]\t0\n[UNK]\t1\nab\t3\n##c\t2\n")
    assert ours.encode("ab abc x") == [3, 3, 2, 1]


@pytest.mark.parametrize(
    "data",
    [b"[UNK]\t0\na\n", b"[UNK]\t0\na\tb\n", b"[UNK]\t0\na\t0\n", b"[UNK]\t0\na\t99999999999\n"],
)
def test_malformed_ids_behind_tabs(data):
    with pytest.raises(FormatError, match="line 2"):
        load(data)


def test_without_unknown_a_word_without_pieces_cannot_be_encoded():
    ours = load(b"a\nb\n##b\n")
    assert ours.encode("a ab") == [0, 0, 2]
    with pytest.raises(EncodeError):
        ours.encode("c")


def test_control_characters_and_names_in_brackets_do_not_hide_the_format(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes(b"[UNK]\n<S>\n##\x00\n##\t\n##\x13\na\n")
    ours = tokenry.load(path)
    assert ours.encode("A a") == [5, 5]  # no piece has an upper-case letter


@pytest.mark.parametrize("data", [b"[UNK]\n\xff\n", b"[UNK]\n" + b"x" * 100_000])
def test_malformed(data: bytes) -> None:
    with pytest.raises(FormatError):
        load(data)


def test_malformed_config() -> None:
    with pytest.raises(FormatError):
        load(vocabulary(PIECES), beside=Beside({CONFIGURATION: b"[1"}.get))


@pytest.mark.shared
def test_bert_base_uncased(tokenizer_files: Path, shared_data: Path, tmp_path: Path) -> None:
    data = (tokenizer_files / "bert-base-uncased-vocab.txt").read_bytes()
    files = sorted((shared_data / "flores_dev").glob("*.txt"))
    documents = [line for file in files for line in file.read_text("utf-8").split("\n")[:30]]
    assert load(data).normalizer.lowercase is True  # type: ignore[union-attr]
    check_equal(data, oracle(tmp_path, data, True), True, documents + texts(1000))


@pytest.mark.parametrize(
    "data",
    [
        b"a\nb\n[UNK]\n",
        b"a\n\nb\n",
        b"a\r\nb \r\n\xe3\x80\x80\nc\xc2\xa0\n",
        b"a\n##\n##\t\na\n",
        "\u2028\n\u4e00\n\u3000\u4e00\n\u00e0\n".encode(),
        b"a\t0\nb\t1\n",
    ],
)
def test_lines_read_at_once_are_those_read_one_by_one(data: bytes, monkeypatch) -> None:
    at_once = wordpiece._usual_lines(data) if b"\t0" not in data else wordpiece._in_order(data)
    assert at_once is not None
    monkeypatch.setattr(wordpiece, "_usual_lines", lambda data: None)
    monkeypatch.setattr(wordpiece, "_in_order", lambda data: None)
    assert list(read_tokens(data).items()) == list(at_once.items())


def test_the_last_of_equal_lines_counts_wherever_they_are_read() -> None:
    assert dict(read_tokens(b"a\nb\na\n").items()) == {1: "b", 2: "a"}
