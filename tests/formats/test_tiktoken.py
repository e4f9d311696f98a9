from __future__ import annotations

import base64

import pytest
import tiktoken
from hypothesis import given

import tokenry
from fuzz_text import fuzz_bytes, fuzz_strings, texts
from oracles import comparable
from running import running
from small_tokenizers import SPECIALS, learned_ranks, oracle, rank_file
from tokenry.errors import FormatError, TokenryError, UnsupportedError
from tokenry.formats import tiktoken as rank_files
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS

load = running(rank_files.load)

NAMES = ("gpt2", "cl100k", "o200k", "llama3", "qwen2")
SHARED = {
    "cl100k_base.tiktoken": "cl100k",
    "o200k_base.tiktoken": "o200k",
    "qwen.tiktoken": "qwen2",
    "llama3_tokenizer.model": "llama3",
}


def load_small(pattern: str) -> tokenry.Tokenizer:
    return load(rank_file(learned_ranks()), pattern=pattern, special_tokens=SPECIALS)


@pytest.mark.parametrize("name", NAMES)
def test_real_text_as_tiktoken(name, real_texts):
    ours = load_small(name)
    theirs = oracle(learned_ranks(), PATTERNS[name], SPECIALS)
    for text in real_texts.values():
        text = comparable(text, "tiktoken")
        assert ours.encode(text) == theirs.encode_ordinary(text)


@pytest.mark.parametrize("name", NAMES)
def test_fuzz_as_tiktoken(name, rng):
    ours = load_small(name)
    theirs = oracle(learned_ranks(), PATTERNS[name], SPECIALS)
    for text in fuzz_strings(rng, 2000):
        text = comparable(text, "tiktoken")
        assert ours.encode(text) == theirs.encode_ordinary(text), repr(text)
        assert ours.encode(text, allowed_special="all") == theirs.encode(
            text, allowed_special="all"
        ), repr(text)


@given(texts())
def test_the_native_path_is_the_readable_one(text):
    ours = load_small("o200k")
    assert ours.encode(text) == ours.encode_by_hand(text)
    assert ours.decode(ours.encode(text)) == text


def test_unknown_pattern_runs_through_regex(rng):
    pattern = r"[a-z]+|[^a-z]+?"
    ours = load_small(pattern)
    theirs = oracle(learned_ranks(), pattern, SPECIALS)
    for text in fuzz_strings(rng, 300):
        text = comparable(text, "tiktoken")
        assert ours.encode(text) == theirs.encode_ordinary(text)
        assert ours.encode(text) == ours.encode_by_hand(text)


def test_bytes_that_are_not_utf8_come_back(rng):
    ours = load_small("cl100k")
    for data in fuzz_bytes(rng, 300):
        assert ours.decode_bytes(ours.encode(data)) == data


def test_a_pattern_is_required_and_its_name_must_be_known():
    data = rank_file(learned_ranks())
    with pytest.raises(FormatError, match="cl100k"):
        load(data)
    with pytest.raises(FormatError, match="cl10k"):
        load(data, pattern="cl10k")
    with pytest.raises(UnsupportedError, match="compile"):
        load(data, pattern="(")


def line(piece: bytes, rank: object) -> bytes:
    return b"%b %b\n" % (base64.b64encode(piece), str(rank).encode())


GOOD = rank_file(learned_ranks(300))


@pytest.mark.parametrize(
    ("added", "message"),
    [
        (b"YWJ 300\n", "line 301.*base64"),
        (b"YW!j 300\n", "line 301.*base64"),
        (line(b"xyz", -1), "line 301.*rank"),
        (line(b"xyz", "99999999999999999999"), "line 301.*rank"),
        (line(b"xyz", 2**31), "line 301.*rank"),
        (line(b"xyz", "1e3"), "line 301.*rank"),
        (line(b"xyz", "²"), "line 301.*rank"),
        (line(b"xyz", 7), "line 301: rank 7"),
        (line(b"a", 300), "line 301: the piece b'a'"),
        (b"300\n", "line 301"),
        (b" 300\n", "line 301"),
        (b"=== 300\n", "line 301"),
        (b"\x00\xff junk\n", "line 301"),
        (line(b"xyz", 2**31 - 1), "ids range"),
        (b"A" * 2_000_000 + b" 300\n", "line 301: 2000004 bytes long"),
    ],
)
def test_malformed_lines_are_named(added, message):
    with pytest.raises(FormatError, match=message):
        load(GOOD + added, pattern="gpt2")


def test_a_file_cut_short_lacks_bytes():
    with pytest.raises(FormatError, match="single bytes"):
        load(b"\n".join(GOOD.split(b"\n")[:200]), pattern="gpt2")


def test_specials_must_not_take_the_ids_of_pieces():
    with pytest.raises(FormatError, match="<s>"):
        load(GOOD, pattern="gpt2", special_tokens={"<s>": 5})
    with pytest.raises(FormatError, match="<b>"):
        load(GOOD, pattern="gpt2", special_tokens={"<a>": 300, "<b>": 300})
    with pytest.raises(FormatError, match="-1"):
        load(GOOD, pattern="gpt2", special_tokens={"<a>": -1})


def test_two_specials_may_share_an_id(tmp_path):
    """As <|endofprompt|> and <|reserved_200018|> of o200k_harmony; the first is what is decoded."""
    made = tokenry.Tokenizer.of(
        rank_files.of_pieces(
            rank_files.read_vocabulary(GOOD),
            NativePretokenizer("gpt2"),
            {"<b>": 300, "<a>": 300},
        )
    )
    assert made.encode("<a>x<b>", allowed_special="all")[::2] == [300, 300]
    assert made.decode([300]) == "<b>"
    made.save(tmp_path)
    again = tokenry.load(tmp_path)
    assert again.encode("<a>x<b>", allowed_special="all") == made.encode(
        "<a>x<b>", allowed_special="all"
    )
    assert again.decode([300]) == "<b>"


def test_damaged_files_never_crash(rng):
    for _ in range(300):
        data = bytearray(GOOD)
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(data))
            data[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(3))
        try:
            tokenizer = load(bytes(data), pattern="gpt2")
        except TokenryError:
            continue
        assert tokenizer.decode(tokenizer.encode("a text")) == "a text"


def test_both_readers_read_the_same_lines(rng):
    """The core reads what is as it should be; by hand any other file is read, or refused."""
    for _ in range(400):
        lines = [line(rng.randbytes(rng.randrange(1, 6)), rng.randrange(60)) for _ in range(8)]
        data = bytearray(b"".join(lines).replace(b"\n", rng.choice([b"\n", b"\r\n"])))
        if rng.random() < 0.7:
            data[rng.randrange(len(data))] = rng.choice(b"=A9+ \r\n!")
        try:
            expected = rank_files._read_lines(bytes(data))
        except FormatError:
            with pytest.raises(FormatError):
                rank_files.read_ranks(bytes(data))
        else:
            assert rank_files.read_ranks(bytes(data)) == expected


def test_ranks_may_have_holes():
    ranks = {piece: rank + (rank >= 280) for piece, rank in learned_ranks(300).items()}
    ours = load(rank_file(ranks), pattern="gpt2")
    assert ours.vocabulary.holes() == (280,)
    text = "the quick brown fox"
    assert ours.encode(text) == oracle(ranks, PATTERNS["gpt2"], {}).encode_ordinary(text)


def test_writing_ranks_gives_the_file_back():
    data = rank_file(learned_ranks())
    assert rank_files.to_ranks(rank_files.load(data, pattern="gpt2")) == data


@pytest.mark.shared
@pytest.mark.parametrize("file", SHARED)
def test_shared_files_as_tiktoken(file, tokenizer_files, shared_data, rng):
    name = SHARED[file]
    specials = {"<|endoftext|>": 210_000}
    ours = tokenry.load(tokenizer_files / file, pattern=name, special_tokens=specials)
    ranks = rank_files.read_ranks((tokenizer_files / file).read_bytes())
    theirs = oracle({piece: rank for rank, piece in ranks.items()}, PATTERNS[name], specials)
    assert isinstance(theirs, tiktoken.Encoding)
    documents = list(fuzz_strings(rng, 2000))
    for path in sorted((shared_data / "text").iterdir()):
        text = path.read_text(encoding="utf-8")[:1_500_000]
        documents += [text[i : i + 100_000] for i in range(0, len(text), 100_000)]
    documents = [comparable(text, "tiktoken") for text in documents]
    batch = ours.encode_batch(documents)
    for ids, text in zip(batch, documents, strict=True):
        assert ids.tolist() == theirs.encode_ordinary(text)
        assert ours.decode(ids) == text


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("file", SHARED)
def test_all_shared_text_as_tiktoken(file, tokenizer_files, shared_data, rng):
    name = SHARED[file]
    ours = tokenry.load(tokenizer_files / file, pattern=name)
    ranks = rank_files.read_ranks((tokenizer_files / file).read_bytes())
    theirs = oracle({piece: rank for rank, piece in ranks.items()}, PATTERNS[name], {})
    compared = 0
    paths = sorted(each for each in shared_data.rglob("*") if each.is_file())
    for path in paths:
        if path.parent == tokenizer_files:
            continue
        text = comparable(path.read_text(encoding="utf-8", errors="replace"), "tiktoken")
        documents = [text[i : i + 20_000] for i in range(0, len(text), 20_000)]
        for ids, document in zip(ours.encode_batch(documents), documents, strict=True):
            assert ids.tolist() == theirs.encode_ordinary(document), path
            compared += 1
    assert compared > 1000
    for text in fuzz_strings(rng, 100_000):
        text = comparable(text, "tiktoken")
        assert ours.encode(text) == theirs.encode_ordinary(text), repr(text)
