from pathlib import Path

import pytest

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.detect import split_pattern
from tokenry.formats.known_ranks import known_pattern
from tokenry.learning import learn
from tokenry.tokenizer_files import (
    describe_file,
    display_name,
    file_digest,
    load_named,
    load_tokenizer,
    size_on_disk,
)


@pytest.fixture(scope="module")
def ranks(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("ranks") / "a.tiktoken"
    learn(["some words of a text " * 9], vocab_size=265).to_tiktoken(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("cl100k_base.tiktoken", "cl100k"),
        ("o200k_base.tiktoken.gz", "o200k"),
        ("gpt2.tiktoken", "gpt2"),
        ("qwen.tiktoken", "qwen2"),
        ("mine.tiktoken", None),
    ],
)
def test_patterns_of_well_known_names(name: str, pattern: str | None) -> None:
    assert known_pattern(name) == pattern


def test_a_colon_names_the_pattern_unless_a_file_has_the_name(tmp_path: Path) -> None:
    file = tmp_path / "a:b"
    assert split_pattern(str(file)) == (tmp_path / "a", "b")
    file.write_text("x")
    assert split_pattern(str(file)) == (file, None)
    assert split_pattern(rf"{tmp_path}/r.tiktoken:\w+|:\s") == (
        tmp_path / "r.tiktoken",
        r"\w+|:\s",
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/cl100k_base.tiktoken", "cl100k_base"),
        ("a/o200k_base.tiktoken.gz", "o200k_base"),
        ("my-model/tokenizer.json", "my-model"),
        ("gpt-2_tokenizer.json", "gpt-2"),
        ("llama/tokenizer.model", "llama"),
        ("bert-base-uncased-vocab.txt", "bert-base-uncased"),
    ],
)
def test_display_names(path: str, name: str) -> None:
    assert display_name(Path(path)) == name


def test_ranks_load_by_known_name_and_by_given_pattern(ranks: bytes, tmp_path: Path) -> None:
    known, other = tmp_path / "o200k_base.tiktoken", tmp_path / "other.tiktoken"
    known.write_bytes(ranks)
    other.write_bytes(ranks)
    assert load_tokenizer(str(known)).pretokenizer.native == "o200k"
    assert load_tokenizer(f"{other}:gpt2").pretokenizer.native == "gpt2"
    with pytest.raises(UnsupportedError, match="name the pattern"):
        load_tokenizer(str(other))
    known.write_bytes(ranks + b"!!! 5\n")
    with pytest.raises(FormatError, match="base64"):
        load_tokenizer(str(known))
    with pytest.raises(FileNotFoundError):
        load_tokenizer(str(tmp_path / "nothing"))


def test_references_of_one_name_stay_apart(ranks: bytes, tmp_path: Path) -> None:
    paths = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "cl100k_base.tiktoken")
        paths[-1].write_bytes(ranks)
    found = load_named(tuple(map(str, paths)))
    assert [each.name for each in found] == ["cl100k_base", "cl100k_base (2)"]
    found = load_named([str(paths[0])], taken=["bpe", "cl100k_base"])
    assert [each.name for each in found] == ["cl100k_base (2)"]


def test_a_file_is_described(ranks: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.tiktoken").write_bytes(ranks)
    found = describe_file(tmp_path)
    assert found == describe_file(tmp_path / "x.tiktoken")
    assert (found.file.name, found.format, found.bytes) == ("x.tiktoken", "tiktoken", len(ranks))
    learn(["some words " * 9], vocab_size=260).save(tmp_path / "saved")
    assert describe_file(tmp_path / "saved").format == "tokenizer_json"
    assert size_on_disk(tmp_path) > size_on_disk(tmp_path / "saved") > 0


def test_a_digest_is_of_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    first = file_digest(tmp_path)
    assert first == file_digest(tmp_path)
    (tmp_path / "a").write_text("y")
    assert first != file_digest(tmp_path)
