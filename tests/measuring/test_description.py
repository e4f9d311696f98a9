"""What a tokenizer holds, in a few facts."""

from __future__ import annotations

from tokenry.learning import learn
from tokenry.measuring.description import Description, describe


def test_facts_are_those_of_the_tokenizer() -> None:
    tokenizer = learn(["low lower lowest " * 9], vocab_size=262, special_tokens=("<|a|>",))
    found = describe(tokenizer)
    assert (found.ids, found.pieces) == (262, 261)
    sizes = [len(piece) for piece in tokenizer.vocabulary.pieces[1:] if piece]
    assert found.longest_piece_bytes == max(sizes)
    assert found.mean_piece_bytes == round(sum(sizes) / 261, 2)
    assert found.roles == {"special": 1}
    assert found.specials == ("<|a|>",)
    assert found.split == "o200k"
    assert found.normalizer is None
    assert found.fingerprint == tokenizer.fingerprint()
    assert Description.from_json(found.to_json()) == found
