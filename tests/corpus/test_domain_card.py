from __future__ import annotations

import pytest

from tokenry.corpus import Document
from tokenry.corpus.domain_card import domain_card
from tokenry.errors import CorpusError
from tokenry.learning import learn

LONG = (
    "The mill sold its flour to the bakers of the town, who paid in silver at the end of each month"
)
REPORTS = [f"{LONG}; page {n}. " + "grain " * n for n in range(20)]
OTHER = [
    f"A fox number {n} ran over the hill and into the wood, where {n} hares slept"
    for n in range(30)
]
TOKENIZER = learn([*REPORTS, *OTHER], vocab_size=350)
CORPUS = [Document(text.encode(), "", "10-K" if n % 2 else "8-K") for n, text in enumerate(REPORTS)]


def test_figures_of_groups() -> None:
    card = domain_card(CORPUS, TOKENIZER, word_lists={"bakers": ["bakers"], "kings": ["king"]})
    assert {each.name for each in card.groups} == {"10-K", "8-K"}
    for each in card.groups:
        own = [document.data for document in CORPUS if document.domain == each.name]
        assert each.documents == len(own) == 10
        assert each.bytes == sum(map(len, own))
        assert each.tokens == int(TOKENIZER.count_batch(own).sum())
        assert each.mentions == {"bakers": 1.0, "kings": 0.0}
    assert card.divergence is None
    table = card.markdown()
    assert table.splitlines()[0].endswith("| near copies | bakers | kings |")
    assert "| 10-K | 10 |" in table


def test_copies_are_counted_and_the_reference_is_one_too() -> None:
    twice = domain_card([*CORPUS, *CORPUS], TOKENIZER)
    assert sum(each.copies for each in twice.groups) >= 20
    beside = domain_card(CORPUS, TOKENIZER, reference=REPORTS)
    assert sum(each.copies for each in beside.groups) == 20
    assert beside.divergence == pytest.approx(0.0, abs=1e-9)


def test_what_is_typical_beside_another_corpus() -> None:
    card = domain_card(CORPUS, TOKENIZER, reference=OTHER)
    assert card.divergence is not None
    assert 0.5 < card.divergence <= 1.0
    assert " grain" in card.typical
    assert " grain" in card.markdown()
    with pytest.raises(CorpusError, match="no documents"):
        domain_card([], TOKENIZER)
