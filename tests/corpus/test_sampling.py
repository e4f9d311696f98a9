from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from tokenry.corpus import Corpus, Document
from tokenry.corpus.sampling import (
    SampledCorpus,
    group_sizes,
    sample,
    temperature_shares,
    unimax_amounts,
)
from tokenry.errors import CorpusError
from tokenry.learning import learn

DOCUMENTS = [
    Document(f"{group} document {number}, all about {number * 7}".encode(), "", group)
    for group, count in (("en", 600), ("de", 300), ("sw", 20))
    for number in range(count)
]
CORPUS = Corpus.from_texts(DOCUMENTS)


def test_temperature() -> None:
    sizes = {"en": 900, "sw": 100}
    assert temperature_shares(sizes, 1) == {"en": 0.9, "sw": 0.1}
    flat = temperature_shares(sizes, 1e6)
    assert flat["en"] == pytest.approx(0.5, abs=1e-5)
    with pytest.raises(CorpusError, match="positive temperature"):
        temperature_shares(sizes, 0)


def test_unimax_is_as_even_as_the_sizes_allow() -> None:
    sizes = {"a": 5, "b": 100, "c": 1000}
    assert unimax_amounts(sizes, 300, passes=4) == {"a": 20, "b": 140, "c": 140}
    assert unimax_amounts(sizes, 10**6, passes=4) == {"a": 20, "b": 400, "c": 4000}
    assert sum(unimax_amounts(sizes, 300, passes=1).values()) == 300


def test_a_sample_has_what_was_asked_for() -> None:
    sizes = group_sizes(CORPUS)
    budget = 20_000
    found = sample(CORPUS, budget, amounts=partial(unimax_amounts, budget=budget, passes=8))
    taken: Counter[str] = Counter()
    for document in found:
        taken[document.domain] += len(document.data)
    assert taken["sw"] == 8 * sizes["sw"]
    assert taken["en"] == pytest.approx((budget - taken["sw"]) / 2, rel=0.1)
    assert taken["de"] == pytest.approx((budget - taken["sw"]) / 2, rel=0.1)
    assert list(found) == list(found)
    natural = sample(CORPUS, budget, amounts=partial(temperature_shares, temperature=1))
    assert sum(len(each.data) for each in natural) == pytest.approx(budget, rel=0.1)


def test_seeds_choose_others_and_rates_are_told() -> None:
    half = SampledCorpus(CORPUS, {"en": 0.5})
    other = SampledCorpus(CORPUS, {"en": 0.5}, seed=1)
    assert 250 < len(list(half)) < 350
    assert set(half) != set(other)
    assert {rate for _, rate in half.weighted()} == {0.5}
    assert len(list(SampledCorpus(CORPUS, {"sw": 2.0}))) == 40


def test_caps() -> None:
    text = Corpus.from_texts(
        [Document("é中😀".encode() * 10, "", "a"), Document(b"short", "", "a")]
    )
    for size in range(1, 12):
        (first, _) = SampledCorpus(text, {"a": 1.0}, document_bytes=size)
        assert len(first.data) <= size
        first.data.decode()
    capped = SampledCorpus(CORPUS, {"en": 1.0, "de": 1.0}, group_bytes=1000)
    taken = Counter(document.domain for document in capped)
    assert all(0 < sum(len(d.data) for d in capped if d.domain == g) <= 1000 for g in taken)


def test_learners_take_it() -> None:
    sampled = SampledCorpus(CORPUS, {"en": 2.0}).corpus()
    twice = learn([d for d in DOCUMENTS if d.domain == "en"] * 2, vocab_size=300)
    assert learn(sampled, vocab_size=300).fingerprint() == twice.fingerprint()
    with pytest.raises(CorpusError, match="numbers of 0 or more"):
        SampledCorpus(CORPUS, {"en": -1.0})
