"""The word rule behind "tokens per 1,000 words", for text in any script."""

from __future__ import annotations

from functools import cache

import regex

WORD_RULE = (
    "a run of letters, marks and numbers (inner apostrophes included) is one word; each letter of "
    "Han, Hiragana, Katakana, Thai, Lao, Khmer and Myanmar, written without spaces, is one word"
)
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"


@cache
def _pattern() -> regex.Pattern[str]:
    alone = rf"[[{_UNSPACED}]&&\p{{L}}]\p{{M}}*+"
    run = rf"[[\p{{L}}\p{{M}}\p{{N}}]--[[{_UNSPACED}]&&\p{{L}}]]"
    return regex.compile(rf"{alone}|{run}++(?:['’]{run}++)*+", regex.V1)


def count_words(data: bytes) -> int:
    """Words of UTF-8 text by `WORD_RULE`; bytes that are not UTF-8 belong to no word.

    >>> count_words("It's 3 o'clock: 東京 です".encode())
    7
    """
    text = data.decode("utf-8", "replace")
    return sum(1 for _ in _pattern().finditer(text))
