from __future__ import annotations

import gzip
import json

import pytest

import tokenry
from malformed_files import JSON_FILES, sentencepiece_model
from small_tokenizers import learned_ranks, rank_file, vocab_and_merges
from tokenry.errors import FormatError, TokenryError, UnsupportedError
from tokenry.files import write_atomically
from tokenry.formats import native_file
from tokenry.formats.detect import detect
from tokenry.tokenizer import load
from tokenry.tokenizer_files import describe_file

RANKS = rank_file(learned_ranks(400))
VOCAB, MERGES = vocab_and_merges(400)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RANKS, "tiktoken"),
        (RANKS.replace(b"\n", b"\r\n"), "tiktoken"),
        (MERGES, "merges"),
        (MERGES.partition(b"\n")[2], "merges"),
        (VOCAB, "vocab_json"),
        (b'\xef\xbb\xbf {"model": {}}', "tokenizer_json"),
        (b'{"format": "tokenry"}', "tokenry"),
        (b"\n\x0e\n\x05<unk>\x15\x00\x00\x00\x00\x18\x02", "sentencepiece"),
        (b"[PAD]\n[UNK]\nthe\n##s\n", "wordpiece"),
    ],
)
def test_formats_are_known_by_their_content(data, expected):
    assert detect(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"Some prose that is no tokenizer at all.\nAnd a second line of it.\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\x00" * 100,
        b"{not json",
        b"[1, 2, 3]",
        b"one\ntwo\nthree\n",
        b'{"a": "b"}',
        b"{}",
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_tokenizer_is_described(data):
    with pytest.raises(FormatError, match=r"file|x\.bin"):
        detect(data, "x.bin")


def test_gzip_is_read_as_it_is(tmp_path):
    (tmp_path / "a").write_bytes(gzip.compress(RANKS))
    plain = tmp_path / "b"
    plain.write_bytes(RANKS)
    one, other = load(tmp_path / "a", pattern="gpt2"), load(plain, pattern="gpt2")
    assert one.fingerprint() == other.fingerprint()


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(RANKS, mtime=0)[:-20],
        gzip.compress(RANKS, mtime=0)[:15],
        b"\x1f\x8b",
        b"\x1f\x8bjunk",
        b"",
        b" \n\n",
    ],
)
def test_damaged_and_empty_files_are_errors(data, tmp_path):
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(FormatError):
        load(tmp_path / "a", pattern="gpt2")


def test_a_bomb_does_not_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("tokenry.formats.files.MAX_BYTES", 10_000)
    (tmp_path / "a").write_bytes(gzip.compress(bytes(10**7)))
    with pytest.raises(FormatError, match="larger than"):
        load(tmp_path / "a")


SAMPLES = {
    "tokenizer.json": json.dumps(JSON_FILES["bpe"]()).encode(),
    "tokenizer.model": sentencepiece_model(2),
    "vocab.json": VOCAB,
    "merges.txt": MERGES,
    "x.tiktoken": RANKS,
}


def test_folders_are_searched(tmp_path):
    with pytest.raises(FormatError, match="found nothing"):
        load(tmp_path)
    (tmp_path / "merges.txt").write_bytes(MERGES)
    by_merges = load(tmp_path, pattern="gpt2")
    (tmp_path / "vocab.json").write_bytes(VOCAB)
    assert load(tmp_path, pattern="gpt2").encode("the") == by_merges.encode("the")
    assert load(tmp_path / "vocab.json", pattern="gpt2").encode("the") == by_merges.encode("the")
    native_file.save(by_merges.pipeline, tmp_path)
    assert tokenry.load(tmp_path).fingerprint() == by_merges.fingerprint()


def test_a_vocabulary_needs_its_merges(tmp_path):
    (tmp_path / "vocab.json").write_bytes(VOCAB)
    with pytest.raises(FormatError, match=r"merges\.txt"):
        load(tmp_path / "vocab.json", pattern="gpt2")


def test_a_lone_rank_file_in_a_folder_is_found(tmp_path):
    (tmp_path / "x.tiktoken").write_bytes(RANKS)
    assert load(tmp_path, pattern="gpt2").count("the") >= 1


def test_a_lone_model_of_any_name_in_a_folder_is_found(tmp_path):
    write_atomically(tmp_path / "wiki.de.bpe.model", sentencepiece_model())
    assert load(tmp_path) == load(tmp_path / "wiki.de.bpe.model")
    assert describe_file(tmp_path).file.name == "wiki.de.bpe.model"
    write_atomically(tmp_path / "other.model", sentencepiece_model())
    with pytest.raises(FormatError, match=r"a single \*\.model or .* found other\.model, wiki"):
        load(tmp_path)


def test_files_of_several_kinds_in_a_folder(tmp_path):
    # The file that says most is taken, as transformers does; what contradicts itself is one error.
    for name, data in SAMPLES.items():
        (tmp_path / name).write_bytes(data)
    assert load(tmp_path).fingerprint() == load(tmp_path / "tokenizer.json").fingerprint()
    (tmp_path / "tokenizer.json").unlink()
    assert load(tmp_path).pipeline.metadata["format"] == "sentencepiece"
    (tmp_path / "tokenizer.model").unlink()
    (tmp_path / "merges.txt").write_bytes(b"#version: 0.2\n\xc4\xa0 zq\n")
    with pytest.raises(FormatError, match=r"needs the piece|has no id"):
        load(tmp_path, pattern="gpt2")
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / name).unlink()
    (tmp_path / "y.tiktoken").write_bytes(RANKS)
    with pytest.raises(FormatError, match=r"a single \*.tiktoken, found x.tiktoken, y.tiktoken"):
        load(tmp_path, pattern="gpt2")


def test_options_that_a_file_answers_itself_are_refused(tmp_path):
    tokenizer = load(write_atomically(tmp_path / "r", RANKS), pattern="gpt2")
    path = native_file.save(tokenizer.pipeline, tmp_path / "t.json")
    for options in ({"pattern": "gpt2"}, {"special_tokens": {"<s>": 5000}}):
        with pytest.raises(UnsupportedError, match=next(iter(options))):
            load(path, **options)


def test_a_missing_file_is_an_ordinary_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none")


def test_random_bytes_never_crash(rng, tmp_path):
    starts = (
        b"",
        b"\n",
        b"{",
        b"#version",
        b"\x1f\x8b",
        b"IQ== 0\n",
        b'{"a": 1}',
    )
    for i in range(300):
        path = tmp_path / str(i)
        path.write_bytes(starts[i % len(starts)] + rng.randbytes(rng.randrange(200)))
        with pytest.raises(TokenryError):
            load(path, pattern="gpt2")


def test_writing_is_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "file"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["file"]
    with pytest.raises(TypeError):
        write_atomically(path, "not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["file"]
