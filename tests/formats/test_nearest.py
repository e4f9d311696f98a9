"""Logs of events in files of other programs: the nearest merges, and how near they are."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

import tokenry
from fuzz_text import fuzz_strings
from tokenry.errors import UnsupportedError
from tokenry.formats.export import ExportReport, save, share_of_tokens, to_tiktoken
from tokenry.formats.nearest import nearest
from tokenry.learning.boundless import Boundless
from tokenry.learning.bpe import Bpe
from tokenry.learning.picky import Picky
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.word_runs import Members, WordRunPretokenizer
from tokenry.tokenizer import Tokenizer

LEARNERS = {
    "picky": (Picky(vocab_size=1500, special_tokens=("<s>",)), 0.96),
    "boundless": (Boundless(vocab_size=1500), 0.9),
}


@pytest.fixture(scope="module", params=LEARNERS)
def learnt(request: pytest.FixtureRequest, prose_text: str) -> tuple[Tokenizer, float]:
    learner, share = LEARNERS[request.param]
    return learner.learn(re.split(r"(?<=\n\n)(?=\w)", prose_text)[::2]), share


def test_the_report_says_how_near_the_file_is(
    learnt: tuple[Tokenizer, float], tmp_path: Path
) -> None:
    tokenizer, share = learnt
    for report in (
        save(tokenizer.pipeline, tmp_path),
        to_tiktoken(tokenizer.pipeline, tmp_path / "x.tiktoken"),
    ):
        assert isinstance(report, ExportReport)
        assert not report.exact
        assert "stand in for deletions" in str(report)
        assert "of their tokens" in str(report)
        assert report.equal < report.documents
        # Measured 0.985 and 0.94 at 2,000 pieces.
        assert share < report.same_tokens < 1
        assert report.to_json()["same_tokens"] == report.same_tokens
    again = tokenry.load(tmp_path)
    assert again.fingerprint() == tokenizer.fingerprint()


def test_tokenizers_reads_what_the_report_measured(
    learnt: tuple[Tokenizer, float], tmp_path: Path, real_texts: dict[str, str]
) -> None:
    import tokenizers

    tokenizer, _ = learnt
    save(tokenizer.pipeline, tmp_path)
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    near = Tokenizer.of(nearest(tokenizer.pipeline)[0])
    for text in (text[start : start + 500] for text in real_texts.values() for start in (0, 9000)):
        ids = near.encode(text)
        assert theirs.encode(text, add_special_tokens=False).ids == ids
        assert near.decode(ids) == text


def test_other_tokenizers_are_their_own_nearest(prose_text: str) -> None:
    tokenizer = Bpe(vocab_size=300).learn([prose_text[:10_000]])
    assert nearest(tokenizer.pipeline) == (tokenizer.pipeline, ())
    assert share_of_tokens(tokenizer.pipeline, tokenizer.pipeline, [prose_text[:1000], ""]) == 1.0


def test_shares_count_tokens_in_the_same_place() -> None:
    one = Bpe(vocab_size=258).learn(["aabb aabb"])
    other = Bpe(vocab_size=257).learn(["aabb aabb"])
    text = "aabb"
    assert [one.decode([id_]) for id_ in one.encode(text)] == ["aa", "bb"]
    assert [other.decode([id_]) for id_ in other.encode(text)] == ["aa", "b", "b"]
    assert share_of_tokens(one.pipeline, other.pipeline, [text]) == 0.5


@pytest.mark.parametrize("members", ["letters", "letters and numbers"])
@pytest.mark.parametrize("splitter", ["o200k", "gpt2", "cl100k", "llama3", "qwen2", "tekken"])
def test_the_pattern_cuts_runs_of_words(
    splitter: str, members: Members, real_texts: dict[str, str], rng: random.Random
) -> None:
    words = WordRunPretokenizer(splitter, members)
    assert words.pattern is not None
    by_pattern = RegexPretokenizer(words.pattern)
    texts = [text[:20_000] for text in real_texts.values()] + list(fuzz_strings(rng, 200))
    for text in texts:
        data = re.sub(r"[^\w\s!-~]", "", text).encode()  # combining marks are letters to some
        assert by_pattern(data).ends.tolist() == words(data).ends.tolist()


def test_runs_without_a_pattern_have_no_file(tmp_path: Path, prose_text: str) -> None:
    tokenizer = Boundless(vocab_size=300, pretokenizer="metaspace").learn([prose_text[:5000]])
    with pytest.raises(UnsupportedError, match="no regular expression"):
        nearest(tokenizer.pipeline)
    assert [path.name for path in save(tokenizer.pipeline, tmp_path).paths] == ["tokenry.json"]
    assert tokenry.load(tmp_path).encode("of the") == tokenizer.encode("of the")
