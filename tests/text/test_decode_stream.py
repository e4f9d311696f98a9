"""Decode streams of tokenizers made by hand; those of files are in tests/exactness."""

from __future__ import annotations

import numpy as np
import pytest

import tokenry
from shares import draw, share
from small_tokenizers import SPECIALS, learned_ranks, rank_file
from stream_checks import assert_streams, streamed
from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path = tmp_path_factory.mktemp("small") / "small.tiktoken"
    path.write_bytes(rank_file(learned_ranks()))
    return tokenry.load(path, pattern="cl100k", special_tokens=SPECIALS)


def test_joined_it_is_the_whole(small: Tokenizer) -> None:
    assert_streams(small, draw("decode stream"), share(800))


@pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece", "morph"])
def test_learnt_tokenizers(kind: str) -> None:
    text = ["evlerden evlere kitaplardan kitaplara ellerinden, the houses of the 東京 é."] * 60
    tokenizer = learn(text, kind=kind, vocab_size=600)
    assert_streams(tokenizer, draw(f"decode stream {kind}"), share(300))


def test_incomplete_characters_wait(small: Tokenizer) -> None:
    ids = [small.vocabulary.id_of(bytes([byte])) for byte in "é🙂".encode()]
    stream = small.decode_stream()
    assert [stream.push(id_) for id_ in ids] == ["", "é", "", "", "", "🙂"]
    assert stream.finish() == ""
    assert streamed(small, ids[:3]) == "é\ufffd"
    with pytest.raises(UnicodeDecodeError):
        streamed(small, ids[:1], errors="strict")


def test_unknown_ids_do_not_end_the_stream(small: Tokenizer) -> None:
    first, second = (small.vocabulary.id_of(bytes([byte])) for byte in "é".encode())
    stream = small.decode_stream()
    assert stream.push(first) == ""
    for unknown in (-1, 3001, 3002, 10**12):
        with pytest.raises(VocabularyError, match=str(unknown)):
            stream.push(unknown)
    with pytest.raises(VocabularyError, match="3001"):
        stream.push_many([second, 3001])
    for wrong in ("a", None, 1.5, [3]):
        with pytest.raises(TypeError):
            stream.push(wrong)  # type: ignore[arg-type]
    assert stream.push(np.uint32(second)) == "é"  # type: ignore[arg-type]
    assert stream.push_many([first, second]) == "é"
    assert stream.finish() == stream.finish() == ""
    with pytest.raises(UnsupportedError, match="finished"):
        stream.push(first)
    with pytest.raises(VocabularyError):
        small.decode_stream([3001])
