from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tokenry.corpus import Document
from tokenry.corpus.recipes import pints, redwhale
from tokenry.corpus.recipes.contract import RecipeRun
from tokenry.corpus.registry import PARTS, RECIPES
from tokenry.corpus.selection.contract import SelectionTask
from tokenry.corpus.selection.token_signals import read_spans
from tokenry.learning import learn

KOREAN = [
    f"이 집은 언덕 위에 있고 {n}번째 방에는 의자가 하나 있다. 바람이 불면 창문이 흔들린다. "
    f"사람들은 {n * 7}년 전의 이야기를 즐겨 하고 아이들은 귀를 기울인다." for n in range(40)
]  # fmt: skip
ENGLISH = [f"An English text number {n} that no one wants in a Korean corpus." for n in range(5)]
BAD = ["### " * 40 + f"한국어 광고 {n}" for n in range(5)]
TEXTBOOK = [
    f"Chapter {n} of the book is on sums. A sum of {n} and {n + 2} is defined as what we have with "
    f"both of them. For example, the sum of {n} and one is {n + 1}, because one is to be added to "
    f"it. Therefore a sum is larger than each of its parts, as in figure {n}. In general the order "
    f"of the parts does not matter, that is, {n} and two have the same sum as two and {n}."
    for n in range(20)
]
STORY = [
    f'"Where have you been for {n} days?" she said to me. I told her that we had lost our way in '
    f"the wood and that he was with us. She laughed at me, and I was glad of it! You and I, she "
    f"said, have to be home by {n + 3}, and my mother told us to bring {n} loaves of bread with "
    f"the milk! We ran down the hill, he and I, and she ran behind us to the house of {n} windows."
    for n in range(20)
]


def run(recipe: str, texts: list[str], target: list[str]) -> RecipeRun:
    tokenizer = learn(texts, vocab_size=400)
    raw = [text.encode() for text in texts]
    task = SelectionTask(tokenizer, raw, [text.encode() for text in target])
    documents = [Document(text.encode(), f"file:{n}") for n, text in enumerate(texts)]
    return RecipeRun.of(RECIPES.load(recipe)(), documents, task)


def test_redwhale_keeps_good_korean_once(tmp_path: Path) -> None:
    texts = [*KOREAN, *ENGLISH, *BAD, *KOREAN[:10]]
    found = run("redwhale", texts, KOREAN[:20])
    kept = [document.data.decode() for document in found]
    assert set(kept) <= set(KOREAN)
    assert len(kept) == len(set(kept)) > 25
    steps = {each.step: each for each in found.figures}
    assert list(steps) == ["script", "rules", "copies", "likelihood"]
    assert steps["script"].documents == len(texts)
    assert steps["script"].kept_documents == len(texts) - 5
    assert steps["rules"].kept_documents <= steps["script"].kept_documents - 5
    assert len(kept) + len(found.dropped) == len(texts)
    spans = read_spans(found.write_dropped(tmp_path / "dropped.jsonl"))
    assert spans["file:40"]["script"][0][:2] == (0, len(ENGLISH[0]))


def test_pints_keeps_what_explains() -> None:
    found = run("pints", [*TEXTBOOK, *STORY], TEXTBOOK[:5])
    kept = {document.data.decode() for document in found}
    assert kept
    assert kept <= set(TEXTBOOK)
    assert len(pints.recipe(examples=True)) == len(pints.recipe()) + 1


def test_scripts() -> None:
    scores = redwhale.ScriptScorer().score(["한국어 abc".encode(), b"abc", b"12", "ㅋㅋ".encode()])
    assert scores.tolist() == [0.5, 0.0, 0.0, 1.0]
    assert redwhale.ScriptScorer("а-яё").score(["слово".encode()])[0] == 1.0


@pytest.mark.parametrize("name", [*RECIPES, *PARTS])
def test_names_stand_for_something(name: str) -> None:
    registry = RECIPES if name in RECIPES else PARTS
    assert callable(registry.load(name))
    assert registry[name].systems
    assert np.all([system.startswith("S") for system in registry[name].systems])
