"""Added tokens are found where `tokenizers` finds them."""

from __future__ import annotations

import random
import time

import pytest
from tokenizers import AddedToken as TheirToken
from tokenizers import Tokenizer, models, normalizers

from shares import share
from tokenry.errors import VocabularyError
from tokenry.text.added_tokens import AddedMatcher, Match
from tokenry.text.parts import AddedToken
from tokenry.text.preprocessing import Preprocessor

CONTENTS = ["<a>", "<ab>", "<", "ab", "abc", "b c", "  ", "é", "word", "字", "a", "<a", "\u2003x"]
ALPHABET = ["<", "a", "b", "c", ">", " ", "  ", "\t", "\n", "\x1c", "\x85", "\u2003", "\u00a0", "é"]
ALPHABET += ["word", "字", "_", "1", "\u0301", "-", "<a>", "<ab>", "abc", "x", "ſ", "😀", "\u200d"]


def their_matches(tokens: list[AddedToken], text: str) -> list[tuple[int, str]]:
    oracle = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    oracle.add_tokens(
        [
            TheirToken(
                each.content,
                lstrip=each.lstrip,
                rstrip=each.rstrip,
                single_word=each.single_word,
                normalized=False,
            )
            for each in tokens
        ]
    )
    encoding = oracle.encode(text)
    found = zip(encoding.ids, encoding.offsets, strict=True)
    return [(id_, text[begin:end]) for id_, (begin, end) in found if id_ != 0]


def our_matches(tokens: list[AddedToken], text: str) -> list[tuple[int, str]]:
    data = text.encode()
    found = AddedMatcher(tokens).find(data)
    return [(match.id, data[match.start : match.end].decode()) for match in found]


def test_matches_equal_those_of_tokenizers() -> None:
    rng = random.Random(5)
    for _ in range(1500):
        contents = rng.sample(CONTENTS, rng.randint(1, 6))
        tokens = [
            AddedToken(
                content,
                1 + place,
                special=False,
                lstrip=rng.random() < 0.3,
                rstrip=rng.random() < 0.3,
                single_word=rng.random() < 0.3,
            )
            for place, content in enumerate(contents)
        ]
        text = "".join(rng.choices(ALPHABET, k=rng.randint(0, 25)))
        assert our_matches(tokens, text) == their_matches(tokens, text), (tokens, text)


def test_a_normalized_token_is_looked_for_as_the_normalizer_leaves_it() -> None:
    class Lower:
        lossless = False

        def __call__(self, text: str) -> str:
            return text.lower()

    token = AddedToken("YES", 1, normalized=True)
    matcher = AddedMatcher([token], Lower())  # type: ignore[arg-type]
    assert [match.start for match in matcher.find(b"no yes")] == [3]
    assert normalizers.Lowercase().normalize_str("YES") == "yes"


def test_a_longer_token_is_not_found_past_the_end() -> None:
    matcher = AddedMatcher([AddedToken(" " * n, n, special=False) for n in (2, 4, 8)])
    assert [match[:2] for match in matcher.find(b"a      ")] == [(1, 5), (5, 7)]


def test_bytes_that_are_not_utf8_do_not_matter() -> None:
    matcher = AddedMatcher([AddedToken("<s>", 7, lstrip=True, rstrip=True, single_word=True)])
    assert matcher.find(b"\xff <s> \xe2\x80") == [(1, 6, 7)]


def test_two_tokens_of_the_same_text_are_refused() -> None:
    with pytest.raises(VocabularyError, match="same text"):
        AddedMatcher([AddedToken("a", 1), AddedToken("a", 2)])


def test_time_is_linear_in_the_text() -> None:
    tokens = [AddedToken(" " * size, size) for size in range(2, 400)]
    tokens += [AddedToken(f"<unused{number}>", 500 + number) for number in range(2000)]
    matcher = AddedMatcher(tokens)
    begin = time.perf_counter()
    data = (b" " * 399 + b"x" + b"<unused" * 20 + b"<unused77>") * 500
    matches = matcher.find(data)
    assert len(matches) == 1000
    assert time.perf_counter() - begin < 2


def test_a_match_ends_where_the_text_ends():
    matcher = AddedMatcher([AddedToken(" " * size, size) for size in (2, 4, 8)])
    assert matcher.find(b"a  ") == [(1, 3, 2)]
    assert matcher.find(b"a     ") == [(1, 5, 4)]


def test_one_matcher_finds_what_two_find_one_after_the_other(rng: random.Random) -> None:
    together = 0
    for _ in range(share(3000)):
        contents = rng.sample(["a", "ab", "ba", "<a>", "<", "<b", "b>", ">c", "cc", "c<", "ca"], 4)
        tokens = [AddedToken(content, number) for number, content in enumerate(contents)]
        first, second = AddedMatcher(tokens[:2]), AddedMatcher(tokens[2:])
        both = first.before(second)
        if both is None:
            continue
        together += 1
        data = "".join(rng.choices("abc<>", k=40)).encode()
        parts = Preprocessor(None, first, second).parts(data)
        assert both.find(data) == [part for part in parts if isinstance(part, Match)], contents
    assert together > share(3000) // 10


def test_tokens_with_rules_of_their_own_need_two_matchers() -> None:
    plain, strips = AddedToken("a", 1), AddedToken("b", 2, lstrip=True)
    assert AddedMatcher([plain]).before(AddedMatcher([strips])) is None
    assert AddedMatcher([strips]).before(AddedMatcher([plain])) is None
