"""PSNR and SSIM are those of scikit-image."""

from __future__ import annotations

import numpy as np
import pytest

from shares import draw
from tokenry.errors import SignalError
from tokenry.signals.measures.fidelity import MOST, absolute_error, psnr, squared_error
from tokenry.signals.measures.structural import ssim

metrics = pytest.importorskip("skimage.metrics")
RNG = np.random.default_rng(draw("fidelity").getrandbits(32))


def pair(shape: tuple[int, ...], spread: float) -> tuple[np.ndarray, np.ndarray]:
    low = RNG.random((shape[0], 4, 4, 3))
    smooth = np.repeat(np.repeat(low, -(-shape[1] // 4), 1), -(-shape[2] // 4), 2)
    a = (255 * smooth[:, : shape[1], : shape[2]]).astype(np.uint8)
    b = np.clip(a + RNG.normal(0, spread, a.shape), 0, 255).astype(np.uint8)
    return a, b


@pytest.mark.parametrize("shape", [(3, 32, 32, 3), (2, 11, 17, 3), (2, 40, 24, 3)])
@pytest.mark.parametrize("spread", [1.0, 20.0, 90.0])
def test_psnr_and_ssim_are_those_of_scikit_image(shape: tuple[int, ...], spread: float) -> None:
    a, b = pair(shape, spread)
    for place, (one, two) in enumerate(zip(a, b, strict=True)):
        expected = metrics.peak_signal_noise_ratio(one, two)
        assert psnr(a, b)[place] == pytest.approx(expected, abs=1e-9)
        assert squared_error(a, b)[place] == pytest.approx(metrics.mean_squared_error(one, two))
        expected = metrics.structural_similarity(
            one, two, data_range=255, channel_axis=-1, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False,
        )  # fmt: skip
        assert ssim(a, b)[place] == pytest.approx(expected, abs=1e-9)


def test_the_same_pictures_are_at_the_end_of_each_scale() -> None:
    a, _ = pair((2, 16, 16, 3), 1.0)
    assert (psnr(a, a) == MOST).all()
    assert ssim(a, a) == pytest.approx(1.0)
    assert (absolute_error(a, a) == 0).all()


def test_many_pictures_in_parts_are_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = pair((5, 16, 16, 3), 30.0)
    monkeypatch.setattr("tokenry.signals.measures.structural._AT_ONCE", 2 * a[0].size)
    one_by_one = [float(ssim(one[None], two[None])[0]) for one, two in zip(a, b, strict=True)]
    assert ssim(a, b).tolist() == pytest.approx(one_by_one)


def test_what_cannot_be_compared() -> None:
    a, b = pair((2, 16, 16, 3), 1.0)
    with pytest.raises(SignalError, match="decoded pictures are float64"):
        psnr(a, b / 255)
    with pytest.raises(SignalError, match=r"decoded pictures are \(1, 16, 16, 3\), the originals"):
        psnr(a, b[:1])
    with pytest.raises(SignalError, match="original pictures are"):
        psnr(a[0], b[0])
    with pytest.raises(SignalError, match="needs 11 or more"):
        ssim(a[:, :10], b[:, :10])
