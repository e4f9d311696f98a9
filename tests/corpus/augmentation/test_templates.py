from __future__ import annotations

import numpy as np
import pytest

from tokenry.corpus.augmentation.templates import (
    QUOTED,
    TemplateIndex,
    expanded,
    instantiated,
    quoted_share,
    slots,
)
from tokenry.errors import CorpusError
from tokenry.learning import learn

COOKING = "Flour, butter and salt make a dough. Bake the dough in a hot oven. Bread needs an hour."
STARS = (
    "A star burns hydrogen. Its light takes years to reach a telescope. A galaxy has many stars."
)
TEMPLATES = [
    "How do I bake <fi>a kind of bread</fi> with flour and butter in an oven?",
    "Which star of <fi>a galaxy</fi> can a telescope see by its light?",
    "Write a poem about <fi>a person</fi>.",
]
FILLER = "A person writes of a thing to another person, and in a letter the person asks which. "
CORPUS = [text.encode() for text in (COOKING, STARS, *[FILLER, FILLER + "How?"] * 10)]
TOKENIZER = learn([text.decode().lower() for text in CORPUS] * 5, vocab_size=370)


@pytest.fixture
def index() -> TemplateIndex:
    return TemplateIndex.of(TEMPLATES, TOKENIZER, CORPUS)


def test_documents_meet_their_templates(index: TemplateIndex) -> None:
    found, nearness = index.match([COOKING.encode(), STARS.encode()], 2)
    assert found[:, 0].tolist() == [0, 1]
    assert (np.diff(nearness, axis=1) <= 0).all()
    assert index.match([b""], 9)[0].shape == (1, 3)


def test_any_part_of_a_long_document_can_match(index: TemplateIndex) -> None:
    long = FILLER * 40
    found, nearness = index.match([(long + STARS).encode(), long.encode()], 3)
    at = found[0].tolist().index(1)
    assert nearness[0, at] > nearness[1, found[1].tolist().index(1)] + 0.1


def test_slots() -> None:
    assert slots(TEMPLATES[0]) == ["a kind of bread"]
    assert instantiated(TEMPLATES[2], ["Ada"]) == "Write a poem about Ada."
    with pytest.raises(CorpusError, match="2 fillings for 1 slots"):
        instantiated(TEMPLATES[2], ["a", "b"])


def test_quotes() -> None:
    answer = "As the book says: <excerpt>Bake the<...>oven.</excerpt>"
    assert expanded(answer, COOKING) == "As the book says: Bake the dough in a hot oven."
    whole = "<excerpt>Flour<...>hour.</excerpt>"
    assert quoted_share(whole, COOKING) == 1.0
    assert 0 < quoted_share(answer, COOKING) < QUOTED
    with pytest.raises(CorpusError, match="no stretch from 'Boil'"):
        expanded("<excerpt>Boil<...>oven.</excerpt>", COOKING)
    with pytest.raises(CorpusError, match="no templates"):
        TemplateIndex.of([], TOKENIZER, [])
