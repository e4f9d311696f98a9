from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tokenry.corpus import Corpus
from tokenry.corpus.recipes.contract import RecipeRun
from tokenry.corpus.recipes.redwhale import recipe
from tokenry.corpus.selecting import evened, select_documents, tempered
from tokenry.corpus.selection.contract import SelectionTask
from tokenry.errors import CorpusError
from tokenry.learning import learn

COOK = [f"salt and flour for loaf {n}, butter in the oven for {n} hours" for n in range(40)]
CODE = [f"def f{n}(x): return x + {n} if x else import{n}" for n in range(120)]
TOKENIZER = learn([*COOK, *CODE], vocab_size=300)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    for name, texts in (("cook", COOK), ("code", CODE)):
        lines = (json.dumps({"text": text}) for text in ["", *texts])
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return Corpus.from_paths(tmp_path)


def taken(corpus: Corpus, **options: object) -> dict[str, int]:
    found = select_documents(corpus, TOKENIZER, **options)  # type: ignore[arg-type]
    return {Path(source).stem: int(times.sum()) for source, times in found.choice.times.items()}


def test_documents_like_the_target(corpus: Corpus) -> None:
    target = [text.encode() for text in COOK[:5]]
    budget = int(TOKENIZER.count_batch(COOK).sum()) // 2
    found = select_documents(corpus, TOKENIZER, budget, method="importance", target=target)
    assert {Path(s).stem: int(t.sum()) > 0 for s, t in found.choice.times.items()} == {
        "cook": True, "code": False
    }  # fmt: skip
    figures = {each.group: each for each in found.groups}
    assert figures["cook"].documents == 40
    assert budget <= figures["cook"].taken_tokens <= budget + max(TOKENIZER.count_batch(COOK))
    assert figures["code"].taken_tokens == 0
    again = select_documents(corpus, TOKENIZER, budget, method="importance", target=target)
    assert again.choice.digest == found.choice.digest
    assert found.places[0][1] == 1  # the empty record before it counts
    with pytest.raises(CorpusError, match="needs target"):
        select_documents(corpus, TOKENIZER, budget, method="importance")


def test_shares_of_groups(corpus: Corpus) -> None:
    sizes = {"cook": TOKENIZER.count_batch(COOK).sum(), "code": TOKENIZER.count_batch(CODE).sum()}
    budget = float(sum(sizes.values())) / 4
    natural = taken(corpus, budget=budget, shares="natural")
    assert natural["code"] > 2 * natural["cook"]
    even = taken(corpus, budget=budget, shares="equal")
    assert even["cook"] > natural["cook"]
    flat = taken(corpus, budget=budget, shares=tempered(100.0))
    assert abs(flat["cook"] - even["cook"]) <= 2
    whole = float(sum(sizes.values()))
    repeated = taken(corpus, budget=whole, shares=evened(whole, 4), repeat=True)
    assert repeated["cook"] > 50  # more often than there are
    assert max(taken(corpus, budget=whole, shares={"cook": 1.0, "code": 0.0}).values()) == 40


def test_the_sample_and_batches_change_nothing_of_chance(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = select_documents(corpus, TOKENIZER, 500, seed=3)
    monkeypatch.setattr("tokenry.corpus.selecting._BATCH", 100)
    second = select_documents(corpus, TOKENIZER, 500, seed=3, sample=10)
    assert first.choice.digest == second.choice.digest
    assert np.array_equal(first.sizes, second.sizes)
    assert select_documents(corpus, TOKENIZER, 500, seed=4).choice.digest != first.choice.digest


def test_a_recipe_is_a_method(tmp_path: Path) -> None:
    """What `select_documents` takes by a recipe is what a run of the recipe keeps."""
    korean = [f"이 집은 언덕 위에 있고 {n}번째 방에는 의자가 있다. 바람이 불면 창문이 운다."
              for n in range(12)]  # fmt: skip
    texts = [*korean, *COOK[:5], *korean[:3]]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    corpus = Corpus.from_paths(tmp_path / "a.jsonl")
    target = [text.encode() for text in korean]
    tokenizer = learn(texts, vocab_size=300)
    found = select_documents(corpus, tokenizer, np.inf, method="redwhale", target=target)
    times = found.choice.of_source(str(tmp_path / "a.jsonl"))
    raw = [text.encode() for text in texts]
    run = RecipeRun.of(recipe(), corpus, SelectionTask(tokenizer, raw, target))
    kept = {document.data for document in run}
    assert {raw[i] for i in np.flatnonzero(times).tolist()} == kept
    assert 0 < times.sum() == len(kept) <= 12


def test_what_cannot_be_chosen_from(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="chosen of files"):
        select_documents(Corpus.from_texts(["a"]), TOKENIZER, 1)
    (tmp_path / "a.jsonl").write_text('{"text": ""}\n')
    with pytest.raises(CorpusError, match="no documents in these files"):
        select_documents(Corpus.from_paths(tmp_path / "a.jsonl"), TOKENIZER, 1)
