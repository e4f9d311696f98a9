"""Supertokens: how chunks are cut, what pieces may be, and that they save tokens."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tokenry.errors import LearnError
from tokenry.learning import MergeList, learn
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.bpe_twin import learn_pairs, replay
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.supertoken import Supertoken
from tokenry.learning.superwords.chunker import Chunker

WORDS, OUTER = pretokenizer_named("superbpe-1"), pretokenizer_named("superbpe")


def chunks(text: str, weights: list[float], seed: int = 0) -> list[str]:
    data = text.encode()
    draws = np.random.default_rng(seed)
    ends = Chunker(WORDS, OUTER, np.array(weights), draws)(data).tolist()
    return [data[a:b].decode() for a, b in zip([0, *ends], ends, strict=False)]


def test_chunks_are_runs_of_words() -> None:
    text = " word" * 3_000
    found = chunks(text, [0.5, 0.25, 0.25])
    assert "".join(found) == text
    lengths = Counter(len(chunk.split()) for chunk in found[:-1])
    assert set(lengths) == {1, 2, 3}
    assert abs(lengths[1] / len(found) - 0.5) < 0.05
    assert found == chunks(text, [0.5, 0.25, 0.25])
    assert found != chunks(text, [0.5, 0.25, 0.25], seed=1)


def test_chunks_do_not_cross_what_encoding_cuts() -> None:
    assert chunks("in 1999... we met", [0, 0, 0, 1.0]) == ["in ", "199", "9", "...", " we met"]
    assert chunks("", [1.0]) == []


def test_merges_are_those_of_counting_anew(prose_text: str) -> None:
    text = prose_text[:6_000]
    learner = Supertoken(vocab_size=360)
    ours = learner.learn_model([text])
    words = Counter(chunk.encode() for chunk in chunks(text, [0.25] * 4))
    twin, rule = MergeList((), BYTE_ORDER), learner.rule()
    learn_pairs(
        [(replay(word, twin), count) for word, count in words.items()],
        twin,
        360,
        allowed=lambda piece: piece not in twin.pieces and rule(piece),
    )
    assert ours.merges == twin.merges


def test_pieces_keep_the_rule_and_save_tokens(prose_text: str) -> None:
    documents = re.split(r"(?<=\n\n)(?=\w)", prose_text)
    tokenizer = learn(documents[::2], kind="supertoken", vocab_size=3_000, max_words=3)
    pieces = [piece for piece in tokenizer.vocabulary.pieces if piece]
    superwords = [piece.decode() for piece in pieces if len(WORDS(piece).ends) > 1]
    assert len(superwords) > 150
    assert all(len(piece.split()) <= 3 and re.search(r"\w$", piece) for piece in superwords)
    plain = learn(documents[::2], vocab_size=3_000)
    ours, theirs = (sum(map(each.count, documents[1::2])) for each in (tokenizer, plain))
    assert ours < 0.97 * theirs


def test_threads_do_not_matter(prose_text: str) -> None:
    learner = Supertoken(vocab_size=600, threads=1)
    one = learner.learn_model([prose_text[:50_000]] * 2)
    assert one.pieces == replace(learner, threads=5).learn_model([prose_text[:50_000]] * 2).pieces
    other = replace(learner, seed=3).learn_model([prose_text[:50_000]] * 2)
    assert one.pieces != other.pieces


@pytest.mark.parametrize(
    "options",
    [
        {"lengths": ()},
        {"lengths": (0.0, 0.0)},
        {"lengths": (1.0, -1.0)},
        {"lengths": (1.0,) * 5},
        {"lengths": (float("nan"),)},
        {"seed": -1},
        {"max_words": 0},
    ],
)
def test_options_are_checked(options: dict[str, object]) -> None:
    with pytest.raises(LearnError):
        Supertoken(**options)
