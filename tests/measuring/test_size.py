"""Nested vocabularies are measured as if each had been learnt, and the rule is kept."""

from __future__ import annotations

import pytest

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.learning import learn
from tokenry.measuring import ModelShape, Sample, sweep_sizes
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.tokenizer import Tokenizer

SHAPE = ModelShape(width=16, layers=2)


@pytest.fixture(scope="module")
def tokenizer(prose_text: str) -> Tokenizer:
    return learn([prose_text[:200_000]], vocab_size=2000)


@pytest.fixture(scope="module")
def sample(prose_text: str) -> Sample:
    return Sample.of(each.encode() for each in prose_text[200_000:260_000].split("\n\n"))


def test_each_size_is_what_learning_it_gives(
    tokenizer: Tokenizer, sample: Sample, prose_text: str
) -> None:
    sweep = sweep_sizes(tokenizer, [1000, 300, 2000], sample, shape=SHAPE)
    assert [point.size for point in sweep.points] == [300, 1000, 2000]
    for point in sweep.points:
        alone = learn([prose_text[:200_000]], vocab_size=point.size)
        assert point.tokens == sum(len(alone.encode(each)) for each in sample.documents)
        assert point.bytes_per_token.value == sample.sizes.sum() / point.tokens
        assert point.bytes_per_token.interval is not None


def test_costs_follow_the_formula(tokenizer: Tokenizer, sample: Sample) -> None:
    (point,) = sweep_sizes(tokenizer, [500], sample, shape=SHAPE).points
    blocks = 12 * 2 * 16**2
    assert point.row_parameters == 500 * 16
    assert point.row_share == 8000 / (8000 + blocks)
    per_token = 2 * blocks + 2 * 16 * 500
    assert point.flops_per_byte == pytest.approx(per_token / point.bytes_per_token.value)
    untied = ModelShape(width=16, layers=2, tied=False)
    (other,) = sweep_sizes(tokenizer, [500], sample, shape=untied).points
    assert other.row_parameters == 2 * point.row_parameters
    assert other.flops_per_byte == point.flops_per_byte


def test_recommends_by_the_rule(tokenizer: Tokenizer, sample: Sample) -> None:
    sizes = [300, 500, 1000, 1500, 2000]
    costs = {
        point.size: point.flops_per_byte
        for point in sweep_sizes(tokenizer, sizes, sample, shape=SHAPE).points
    }
    for tolerance in (0.0, 0.01, 0.2):
        sweep = sweep_sizes(tokenizer, sizes, sample, shape=SHAPE, tolerance=tolerance)
        near = [size for size in sizes if costs[size] <= min(costs.values()) * (1 + tolerance)]
        assert sweep.recommended == near[0]
    # A wide and shallow model pays for its output layer, a deep one for its tokens.
    shallow, deep = ModelShape(width=64, layers=1), ModelShape(width=512, layers=24)
    assert (
        sweep_sizes(tokenizer, sizes, sample, shape=shallow).recommended
        < sweep_sizes(tokenizer, sizes, sample, shape=deep).recommended
    )


def test_sizes_that_the_data_did_not_give_are_left_out(
    tokenizer: Tokenizer, sample: Sample
) -> None:
    sweep = sweep_sizes(tokenizer, [1000, 4000, 8000], sample, shape=SHAPE)
    assert [point.size for point in sweep.points] == [1000, 2000]
    assert sweep.to_json()["recommended"] in (1000, 2000)


def test_refuses_what_it_cannot_measure(tokenizer: Tokenizer, sample: Sample) -> None:
    with pytest.raises(VocabularyError, match="no sizes"):
        sweep_sizes(tokenizer, [], sample)
    with pytest.raises(VocabularyError, match="lack single bytes"):
        sweep_sizes(tokenizer, [100], sample)
    with pytest.raises(VocabularyError, match="width 0"):
        ModelShape(width=0)
    words = WordPieceSegmenter(tokenizer.vocabulary, None)
    other = Tokenizer(**tokenizer.parts() | {"segmenter": words})  # type: ignore[arg-type]
    with pytest.raises(UnsupportedError, match="WordPieceSegmenter"):
        sweep_sizes(other, [500], sample)
