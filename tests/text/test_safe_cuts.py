import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry import Tokenizer
from tokenry.learning import learn
from tokenry.text.safe_cuts import can_be_cut, exact_pieces

PATTERNS = ("gpt2", "cl100k", "o200k", "llama3", "qwen2")
TEXT = "I'll say: don't!\n\n  it's 1234 o'clock\n\tfor x in y:\n\t\tprint(x)  \nThe\r\nEnd.\n" * 9


@pytest.fixture(scope="module", params=PATTERNS)
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return learn([TEXT], vocab_size=280, pretokenizer=request.param)


# lines that begin and end with what the patterns look at
WORDS = ("a", "Ab", "'s", "'S", "'ll", "1", "123", ".", "/", "é", "東", "!", "-")
SPACES = (" ", "  ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\v", "\u2028", "\u0301")
LINES = (")\n", "x\ny", ".\nThe", "9\nA", "s\nLL")
parts = st.sampled_from((*WORDS, *SPACES, *LINES))


@given(st.lists(parts, max_size=60).map("".join), st.integers(1, 12))
def test_pieces_encode_as_the_whole(tokenizer: Tokenizer, text: str, size: int) -> None:
    assert can_be_cut(tokenizer.pipeline, frozenset())
    data = text.encode()
    pieces = list(exact_pieces(io.BytesIO(data), tokenizer.pipeline, size=size))
    assert b"".join(pieces) == data
    ids = [id_ for piece in pieces for id_ in tokenizer.encode(piece)]
    assert ids == tokenizer.encode(data)


def test_large_text_is_cut_at_all(tokenizer: Tokenizer) -> None:
    data = TEXT.encode() * 40
    pieces = list(exact_pieces(io.BytesIO(data), tokenizer.pipeline, size=4096))
    assert len(pieces) > 4


def test_what_cannot_be_cut_is_read_whole() -> None:
    special = learn([TEXT], vocab_size=280, special_tokens=("x\ny",))
    assert can_be_cut(special.pipeline, frozenset())
    assert not can_be_cut(special.pipeline, frozenset({"x\ny"}))
    stream = io.BytesIO(b"x\ny" * 9)
    pieces = list(exact_pieces(stream, special.pipeline, frozenset({"x\ny"}), size=4))
    assert pieces == [b"x\ny" * 9]
