"""Parity-aware BPE, held to counting everything anew; its variants, and what it is for."""

from __future__ import annotations

from collections import Counter, deque
from pathlib import Path

import pytest

from tokenry.corpus import Document
from tokenry.corpus.bundled import cldr_names
from tokenry.errors import LearnError
from tokenry.learning import Bpe, MergeList, SmallerVocabularyWarning, learn
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.bpe_twin import best_pair, count_pairs, count_words, merge, replay
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.parity import Parity
from tokenry.measuring.fairness import gini

LANGUAGES = ("en", "de", "tr", "ta", "am", "el", "ru", "vi")


@pytest.fixture(scope="module")
def names() -> dict[str, list[str]]:
    pytest.importorskip("babel")
    return {name: lines[:150] for name, lines in cldr_names(LANGUAGES).items()}


def corpus(lines: dict[str, list[str]]) -> list[Document]:
    return [Document("\n".join(each).encode(), domain=name) for name, each in lines.items()]


def by_hand(
    lines: dict[str, list[str]], size: int, *, dev: bool, window: int = 0, alpha: float = 2.0
) -> MergeList:
    """The definition: count everything anew at every step."""
    cut = pretokenizer_named("o200k")
    learnt, names = MergeList((), BYTE_ORDER), sorted(lines)
    recent: deque[str] = deque(maxlen=window)

    def texts(documents: list[bytes]) -> list[tuple[list[int], int]]:
        words: Counter[bytes] = count_words(documents, cut)
        return [(replay(word, learnt), count) for word, count in words.items()]

    train = {name: texts(["\n".join(lines[name]).encode()]) for name in names}
    lined = {name: texts([line.encode() for line in lines[name]]) for name in names}
    measured = lined if dev else train
    sizes = {
        name: len(lines[name]) if dev else len("\n".join(lines[name]).encode()) for name in names
    }
    while len(learnt) < size:
        tokens = {n: sum(len(s) * w for s, w in measured[n]) for n in names}
        order = sorted(names, key=lambda n: sizes[n] / tokens[n])
        free = [n for n in order if recent.count(n) <= alpha / len(names) * window]
        worst = free[0] if window else order[0]
        known = set(learnt.pieces)
        pair = best_pair(
            count_pairs(train[worst]),
            learnt.pieces,
            1,
            lambda piece, seen=known: piece not in seen,
        )
        assert pair is not None
        recent.append(worst)
        for group in [train, measured] if dev else [train]:
            for name in names:
                group[name] = [(merge(s, pair, len(learnt)), w) for s, w in group[name]]
        learnt.add(*pair, 0)
    return learnt


@pytest.mark.parametrize(
    ("dev", "window", "alpha"), [(True, 0, 2.0), (False, 0, 2.0), (True, 10, 1.5), (False, 8, 1.0)]
)
def test_merges_are_those_of_counting_anew(
    names: dict[str, list[str]], dev: bool, window: int, alpha: float
) -> None:
    learner = Parity(
        vocab_size=420, dev=names if dev else None, window=window, alpha=alpha, threads=1
    )
    ours = learner.learn_model(corpus(names))
    assert ours.pieces == by_hand(names, 420, dev=dev, window=window, alpha=alpha).pieces


def test_one_language_is_bpe(prose_text: str) -> None:
    text = [prose_text[:100_000]]
    assert Parity(vocab_size=900).learn_model(text).pieces == (
        Bpe(vocab_size=900).learn_model(text).pieces
    )


def test_all_classical_is_bpe(names: dict[str, list[str]]) -> None:
    documents = corpus(names)
    plain = Bpe(vocab_size=900).learn_model(documents)
    assert Parity(vocab_size=900, classical=1.0).learn_model(documents).pieces == plain.pieces
    half = Parity(vocab_size=900, classical=0.5).learn_model(documents)
    assert half.pieces[: 256 + 322] == plain.pieces[: 256 + 322]
    assert half.pieces != plain.pieces


def test_languages_that_were_learnt_from_pay_alike(names: dict[str, list[str]]) -> None:
    unequal = {name: lines * (60 if name == "en" else 1) for name, lines in names.items()}
    documents = corpus(unequal)
    spread = []
    for kind, options in (("bpe", {}), ("parity", {"dev": names})):
        tokenizer = learn(documents, kind=kind, vocab_size=2_000, **options)
        spread.append(gini([sum(map(tokenizer.count, lines)) for lines in names.values()]))
    assert spread[1] < 0.5 * spread[0]


def test_languages_are_named_in_three_ways(names: dict[str, list[str]], tmp_path: Path) -> None:
    for name, lines in names.items():
        (tmp_path / f"{name}.txt").write_text("\n".join(lines), "utf-8")
    expected = Parity(vocab_size=500).learn_model(corpus(names)).pieces
    assert Parity(vocab_size=500, languages="file").learn_model(tmp_path).pieces == expected
    documents = [Document(each.data, source=each.domain) for each in corpus(names)]
    learner = Parity(vocab_size=500, languages=lambda document: document.source)
    assert learner.learn_model(documents).pieces == expected
    one = Parity(vocab_size=500, languages=dict.fromkeys(names, "all"))
    assert one.learn_model(corpus(names)).pieces == (
        Bpe(vocab_size=500).learn_model(corpus(names)).pieces
    )
    with_dev = Parity(vocab_size=500, dev=tmp_path).learn_model(corpus(names))
    assert with_dev.pieces == Parity(vocab_size=500, dev=names).learn_model(corpus(names)).pieces


def test_an_exhausted_language_is_passed_over() -> None:
    documents = [Document(b"ab", domain="a"), Document("größer größte".encode(), domain="b")]
    with pytest.warns(SmallerVocabularyWarning):
        pieces = Parity(vocab_size=400).learn_model(documents).pieces
    assert b"ab" in pieces
    assert " größte".encode() in pieces


def test_dev_is_checked(names: dict[str, list[str]], tmp_path: Path) -> None:
    for dev in ({"en": names["en"]}, {**names, "en": ["x"]}, tmp_path / "nowhere"):
        with pytest.raises(LearnError, match="dev"):
            Parity(vocab_size=500, dev=dev).learn_model(corpus(names))


@pytest.mark.parametrize(
    "options", [{"classical": 1.5}, {"window": -1}, {"alpha": 0.5}, {"languages": "folder"}]
)
def test_options_are_checked(options: dict[str, object]) -> None:
    with pytest.raises(LearnError):
        Parity(**options)
