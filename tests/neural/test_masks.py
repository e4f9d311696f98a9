"""Masks of torch: what is left out as plain, and padding."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from tokenry.neural.masks import mask_of  # noqa: E402
from tokenry.neural.topologies.bidirectional import Bidirectional  # noqa: E402
from tokenry.neural.topologies.causal import Causal  # noqa: E402
from tokenry.neural.topologies.window import SlidingWindow  # noqa: E402

CPU = torch.device("cpu")


def test_what_torch_does_by_itself_has_no_mask() -> None:
    assert mask_of(Causal(), 5, 5, None, CPU) == (None, True)
    assert mask_of(Causal(), 1, 5, None, CPU) == (None, False)
    assert mask_of(Bidirectional(), 3, 3, None, CPU) == (None, False)
    assert mask_of(SlidingWindow(window=9), 1, 5, None, CPU) == (None, False)
    mask, plain = mask_of(Causal(), 2, 4, None, CPU)
    assert mask[0, 0].tolist() == [[True, True, True, False], [True] * 4]
    assert not plain


def test_padding_is_seen_by_itself_alone() -> None:
    """No row is empty, whatever torch makes of empty rows."""
    present = torch.tensor([[False, True, True], [True, True, False]])
    mask, plain = mask_of(Causal(), 3, 3, present, CPU)
    assert not plain
    assert mask[0, 0].int().tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert mask[1, 0].int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert mask_of(Causal(), 2, 3, present, CPU)[0][1, 0].int().tolist() == [[1, 1, 0], [1, 1, 1]]
