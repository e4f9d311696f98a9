import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.measuring import (
    Sample,
    encode_sample,
    renyi_efficiency,
    renyi_entropy,
    shannon_efficiency,
    vocabulary_use,
)


def test_uniform_has_full_entropy_at_every_order() -> None:
    for order in (0.5, 1, 2, 2.5):
        assert renyi_entropy(np.full(16, 7), order) == pytest.approx(4)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20).filter(any))
def test_against_the_definition(frequencies: list[int]) -> None:
    p = [f / sum(frequencies) for f in frequencies if f]
    shannon = -sum(x * math.log2(x) for x in p)
    renyi = math.log2(sum(x**2.5 for x in p)) / (1 - 2.5)
    counts = np.array(frequencies)
    assert renyi_entropy(counts, 1) == pytest.approx(shannon, abs=1e-9)
    assert renyi_entropy(counts, 2.5) == pytest.approx(renyi, abs=1e-9)
    assert renyi_entropy(counts, 2.5) <= renyi_entropy(counts, 1) + 1e-9


def test_denominator_is_the_full_vocabulary(tokenizer) -> None:
    # 256 bytes, one piece, one special; the hole at 258 is no id of the vocabulary
    encoded = encode_sample(tokenizer, Sample.of([b"cdcd", b"cd"]))
    assert encoded.vocabulary_size == 258
    assert shannon_efficiency(encoded).value == pytest.approx(1 / math.log2(258))
    assert renyi_efficiency(encoded).value == pytest.approx(1 / math.log2(258))
    assert vocabulary_use(encoded).value == pytest.approx(2 / 258)


def test_intervals_lie_around_the_value(tokenizer) -> None:
    documents = [bytes([97 + (i * k) % 26 for k in range(40)]) for i in range(40)]
    encoded = encode_sample(tokenizer, Sample.of(documents))
    for figure in (shannon_efficiency(encoded), renyi_efficiency(encoded)):
        assert figure.interval is not None
        assert figure.interval.low < figure.value < figure.interval.high
