"""Encode streams give the ids of the whole text, whatever the pieces it comes in."""

from __future__ import annotations

from itertools import pairwise

import pytest

import tokenry
from fuzz_text import fuzz_string
from shares import draw, share
from small_tokenizers import SPECIALS, learned_ranks, rank_file
from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer

LINES = (
    "a",
    "The ",
    " it's",
    "1234",
    ".",
    "é",
    "\n",
    "\r\n",
    "  ",
    "x\ny",
    "!\nAnd so",
    "🙂",
    ")\n",
)
PATTERNS = ("gpt2", "cl100k", "o200k", "llama3", "qwen2", "qwen3.5", "tekken", "o200k+r2l3")


def ids_in_pieces(
    tokenizer: Tokenizer, text: str | bytes, cuts: list[int], **how: object
) -> list[int]:
    stream = tokenizer.encode_stream(size=8, **how)  # type: ignore[arg-type]
    ends = [0, *sorted(cuts), len(text)]
    ids = [id_ for begin, end in pairwise(ends) for id_ in stream.push(text[begin:end])]
    return ids + stream.finish()


def load(tmp_path_factory: pytest.TempPathFactory, pattern: str) -> Tokenizer:
    path = tmp_path_factory.mktemp("small") / "small.tiktoken"
    path.write_bytes(rank_file(learned_ranks()))
    return tokenry.load(path, pattern=pattern, special_tokens={**SPECIALS, "x\ny": 3010})


@pytest.mark.parametrize("pattern", PATTERNS)
def test_ids_are_those_of_the_whole(pattern: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    tokenizer = load(tmp_path_factory, pattern)
    assert tokenizer.encode_stream(allowed_special={"<|endoftext|>"}).is_bounded
    assert not tokenizer.encode_stream(allowed_special="all").is_bounded
    rng = draw(f"encode stream {pattern}")
    for number in range(share(600)):
        parts = [*LINES, *SPECIALS, fuzz_string(rng)]
        text = "".join(rng.choices(parts, k=rng.randrange(30)))
        given = text if number % 3 else text.encode("utf-8", "replace")
        cuts = [rng.randrange(len(given) + 1) for _ in range(4)]
        for allowed in ((), {"<|endoftext|>"}, "all"):
            expected = tokenizer.encode(given, allowed_special=allowed)
            assert ids_in_pieces(tokenizer, given, cuts, allowed_special=allowed) == expected


@pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
@pytest.mark.parametrize("kind", ["unigram", "wordpiece", "superbpe", "boundless"])
def test_other_families_hold_what_they_must(kind: str) -> None:
    text = "the houses of the town\nAnd the 東京 é.\n" * 40
    tokenizer = learn([text], kind=kind, vocab_size=600)
    rng = draw(f"encode stream {kind}")
    for _ in range(share(60)):
        cuts = [rng.randrange(len(text) + 1) for _ in range(5)]
        assert ids_in_pieces(tokenizer, text, cuts) == tokenizer.encode(text)


def test_halves_of_surrogate_pairs_are_joined(tmp_path_factory: pytest.TempPathFactory) -> None:
    tokenizer = load(tmp_path_factory, "o200k")
    for text in ("\ud83d\ude42", "a\ud83d", "\ude42\ud83d\ud83d\ude42", "\ud83d\n"):
        for cut in range(len(text)):
            assert ids_in_pieces(tokenizer, text, [cut]) == tokenizer.encode(text)


def test_what_is_held_is_bounded(tmp_path_factory: pytest.TempPathFactory) -> None:
    tokenizer = load(tmp_path_factory, "o200k")
    stream = tokenizer.encode_stream(size=4096)
    text = "the quick brown fox;\nJumps over\n" * 20
    most = 0
    for _ in range(200):
        stream.push(text)
        most = max(most, len(stream._held))
    assert most < 3 * 4096


def test_a_finished_stream_takes_no_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    tokenizer = load(tmp_path_factory, "o200k")
    stream = tokenizer.encode_stream()
    assert stream.finish() == stream.finish() == []
    with pytest.raises(UnsupportedError, match="finished"):
        stream.push("a")
    with pytest.raises(TypeError, match="NoneType"):
        tokenizer.encode_stream().push(None)  # type: ignore[arg-type]
    with pytest.raises(VocabularyError, match="nothing"):
        tokenizer.encode_stream(allowed_special={"nothing"})
