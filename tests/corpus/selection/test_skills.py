from __future__ import annotations

import numpy as np
import pytest
from selection_texts import RAW, documents

from tokenry.corpus.selection.skills import SkillGraph, mined
from tokenry.errors import CorpusError

REFERENCE = [b"long division and prime numbers", b"prime numbers and modular arithmetic",
             b"long division", b"a picnic"]  # fmt: skip
GRAPH = SkillGraph.of_skills(
    ["long division", "prime numbers", "modular arithmetic", "never seen"], REFERENCE
)


def test_the_graph_of_a_reference_set() -> None:
    assert GRAPH.skills == ("long division", "prime numbers", "modular arithmetic")
    assert GRAPH.weights.tolist() == [0.5, 0.5, 0.25]
    assert np.array_equal(GRAPH.edges, GRAPH.edges.T)
    assert GRAPH.edges[0, 1] == pytest.approx(0.5)
    assert GRAPH.edges[1, 2] == pytest.approx(1 / np.sqrt(2))
    assert GRAPH.edges[0, 2] == 0.0
    with pytest.raises(CorpusError, match="no skill stands"):
        SkillGraph.of_skills(["never seen"], REFERENCE)


def test_skills_that_belong_together_count_more() -> None:
    together, apart, none = GRAPH.score(
        [b"Prime numbers, modular arithmetic", b"Long division, modular arithmetic", b"a picnic"]
    )
    assert together > apart > none == 0.0


def test_scores_are_the_quadratic_form() -> None:
    text = b"prime numbers prime numbers long division"
    having = np.array([1 / 2, 2 / 3, 0.0])
    roots = np.sqrt(GRAPH.weights)
    pairs = [(0, 1), (1, 2), (0, 2)]
    weight = {pair: roots[pair[0]] * roots[pair[1]] * GRAPH.edges[pair] for pair in pairs}
    whole = GRAPH.weights.sum() + sum(weight.values())
    expected = having @ GRAPH.weights + sum(
        having[a] * having[b] * value for (a, b), value in weight.items()
    )
    assert GRAPH.score([text])[0] == pytest.approx(expected / whole)


def test_skills_are_mined_where_the_raw_corpus_has_them_seldom() -> None:
    found = mined(documents("good", 30, 2), RAW[60:])
    assert {"theorem", "lemma"} <= set(found)
    assert not {"buy", "click here"} & set(found)
    assert mined(RAW[60:], RAW[60:]) == []
