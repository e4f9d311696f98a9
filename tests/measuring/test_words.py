import pytest

from tokenry.measuring import count_words, word_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two  three", 3),
        ("don't stop", 2),
        ("'quoted' text", 2),
        ("naïve cafe\u0301", 2),  # a combining mark stays in its word
        ("v2 = 3.14", 2),  # v2, 3.14
        ("東京タワー", 3),  # 東, 京, タワー: katakana stay together
        ("สวัสดี", 4),  # four letters, two of them with vowel signs
        ("हिन्दी भाषा", 2),
        ("snake_case", 1),
        ("한국어 문장", 2),
        ("!!! ... ---", 0),
        ("abc東京def", 4),
    ],
)
def test_word_rule(text: str, words: int) -> None:
    assert count_words(text.encode()) == words


def test_bytes_that_are_not_text_are_no_words() -> None:
    assert count_words(b"\xff\xfe ok \x80") == 1


@pytest.mark.parametrize("text", ["It's naïve, 東京 e-mail!", "👩‍👩‍👧 a\u0301b", "", "x"])
def test_spans_are_those_of_the_words(text: str) -> None:
    data = text.encode()
    words = [data[begin:end].decode() for begin, end in word_spans(data).tolist()]
    assert len(words) == count_words(data)
    assert all(any(map(str.isalnum, word)) for word in words)
    assert all(word.strip() == word for word in words)


def test_bytes_that_are_not_text_do_not_move_spans() -> None:
    data = b"\xff\xfe ok \x80 yes"
    assert [data[begin:end] for begin, end in word_spans(data).tolist()] == [b"ok", b"yes"]
