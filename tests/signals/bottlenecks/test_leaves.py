"""Leaves against brute force and against vector-quantize-pytorch; where gradients pass and stop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from shares import draw, part

torch = pytest.importorskip("torch")

from tokenry.errors import PartError  # noqa: E402
from tokenry.signals.bottlenecks.additive import AdditiveCodes  # noqa: E402
from tokenry.signals.bottlenecks.bsq import Bsq  # noqa: E402
from tokenry.signals.bottlenecks.digits import code_of, digits_of  # noqa: E402
from tokenry.signals.bottlenecks.fsq import Fsq  # noqa: E402
from tokenry.signals.bottlenecks.halves import LEVELS, code_of_half, half_of_code  # noqa: E402
from tokenry.signals.bottlenecks.integer import Integers  # noqa: E402
from tokenry.signals.bottlenecks.lookup import best_rows  # noqa: E402
from tokenry.signals.bottlenecks.vq import Vq  # noqa: E402
from tokenry.signals.bottlenecks.words import bits_of_words, word_levels, words_of  # noqa: E402
from tokenry.signals.distances.cosine import CosineDistance  # noqa: E402
from tokenry.signals.distances.joint import JointCosine  # noqa: E402
from tokenry.signals.gradients.rotation import RotationTrick  # noqa: E402
from tokenry.signals.revivals.dead_codes import DeadCodes  # noqa: E402
from tokenry.signals.revivals.reanchor import Reanchor  # noqa: E402
from tokenry.signals.updates.ema import EmaRows  # noqa: E402


def latents(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape).astype(np.float32))


@pytest.mark.parametrize("levels", part(range(1, 300)))
def test_codes_and_levels_are_a_bijection_at_every_number_of_levels(levels: int) -> None:
    """Also where division of floats loses some (26, 27, 38, 39, 42, ...)."""
    other = draw(levels).randint(1, 40)
    sizes = (levels, other, 3)
    codes = torch.arange(math.prod(sizes))
    assert torch.equal(code_of(digits_of(codes, sizes), sizes), codes)
    if levels > 1:
        fsq = Fsq(digits=(levels,))
        module = fsq.build().eval()
        vectors = fsq.vectors(module, torch.arange(levels)[:, None])
        assert len(vectors.unique()) == levels
        integers = Integers(steps=levels, size=1)
        values = integers.vectors(integers.build(), torch.arange(levels)[:, None])
        assert torch.equal(
            integers.forward(integers.build(), values, 1.0).codes[:, 0], torch.arange(levels)
        )


def test_every_level_of_fsq_is_reached() -> None:
    for digits in part([(each,) for each in range(2, 60)]):
        found = Fsq(digits=digits).build()(torch.linspace(-9, 9, 20_001)[:, None], 1.0).codes
        assert len(found.unique()) == digits[0]


def test_fsq_agrees_with_vector_quantize_pytorch() -> None:
    theirs = pytest.importorskip("vector_quantize_pytorch").FSQ
    x = latents(2, 500, 4) * 2
    for digits in ((8, 5, 5, 5), (4, 3, 9, 7), (8, 8, 6, 5)):
        found = Fsq(digits=digits).build()(x, 1.0)
        vectors, codes = theirs(list(digits))(x)
        assert torch.equal(found.codes[..., 0], codes.long())
        torch.testing.assert_close(found.vectors, vectors)


def test_lfq_bits_agree_with_vector_quantize_pytorch() -> None:
    theirs = pytest.importorskip("vector_quantize_pytorch").LFQ
    from tokenry.signals.bottlenecks.lfq import Lfq

    x = latents(2, 100, 9)
    found = Lfq(bits=9).build().eval()(x, 1.0)
    vectors, codes, _ = theirs(codebook_size=512, dim=9).eval()(x)
    torch.testing.assert_close(found.vectors, vectors)
    # Their first bit counts most, ours least.
    bits = bits_of_words(found.codes, 9).long()
    assert torch.equal((bits * 2 ** torch.arange(8, -1, -1)).sum(-1), codes.long())


@pytest.mark.parametrize("cosine", [False, True])
def test_vq_agrees_with_vector_quantize_pytorch(cosine: bool) -> None:
    theirs = pytest.importorskip("vector_quantize_pytorch").VectorQuantize
    ours = Vq(codes=32, size=6, **({"distance": CosineDistance()} if cosine else {}))
    module = ours.build().eval()
    other = theirs(dim=6, codebook_size=32, use_cosine_sim=cosine, rotation_trick=False).eval()
    rows = torch.nn.functional.normalize(latents(32, 6, seed=1), dim=-1)
    with torch.no_grad():
        module.book.table.copy_(rows)
        other._codebook.embed.copy_(rows[None])
    x = latents(3, 50, 6)
    found = module(x, 1.0)
    vectors, codes, _ = other(x)
    assert torch.equal(found.codes[..., 0], codes)
    torch.testing.assert_close(found.vectors.detach(), vectors)


def test_rotation_trick_agrees_with_vector_quantize_pytorch() -> None:
    theirs = pytest.importorskip("vector_quantize_pytorch.vector_quantize_pytorch").rotate_to
    x, chosen, weights = (
        latents(40, 5).requires_grad_(),
        latents(40, 5, seed=1),
        latents(40, 5, seed=2),
    )
    own = RotationTrick().passed(x, chosen, torch.zeros(40).long(), chosen, CosineDistance())
    assert torch.equal(own.detach(), chosen)
    (mine,) = torch.autograd.grad((own * weights).sum(), x)
    (other,) = torch.autograd.grad((theirs(x, chosen) * weights).sum(), x)
    torch.testing.assert_close(mine, other, atol=1e-4, rtol=1e-3)


def test_blocks_find_what_the_whole_table_finds() -> None:
    vectors, rows = latents(300, 7), latents(129, 7, seed=1)
    bias = -0.5 * rows.square().sum(-1)
    whole = torch.cdist(vectors, rows).argmin(-1)
    for block in (1, 1_000, 1 << 22):
        assert torch.equal(best_rows(vectors, rows, bias, block=block), whole)


def test_a_large_codebook_is_searched_without_a_table_of_scores() -> None:
    """16,384 codes for 4,096 vectors: the table would have 256 MB."""
    seen = []
    real = torch.addmm

    def watched(*given: torch.Tensor) -> torch.Tensor:
        found = real(*given)
        seen.append(found.numel())
        return found

    vectors, rows = latents(4_096, 8), latents(16_384, 8, seed=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "addmm", watched)
        codes = best_rows(vectors, rows, -0.5 * rows.square().sum(-1))
    assert max(seen) * 4 <= 16 << 20
    near = torch.cdist(vectors[:64], rows).argmin(-1)
    assert torch.equal(codes[:64], near)


def test_two_codebooks_with_one_index() -> None:
    """The row of least distance of the first half plus the weight times that of the second."""
    distance = JointCosine(first=2, weight=3.0)
    vq = Vq(codes=20, size=5, distance=distance)
    module = vq.build().eval()
    with torch.no_grad():
        module.book.table.copy_(latents(20, 5, seed=1))
    x = latents(30, 5)
    unit = torch.nn.functional.normalize
    rows = module.book.table
    first = (unit(x[:, None, :2], dim=-1) - unit(rows[:, :2], dim=-1)).square().sum(-1)
    second = (unit(x[:, None, 2:], dim=-1) - unit(rows[:, 2:], dim=-1)).square().sum(-1)
    assert torch.equal(module(x, 1.0).codes[:, 0], (first + 3 * second).argmin(-1))


def test_gradients_stop_where_they_must() -> None:
    """Commitment moves vectors alone, the codebook's loss rows alone, decoding vectors alone."""
    vq = Vq(codes=9, size=3)
    module, x = vq.build(), latents(20, 3).requires_grad_()
    found = module(x, 0.0)
    rows = module.book.table
    for loss, moved, still in (
        (found.losses["commitment"], x, rows),
        (found.losses["codebook"], rows, x),
        (found.vectors.square().sum(), x, rows),
    ):
        gradients = torch.autograd.grad(loss, (moved, still), allow_unused=True, retain_graph=True)
        assert float(gradients[0].abs().sum()) > 0
        assert gradients[1] is None or not float(gradients[1].abs().sum())
    (through,) = torch.autograd.grad(found.vectors.sum(), x)
    assert torch.equal(through, torch.ones_like(x))


def test_the_gradient_of_commitment_is_its_difference_quotient() -> None:
    vq = Vq(codes=9, size=3, commitment=1.0)
    module = vq.build().eval()
    with torch.no_grad():
        module.book.table.copy_(latents(9, 3, seed=1))
    x = (module.book.table[:1].detach() + 0.05).requires_grad_()

    def loss(at: torch.Tensor) -> torch.Tensor:
        chosen = vq.vectors(module, module(at, 1.0).codes)
        return (at - chosen).square().mean()

    (found,) = torch.autograd.grad(module(x, 1.0).losses["commitment"], x)
    step = 1e-2
    for axis in range(3):
        moved = torch.zeros(1, 3)
        moved[0, axis] = step
        quotient = (loss(x.detach() + moved) - loss(x.detach() - moved)) / (2 * step)
        assert float(found[0, axis]) == pytest.approx(float(quotient.detach()), rel=1e-2, abs=1e-3)


def test_rows_follow_the_means_of_their_vectors() -> None:
    for decay in (0.8, 1.0):
        vq = Vq(codes=4, size=2, update=EmaRows(decay=decay))
        module = vq.build().train()
        centres = torch.tensor([[2.0, 2], [-2, 2], [2, -2], [-2, -2]])
        with torch.no_grad():
            module.book.table.copy_(centres * 0.6)
            module.book.sums.copy_(centres * 0.6)
        for step in range(60):
            module(centres.repeat(8, 1) + 0.1 * latents(32, 2, seed=step), 0.0)
        torch.testing.assert_close(module.book.table.data, centres, atol=0.15, rtol=0)


@pytest.mark.parametrize("revival", [DeadCodes(), Reanchor(decay=0.9)])
def test_rows_that_no_vector_is_near_come_back(revival: object) -> None:
    vq = Vq(codes=16, size=2, revival=revival)  # type: ignore[arg-type]
    module = vq.build().train()
    with torch.no_grad():
        module.book.table[1:] += 50
    torch.manual_seed(0)
    for step in range(100):
        module(latents(128, 2, seed=step), 0.0)
    used = module.eval()(latents(512, 2), 1.0).codes.unique()
    assert len(used) >= 8


def test_words_and_bits() -> None:
    for bits in (1, 15, 16, 17, 64):
        truth = latents(50, bits) > 0
        words = words_of(truth)
        assert words.shape[-1] == len(word_levels(bits))
        assert all((words[:, i] < each).all() for i, each in enumerate(word_levels(bits)))
        assert torch.equal(bits_of_words(words, bits), truth)
    assert sum(math.log2(each) for each in word_levels(64)) == 64


def test_sixty_four_bits_need_no_table() -> None:
    bsq = Bsq(bits=64)
    found = bsq.build().train()(latents(8, 128, 64), 0.0)
    assert found.codes.shape == (8, 128, 4)
    assert torch.isfinite(found.losses["entropy"])


def test_numbers_of_half_precision_are_codes() -> None:
    every = torch.arange(LEVELS)
    values = half_of_code(every)
    assert torch.isfinite(values).all()
    assert torch.equal(code_of_half(values), every)
    x = latents(1_000) * 100
    assert torch.equal(half_of_code(code_of_half(x)), x.half().float())
    odd = torch.tensor([float("inf"), float("-inf"), float("nan"), 1e9])
    assert half_of_code(code_of_half(odd)).tolist() == [65504.0, -65504.0, 0.0, 65504.0]


def test_a_beam_finds_sums_at_least_as_near_as_one_after_another() -> None:
    x = latents(200, 4)
    errors = []
    for beam in (1, 8, 64):
        part_ = AdditiveCodes(codes=8, depth=2, size=4, beam=beam)
        torch.manual_seed(0)
        module = part_.build().eval()
        found = module(x, 1.0)
        errors.append(float((found.vectors - x).square().sum()))
    rows = module.rows.detach()
    sums = rows[0][:, None] + rows[1][None]
    best = torch.cdist(x, sums.reshape(-1, 4)).square().min(-1).values.sum()
    assert errors[0] >= errors[1] >= errors[2] - 1e-3
    assert errors[2] == pytest.approx(float(best), rel=1e-4)


def test_levels_that_cannot_be_are_refused() -> None:
    for wrong in ((), (0, 3), (2**31, 2**31, 2)):
        with pytest.raises(PartError, match="levels of Fsq"):
            Fsq(digits=wrong)
    with pytest.raises(PartError, match="power of two"):
        Fsq.of_codes(1000)
    assert math.prod(Fsq.of_codes(1024).digits) == 1024
