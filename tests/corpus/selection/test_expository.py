from __future__ import annotations

from tokenry.corpus.selection.expository import ExpositoryScorer

TEXTBOOK = (
    b"A prime is defined as a number with two divisors. For example, seven is prime, because no "
    b"smaller number divides it. Therefore its only divisors are one and itself."
)
STORY = b'"Where were you?" she said. I told him that we had lost our way, and he laughed at me.'
ADVERT = b"Click here! Buy now! You save your money! Free! Sign up!"


def test_textbooks_before_stories_and_advertisements() -> None:
    textbook, story, advert = ExpositoryScorer().score([TEXTBOOK, STORY, ADVERT])
    assert textbook > 5 > 0 > max(story, advert)


def test_words_are_whole_and_lists_are_the_callers() -> None:
    scorer = ExpositoryScorer(("weil",), ("ich",))
    assert scorer.score([b"weil das so ist", b"weilen und sich", b"ich"]).tolist() == [
        5.0,
        0.0,
        -5.0,
    ]
