import pytest

from tokenry.measuring import count_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two  three", 3),
        ("don't stop", 2),
        ("'quoted' text", 2),
        ("naïve cafe\u0301", 2),  # a combining mark stays in its word
        ("v2 = 3.14", 3),  # v2, 3, 14
        ("東京タワー", 5),
        ("สวัสดี", 4),  # four letters, two of them with vowel signs
        ("हिन्दी भाषा", 2),
        ("snake_case", 2),
        ("한국어 문장", 2),
        ("!!! ... ---", 0),
        ("abc東京def", 4),
    ],
)
def test_word_rule(text: str, words: int) -> None:
    assert count_words(text.encode()) == words


def test_bytes_that_are_not_text_are_no_words() -> None:
    assert count_words(b"\xff\xfe ok \x80") == 1
