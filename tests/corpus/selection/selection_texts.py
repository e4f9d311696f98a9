"""Texts of two kinds for tests of selection, and a tokenizer of both."""

from __future__ import annotations

import random

from tokenry.learning import learn

WORDS = {
    "good": ("theorem", "proof", "lemma", "integral", "because", "therefore", "number", "sum"),
    "bad": ("click", "here", "buy", "now", "free", "offer", "shop", "deal", "sale", "win"),
}


def documents(kind: str, count: int, seed: int = 0, length: int = 30) -> list[bytes]:
    draw = random.Random(f"{kind} {seed}")
    return [" ".join(draw.choices(WORDS[kind], k=length)).encode() for _ in range(count)]


TOKENIZER = learn([*documents("good", 40, 9), *documents("bad", 40, 9)], vocab_size=330)
RAW = [*documents("good", 60), *documents("bad", 60)]
GOOD = list(range(60))
