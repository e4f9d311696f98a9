"""The best row for each vector, a block of the table of scores at a time.

A codebook of 16,384 rows and a batch of 16,384 vectors would have a table of a gigabyte; blocks of
four million scores need 16 megabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

BLOCK: Final = 1 << 22


def best_rows(vectors: Tensor, rows: Tensor, bias: Tensor, *, block: int = BLOCK) -> Tensor:
    """For each vector the row of largest ``vector @ row + bias``, the first of equals.

    Args:
        vectors: shape (n, size).
        rows: shape (codes, size).
        bias: of each row, shape (codes,).
        block: scores that are in memory at once.

    Returns:
        Indexes, shape (n,), int64.
    """
    import torch

    step = max(1, block // max(1, len(rows)))
    best = torch.empty(len(vectors), dtype=torch.int64, device=vectors.device)
    turned = rows.t()
    for start in range(0, len(vectors), step):
        part = vectors[start : start + step]
        best[start : start + step] = torch.addmm(bias, part, turned).argmax(-1)
    return best
