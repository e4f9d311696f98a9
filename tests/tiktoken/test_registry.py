"""Encodings by name: where their files are looked for, and how they are checked."""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiktoken

import tokenry.tiktoken as ours
from small_tokenizers import learned_ranks, rank_file
from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.known_ranks import KnownRanks
from tokenry.tiktoken import load, published, registry
from tools.compat.tiktoken_files import fill

ENCODINGS = tuple(published.PUBLISHED)


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(load, "urlopen", forbidden)
    registry._plugins.cache_clear()
    registry.ENCODINGS.clear()
    yield
    registry._plugins.cache_clear()
    registry.ENCODINGS.clear()


def forbidden(url: str) -> None:
    raise AssertionError(f"{url} was asked for")


@pytest.fixture(scope="module")
def cache(tokenizer_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiktoken")
    fill(folder, tokenizer_files)
    return folder


@pytest.mark.shared
@pytest.mark.parametrize("name", ENCODINGS)
def test_published_encodings(name: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(cache))
    own = ours.get_encoding(name)
    assert own is ours.get_encoding(name) is pickle.loads(pickle.dumps(own))
    module = __import__("tiktoken_ext.openai_public", fromlist=["x"])
    monkeypatch.setattr(module, "data_gym_to_mergeable_bpe_ranks", lambda **_: own._mergeable_ranks)
    theirs = tiktoken.Encoding(**module.ENCODING_CONSTRUCTORS[name]())
    assert own._mergeable_ranks == theirs._mergeable_ranks
    assert own._special_tokens == theirs._special_tokens
    text = "Hello wörld 12345 \n\n\t'LL 我们 <|endofprompt|><|endoftext|>" * 3
    for how in ({"allowed_special": "all"}, {"disallowed_special": ()}):
        assert own.encode(text, **how) == theirs.encode(text, **how)  # type: ignore[arg-type]
    for special in theirs._special_tokens.values():
        assert own.decode([special]) == theirs.decode([special])


def test_names() -> None:
    assert ours.list_encoding_names() == [*ENCODINGS] == tiktoken.list_encoding_names()
    for wrong in ("cl100k", 3, None):
        with pytest.raises(UnsupportedError, match="cl100k_base"):
            ours.get_encoding(wrong)  # type: ignore[arg-type]


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"cl100k_base.tiktoken is not in") as caught:
        ours.get_encoding("cl100k_base", folder=tmp_path / "mine")
    for part in ("mine", "cache", "9b5ad71b2ce5302211f9c61530b329a4922fc6a4", "download=True"):
        assert part in str(caught.value)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> bytes:
    data = rank_file(learned_ranks())
    file = published.PublishedFile("https://x.org/small.tiktoken", hashlib.sha256(data).hexdigest())
    entry = published.PublishedEncoding(
        KnownRanks(name="small", pattern="cl100k", special_tokens={"<|endoftext|>": 3000}), (file,)
    )
    monkeypatch.setattr(registry, "PUBLISHED", {"small": entry})
    return data


def test_a_given_folder(small: bytes, tmp_path: Path) -> None:
    (tmp_path / "small.tiktoken").write_bytes(small)
    encoding = ours.get_encoding("small", folder=tmp_path)
    assert encoding.n_vocab == 3001
    # Another process may not have the folder, so all of it travels.
    registry.ENCODINGS.clear()
    assert pickle.loads(pickle.dumps(encoding)).encode("the end") == encoding.encode("the end")


def test_another_file_is_refused(small: bytes, tmp_path: Path) -> None:
    (tmp_path / "small.tiktoken").write_bytes(small + b"\n")
    with pytest.raises(FormatError, match="SHA-256"):
        ours.get_encoding("small", folder=tmp_path)


def test_only_who_asks_downloads(
    small: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(url: str) -> object:
        import io

        asked.append(url)
        return io.BytesIO(small)

    monkeypatch.setattr(load, "urlopen", answer)
    with pytest.raises(FormatError, match="download=True"):
        ours.get_encoding("small")
    assert not asked
    assert ours.get_encoding("small", download=True).n_vocab == 3001
    registry.ENCODINGS.clear()
    assert ours.get_encoding("small").n_vocab == 3001  # from tiktoken's cache
    assert asked == ["https://x.org/small.tiktoken"]
    ranks = load.load_tiktoken_bpe("https://x.org/small.tiktoken")
    assert ranks == learned_ranks()


def test_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tiktoken_ext").mkdir()
    (tmp_path / "tiktoken_ext" / "mine.py").write_text(
        "ENCODING_CONSTRUCTORS = {'mine': lambda: dict(name='mine', pat_str='.', "
        "mergeable_ranks={b'a': 0}, special_tokens={'<s>': 1})}\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [each for each in sys.modules if each.startswith("tiktoken_ext")]:
        monkeypatch.delitem(sys.modules, name)
    assert "mine" in ours.list_encoding_names()
    assert ours.get_encoding("mine").encode("a<s>", allowed_special="all") == [0, 1]
