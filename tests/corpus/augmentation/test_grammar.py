from __future__ import annotations

from itertools import product

import pytest

from tokenry.corpus.augmentation.grammar import LexicalGrammar, read_tree, rule_of
from tokenry.corpus.augmentation.phrases import shallow_trees
from tokenry.errors import CorpusError

TREES = [
    "(S (NP (D the) (N cat)) (VP (V eats) (NP (D a) (N fish))))",
    "(S (NP (D a) (N dog)) (VP (V sleeps)))",
    "(S (NP (NP (D the) (N dog)) (PP (P with) (NP (D a) (N cat)))) (VP (V sleeps)))",
]
GRAMMAR = LexicalGrammar.of(map(read_tree, TREES))


def test_rules_are_shares_of_their_left_sides() -> None:
    assert GRAMMAR.rules["NP", ("D", "N")] == pytest.approx(5 / 6)
    assert GRAMMAR.rules["VP", ("V",)] == pytest.approx(2 / 3)
    assert GRAMMAR.rules["N", ('"cat"',)] == pytest.approx(2 / 5)
    totals: dict[str, float] = {}
    for (left, _), share in GRAMMAR.rules.items():
        totals[left] = totals.get(left, 0.0) + share
    assert all(total == pytest.approx(1.0) for total in totals.values())


def test_new_sentences_are_the_grammars() -> None:
    old = {" ".join(tree.words) for tree in GRAMMAR.trees}
    new = list(GRAMMAR.sentences(200, seed=4))
    assert {" ".join(tree.words) for tree in new} - old
    assert all(GRAMMAR.accepts(tree.words) for tree in new)
    assert all(rule_of(node) in GRAMMAR.rules for tree in new for node in tree.nodes())
    assert [tree.words for tree in GRAMMAR.sentences(200, seed=4)] == [t.words for t in new]
    kept = {tuple(tree.words) for tree in GRAMMAR.sentences(50, change=0.0)}
    assert kept <= {tuple(tree.words) for tree in GRAMMAR.trees}


def test_the_chart_is_what_derivation_gives() -> None:
    """Against all sentences of at most five words that rules derive, by brute force."""

    def derived(label: str, size: int) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        for left, right in GRAMMAR.rules:
            if left != label:
                continue
            if right[0].startswith('"'):
                found |= {(right[0].strip('"'),)} if size >= 1 else set()
            elif len(right) <= size:
                parts = [derived(each, size - len(right) + 1) for each in right]
                joined = (sum(each, ()) for each in product(*parts))
                found |= {words for words in joined if len(words) <= size}
        return found

    sentences = derived("S", 4)
    words = sorted({word for tree in GRAMMAR.trees for word in tree.words})
    for size in (1, 2, 3):
        for each in product(words, repeat=size):
            assert GRAMMAR.accepts(each) == (each in sentences), each
    assert all(GRAMMAR.accepts(each) for each in sorted(sentences)[::37])
    assert not GRAMMAR.accepts([])


@pytest.mark.parametrize(
    "text", ["", "cat", "(S", "(S (N cat)", "(N two words)", "(N a) (N b)", "(S)"]
)
def test_what_is_no_tree(text: str) -> None:
    with pytest.raises(CorpusError):
        read_tree(text)


def test_heads_are_kept_or_not() -> None:
    node = read_tree(TREES[0])
    assert node.head == "fish"
    assert read_tree("(NP (D the) (N ox))").head == "ox"
    assert ("NP", "fish") in GRAMMAR.pools


def test_shallow_trees_of_plain_text() -> None:
    texts = ["The cat sat on the mat. The dog lay on the rug, and the bird sang.\nOne"]
    trees = shallow_trees(texts, function_words=3)
    assert [tree.words[:3] for tree in trees] == [["The", "cat", "sat"], ["The", "dog", "lay"]]
    grammar = LexicalGrammar.of(trees)
    assert all(grammar.accepts(tree.words) for tree in grammar.sentences(20, seed=1))
    with pytest.raises(CorpusError, match="give one or more"):
        LexicalGrammar.of([])
