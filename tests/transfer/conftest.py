"""Two tokenizers that share half of their pieces, and old rows to make new ones from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import Donor, TransferContext
from tokenry.transfer.row_plan import Floats, Role

WIDTH = 24


@pytest.fixture(scope="session")
def old(prose_text: str) -> Tokenizer:
    specials = ("<|endoftext|>", "<|pad|>")
    return learn([prose_text], vocab_size=900, special_tokens=specials)


@pytest.fixture(scope="session")
def new(prose_text: str, code_text: str) -> Tokenizer:
    texts = [prose_text[:50_000], code_text[:100_000]]
    return learn(texts, vocab_size=1200, special_tokens=("<|endoftext|>", "<|user|>"))


def random_rows(size: int, width: int = WIDTH, seed: int = 0) -> Callable[[Role], Floats]:
    """Matrices of both roles, each with a mean of its own."""

    def rows(role: Role) -> Floats:
        draw = np.random.default_rng(seed + (role == "output"))
        return (draw.normal(size=(size, width)) + draw.normal(size=width)).astype(np.float32)

    return rows


@pytest.fixture(scope="session")
def context(old: Tokenizer, new: Tokenizer, prose_text: str, code_text: str) -> TransferContext:
    donor = Donor(new, random_rows(len(new), width=16, seed=7))
    return TransferContext(
        old=old,
        new=new,
        old_rows=random_rows(len(old) + 5),  # padded, as published models are
        donor=donor,
        corpus=[prose_text[:8_000], code_text[:8_000]],
        parallel=[("the cat sees a dog", "def cat return dog")] * 3,
    )
