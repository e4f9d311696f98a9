"""Ids of two tokenizers that stand for the same."""

from __future__ import annotations

from tokenry.learning import learn
from tokenry.measuring.shared_ids import map_ids, shared_ids


def test_counts_are_of_the_map() -> None:
    text = ["low lower lowest low " * 9]
    first = learn(text, vocab_size=260, special_tokens=("<|a|>",))
    second = learn(text, vocab_size=259, special_tokens=("<|b|>",))
    id_map = map_ids(first, second)
    assert id_map.shape == (260,)
    assert id_map[0] == -1
    found = shared_ids(first, second, id_map)
    assert (found.shared, found.only_first) == (258, 2)
    assert found.only_second == 1
    assert found.same_id == 258
    assert found.examples_only_first == ("<|a|>", " low")


def test_a_tokenizer_shares_all_with_itself() -> None:
    tokenizer = learn(["low lower lowest low " * 9], vocab_size=259)
    id_map = map_ids(tokenizer, tokenizer)
    assert id_map.tolist() == list(range(259))
    found = shared_ids(tokenizer, tokenizer, id_map)
    assert (found.only_first, found.only_second, found.examples_only_first) == (0, 0, ())
