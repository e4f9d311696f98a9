"""The hold-out split is stable, of the size asked for, and never leaks a duplicate."""

from __future__ import annotations

import pytest

from tokenry.corpus import Corpus, Document, held_out
from tokenry.errors import CorpusError


def documents(corpus: Corpus) -> list[bytes]:
    return [document.data for document in corpus]


def test_sides_are_disjoint_and_complete() -> None:
    texts = [f"document {number % 900}" for number in range(1800)]  # each twice
    corpus = Corpus.from_texts(texts)
    train, held = corpus.split(0.2, seed=3)
    assert not set(documents(train)) & set(documents(held))
    assert sorted(documents(train) + documents(held)) == sorted(documents(corpus))
    assert 0.15 < len(documents(held)) / 1800 < 0.25


def test_the_split_is_stable_and_depends_on_the_seed() -> None:
    texts = [f"document {number}" for number in range(1000)]
    held = documents(Corpus.from_texts(texts).split(0.1, seed=0)[1])
    assert set(documents(Corpus.from_texts(texts[::-1]).split(0.1, seed=0)[1])) == set(held)
    assert documents(Corpus.from_texts(texts).split(0.1, seed=1)[1]) != held
    # A larger share holds out the same documents and more.
    assert set(held) < set(documents(Corpus.from_texts(texts).split(0.3, seed=0)[1]))


def test_known_answers() -> None:
    """The split of a published study must not change with a release."""
    held = [n for n in range(100) if held_out(b"%d" % n, fraction=0.05, seed=0)]
    assert held == KNOWN
    assert Document(b"abc").id == "cf4ab791c62b8d2b2109c90275287816"


KNOWN = [5, 47, 63, 76, 77, 91]


@pytest.mark.parametrize("fraction", [-0.1, 1, 1.5])
def test_fractions_are_checked(fraction: float) -> None:
    with pytest.raises(CorpusError, match="fraction"):
        Corpus.from_texts(["a"]).split(fraction)


def test_nothing_held_out() -> None:
    train, held = Corpus.from_texts(["a", "b"]).split(0.0)
    assert (documents(train), documents(held)) == ([b"a", b"b"], [])
