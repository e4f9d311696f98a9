"""Masked diffusion: the loop, its policies, and readings that keep keys and values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tokenry.decoding.diffusion.policy import BlockView, highest
from tokenry.errors import ModelError
from tokenry.models import causal_model

torch = pytest.importorskip("torch")

from tokenry.decoding.diffusion.coverage import FreeCache, KeepBlocks, ReadAll  # noqa: E402
from tokenry.decoding.diffusion.denoiser import HIDDEN, Denoiser  # noqa: E402
from tokenry.decoding.diffusion.denoising import Denoised, Denoising, denoise  # noqa: E402
from tokenry.decoding.diffusion.policies.counted import (  # noqa: E402
    AtRandom,
    Confident,
    InOrder,
)
from tokenry.decoding.diffusion.policies.guided import GuidedUnmasking  # noqa: E402
from tokenry.decoding.diffusion.policies.learnt import LearntPolicy, PolicyNetwork  # noqa: E402
from tokenry.decoding.diffusion.policies.threshold import Threshold  # noqa: E402
from tokenry.neural import Transformer  # noqa: E402
from tokenry.neural.initialisers.normal import Normal  # noqa: E402
from tokenry.neural.topologies.bidirectional import Bidirectional  # noqa: E402

VOCAB = 11
PROMPTS = [[1, 2, 3], [4, 5, 6]]


def model(topology: Any = None, vocab: int = VOCAB + 1) -> Any:
    config = Transformer.small(vocab, width=32, layers=2, heads=2)
    backbone = config.backbone if topology is None else replace(config.backbone, topology=topology)
    return replace(config, backbone=backbone, initialiser=Normal(spread=0.3)).build(
        seed=1, dtype="float64"
    )


@pytest.fixture(scope="module")
def denoiser() -> Denoiser:
    return Denoiser(model(Bidirectional()))


def written(denoiser: Denoiser, **how: Any) -> Denoised:
    return denoise(denoiser, PROMPTS, Denoising(**{"length": 12, "block": 6, **how}))


POLICIES = [InOrder(6), InOrder(4), AtRandom(3), Confident(2), Threshold(0.3), Threshold(1.0)]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("reading", [ReadAll(), KeepBlocks(), KeepBlocks(suffix=True), FreeCache()])
def test_all_places_are_written_block_by_block(
    denoiser: Denoiser, policy: Any, reading: Any
) -> None:
    found = written(denoiser, policy=policy, coverage=reading)
    assert found.ids.shape == (2, 12)
    assert ((found.ids >= 0) & (found.ids < VOCAB)).all()
    assert (found.settled[:, :6].max(1) < found.settled[:, 6:].min(1)).all()
    assert (found.calls <= 12).all()


def test_counted_policies_take_their_steps(denoiser: Denoiser) -> None:
    for steps in (1, 4, 6):
        found = written(denoiser, policy=Confident(steps))
        assert found.calls.tolist() == [2 * steps] * 2
        sizes = [(found.settled[0] == number).sum() for number in range(steps)]
        assert sizes == [6 // steps + (number < 6 % steps) for number in range(steps)]
    in_order = written(denoiser, policy=InOrder(6))
    assert (np.diff(in_order.settled) == 1).all()


def test_ids_are_the_likeliest_given_what_is_settled(denoiser: Denoiser) -> None:
    found = written(denoiser, policy=InOrder(6))
    table = np.concatenate([PROMPTS, np.full((2, 12), HIDDEN)], axis=1)
    for place in range(3, 15):
        logits = denoiser.read(table, range(15))
        table[:, place] = logits[:, place].argmax(-1)
    assert found.ids.tolist() == table[:, 3:].tolist()


def test_the_most_confident_place_is_settled_where_a_policy_chooses_none(
    denoiser: Denoiser,
) -> None:
    one_by_one = written(denoiser, policy=Threshold(1.0))
    assert one_by_one.ids.tolist() == written(denoiser, policy=Confident(6)).ids.tolist()
    assert one_by_one.calls.tolist() == [12, 12]


def test_batches_give_what_each_gives_alone(denoiser: Denoiser) -> None:
    how = Denoising(length=12, block=6, policy=Threshold(0.3), coverage=KeepBlocks())
    together = denoise(denoiser, PROMPTS, how)
    for at, prompt in enumerate(PROMPTS):
        alone = denoise(denoiser, [prompt], how)
        assert alone.ids[0].tolist() == together.ids[at].tolist()
        assert alone.calls[0] == together.calls[at]


def test_a_kept_block_is_exact_in_its_first_call_and_cheaper_after(denoiser: Denoiser) -> None:
    def cost(reading: Any, steps: int) -> tuple[Any, int]:
        before = denoiser.counters.positions
        ids = written(denoiser, policy=Confident(steps), coverage=reading).ids.tolist()
        return ids, denoiser.counters.positions - before

    whole, most = cost(ReadAll(), 1)
    for reading in (KeepBlocks(), KeepBlocks(suffix=True)):
        assert cost(reading, 1) == (whole, most)  # one call a block: nothing is kept
        assert cost(reading, 6)[1] < cost(ReadAll(), 6)[1]
    frozen = cost(FreeCache(ahead=2), 6)[1]
    assert frozen == 2 * (3 + 6 * 8 + 6 + 6 * 6)  # prompt, block and two, block, block


def test_kept_keys_are_those_of_the_call_that_computed_them(denoiser: Denoiser) -> None:
    """With what was kept unchanged, a block read beside it gives what reading all gives."""
    table = np.concatenate([PROMPTS, np.full((2, 6), HIDDEN)], axis=1)
    reading = KeepBlocks().open(denoiser)
    reading.begin(table, 3, 6)
    first = reading.logits(table)
    again = reading.logits(table)
    np.testing.assert_allclose(first, denoiser.read(table, range(9))[:, 3:6], atol=1e-6)
    np.testing.assert_allclose(again, first, atol=1e-5)


def test_a_guide_settles_what_it_would_have_written(denoiser: Denoiser) -> None:
    guide = causal_model(model(vocab=VOCAB))
    before = np.array(PROMPTS)
    plain = [[], []]
    for at, prompt in enumerate(PROMPTS):
        text = [*prompt]
        while len(text) < 7:
            text.append(int(guide.start([text]).last[0].argmax()))
        plain[at] = text[3:]
    proposed = np.array(plain)
    proposed[0, 2] = (proposed[0, 2] + 1) % VOCAB  # the guide would have written something else
    masked = np.array([[True] * 4, [True, False, True, True]])
    view = BlockView(masked, proposed, np.ones((2, 4)), before, 0)
    assert GuidedUnmasking(guide).choose(view).tolist() == [
        [True, True, False, False],
        [True, False, True, True],
    ]
    assert GuidedUnmasking(guide, ranks=VOCAB).choose(view).tolist() == masked.tolist()


def test_highest_takes_masked_places_only() -> None:
    scores = np.array([[3.0, 9, 5], [1, 2, 3]])
    masked = np.array([[True, False, True], [True, True, True]])
    found = highest(scores, masked, np.array([2, 1]))
    assert found.tolist() == [[True, False, True], [False, False, True]]


def test_what_cannot_be_written(denoiser: Denoiser) -> None:
    with pytest.raises(ModelError, match="causal"):
        Denoiser(model())
    with pytest.raises(ModelError, match="one length"):
        denoise(denoiser, [[1], [1, 2]], Denoising())
    with pytest.raises(ModelError, match="below 11"):
        denoise(denoiser, [[11]], Denoising())
    with pytest.raises(ModelError, match="block"):
        Denoising(length=4, block=5)
    with pytest.raises(ModelError, match="comes before"):
        denoise(
            denoiser,
            [[]],
            Denoising(length=2, block=2, policy=GuidedUnmasking(causal_model(model(vocab=VOCAB)))),
        )


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU here")
@pytest.mark.parametrize("reading", [ReadAll(), KeepBlocks(), FreeCache()])
def test_a_gpu_writes_the_same(denoiser: Denoiser, reading: Any) -> None:
    there = Denoiser(model(Bidirectional()).to("cuda"))
    for policy in (Confident(3), LearntPolicy(PolicyNetwork(width=16).to("cuda"))):
        found, expected = (
            written(each, policy=policy, coverage=reading).ids for each in (there, denoiser)
        )
        assert found.tolist() == expected.tolist()
