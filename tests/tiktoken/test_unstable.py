"""The open end of a text against tiktoken itself."""

from __future__ import annotations

import tiktoken

import tokenry.tiktoken as ours
from shares import draw, share
from small_tokenizers import learned_ranks
from tokenry.text.pretokenizers.split_patterns import PATTERNS

ALPHABET = [
    *"abc XYZ  \n\t\r.,!'01\u3000\x1c\x85é我🙂",
    "'s",
    " the",
    "<|endoftext|>",
    "  \n",
    "fan",
]
SPECIALS = {"<|endoftext|>": 3000}


def pairs() -> list[tuple[tiktoken.Encoding, ours.Encoding]]:
    return [
        tuple(
            kind(name, pat_str=PATTERNS[name], mergeable_ranks=learned_ranks(),
                 special_tokens=SPECIALS)
            for kind in (tiktoken.Encoding, ours.Encoding)
        )
        for name in ("gpt2", "cl100k", "o200k")
    ]  # type: ignore[misc]  # fmt: skip


def test_what_a_text_may_become() -> None:
    rng = draw("unstable")
    for theirs, own in pairs():
        for _ in range(share(120)):
            text = "".join(rng.choices(ALPHABET, k=rng.randint(0, 8)))
            for allowed in (set(), {"<|endoftext|>"}):
                expected = theirs.encode_with_unstable(
                    text, allowed_special=allowed, disallowed_special=()
                )
                stable, ends = own.encode_with_unstable(
                    text, allowed_special=allowed, disallowed_special=()
                )
                assert stable == expected[0], text
                assert sorted(ends) == sorted(expected[1]), text


def test_bytes_that_are_not_utf8() -> None:
    rng = draw("encode bytes")
    for theirs, own in pairs():
        for _ in range(share(800)):
            text = "".join(rng.choices(ALPHABET, k=rng.randint(0, 6))).encode()
            data = text + bytes(rng.choices(b"\xff\x80\xe2\x82 A\xed\x8b\n", k=rng.randint(0, 4)))
            data = data[rng.randint(0, 2) :]
            assert own._encode_bytes(data) == theirs._encode_bytes(data), data
            assert own.decode_bytes(own._encode_bytes(data)) == data
