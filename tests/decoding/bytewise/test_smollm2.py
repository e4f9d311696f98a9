"""A real model byte by byte: one call and one position a byte, few covers, sums of one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tokenry
from tokenry.decoding.bytewise import ByteModel
from tokenry.errors import ModelError
from tokenry.models import causal_model

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.models
PROMPT = b"The capital of France is Pa"


@pytest.fixture(scope="module")
def bytewise(smollm2: Path) -> ByteModel:
    torch.set_num_threads(1)
    return ByteModel(causal_model(smollm2), tokenry.load(smollm2), begin=[0], ends=[0])


def test_one_call_a_byte_and_few_covers(bytewise: ByteModel) -> None:
    before = bytewise.model.counters.copy()
    lanes = bytewise.lanes([PROMPT])
    first = lanes.next_bytes()[0]
    assert (bytewise.model.counters - before).calls == 1  # the prompt, whatever its length
    assert chr(int(first.argmax())) == "r"  # an id that ends in the middle of a word is no trouble
    written = b"ris, and it's"
    before = bytewise.model.counters.copy()
    for byte in written:
        lanes = lanes.advance([bytes([byte])])
        assert abs(lanes.next_bytes().sum() - 1) < 1e-12
        assert lanes.covers()[0] <= 8
    spent = bytewise.model.counters - before
    assert spent.calls == len(written)
    assert spent.positions <= 2 * len(written)
    again = ByteModel(bytewise.model, bytewise.tokenizer, begin=[0], ends=[0])
    fresh = again.next_byte_logprobs(PROMPT + written)
    np.testing.assert_allclose(np.exp(fresh), lanes.next_bytes()[0], atol=1e-6)  # float32 within


def test_texts_of_a_batch_share_calls(bytewise: ByteModel) -> None:
    texts = [b"Hel", b"The capital of France is", b"1 + 1 =  "]
    before = bytewise.model.counters.copy()
    found = np.exp(bytewise.next_byte_logprobs_batch(texts))
    assert (bytewise.model.counters - before).calls == 1
    for text, row in zip(texts, found, strict=True):
        np.testing.assert_allclose(row, np.exp(bytewise.next_byte_logprobs(text)), atol=1e-5)


def test_a_byte_without_an_id_is_named(bytewise: ByteModel) -> None:
    """SmolLM2 has no id for 21 bytes; texts without them are texts like any other."""
    assert 0x04 not in bytewise.spelling.written
    with pytest.raises(ModelError, match="no id of this tokenizer writes the byte 4"):
        bytewise.next_byte_logprobs(b"a\x04")
    assert bytewise.logprob(b"a\x04") == -np.inf
    assert not np.exp(bytewise.next_byte_logprobs(b"a"))[0x04]
