"""What a notebook says of a tokenizer."""

from __future__ import annotations

from tokenry.learning import learn


def test_a_notebook_shows_the_facts_of_a_tokenizer() -> None:
    specials = tuple(f"<|{i}&|>" for i in range(9))
    shown = learn(["low lower " * 9], vocab_size=270, special_tokens=specials)._repr_html_()
    for text in ("270", "BytePairSegmenter", "&lt;|0&amp;|&gt;", "and 3 more", "yes"):
        assert text in shown
    assert "<|" not in shown
    assert len(shown) < 1_500
