"""Floating-point operations that torch carries out, counted as it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode


@contextmanager
def counted_flops() -> Iterator[Callable[[], int]]:
    """Count what runs in the block: two for each product and its sum, of matrix products alone.

    torch's own counter leaves out attention on the CPU, and fails where groups of heads share
    keys; both are counted here. Gives a function that says how many there were.
    """
    with FlopCounterMode(display=False, custom_mapping=_ATTENTION) as counter:
        yield counter.get_total_flops


def _forward(query: tuple[int, ...], key: tuple[int, ...], *_: Any, **__: Any) -> int:
    batch, heads, queries, size = query
    return 4 * batch * heads * queries * key[-2] * size


def _backward(_: Any, query: tuple[int, ...], key: tuple[int, ...], *__: Any, **___: Any) -> int:
    """Scores are computed again: five products instead of two."""
    return _forward(query, key) * 5 // 2


_aten = torch.ops.aten
_ATTENTION = {
    getattr(_aten, name): formula
    for formula, names in {
        _forward: (
            "_scaled_dot_product_flash_attention_for_cpu",
            "_scaled_dot_product_flash_attention",
            "_scaled_dot_product_efficient_attention",
        ),
        _backward: (
            "_scaled_dot_product_flash_attention_for_cpu_backward",
            "_scaled_dot_product_flash_attention_backward",
            "_scaled_dot_product_efficient_attention_backward",
        ),
    }.items()
    for name in names
}
