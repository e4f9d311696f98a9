"""What is true of every decode stream."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from fuzz_text import fuzz_string
from tokenry.tokenizer import Tokenizer


def streamed(
    tokenizer: Tokenizer, ids: Sequence[int], prompt: Sequence[int] = (), **how: Any
) -> str:
    """All that a stream gives, joined."""
    stream = tokenizer.decode_stream(prompt, **how)
    return "".join([*map(stream.push, ids), stream.finish()])


def assert_streams(tokenizer: Tokenizer, rng: random.Random, count: int) -> None:
    """Joined it is the whole, for ids of texts and for any ids; a prompt only moves the start."""
    holes = {*tokenizer.vocabulary.holes()}
    known = [id_ for id_ in range(len(tokenizer)) if id_ not in holes]
    specials = tokenizer.pipeline.special_ids()
    for number in range(count):
        ids = rng.choices(known[:300] if number % 2 else known, k=rng.randrange(12))
        if number % 3 == 0:
            ids = tokenizer.encode(fuzz_string(rng), allowed_special="all")
        whole = tokenizer.decode(ids)
        assert streamed(tokenizer, ids) == whole, ids
        cut = rng.randrange(len(ids) + 1)
        first = tokenizer.decode_stream()
        settled = "".join(map(first.push, ids[:cut]))
        assert settled + streamed(tokenizer, ids[cut:], ids[:cut]) == whole, (ids, cut)
        plain = tokenizer.decode([id_ for id_ in ids if id_ not in specials])
        assert tokenizer.decode(ids, skip_special_tokens=True) == plain
        assert streamed(tokenizer, ids, skip_special_tokens=True) == plain
