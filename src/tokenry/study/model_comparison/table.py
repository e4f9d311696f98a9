"""A comparison as a table: a row a tokenizer."""

from __future__ import annotations

import numpy as np

from tokenry.study.model_comparison.content import BudgetKind, ComparedModels, ModelComparison

_HEADS = [
    "tokenizer", "ids", "rows", "bytes/token", "parameters", "Mflop/byte",
    "bits/byte, same text", "bits/byte, same operations", "text read then",
    "same serving",
]  # fmt: skip


def table_of(found: ModelComparison) -> tuple[list[str], list[list[str]]]:
    """Heads and rows; bits per byte with the spread over seeds."""
    return list(_HEADS), [_row(found, each) for each in found.tokenizers]


def _row(found: ModelComparison, each: ComparedModels) -> list[str]:
    first = each.bytes[0]
    return [
        each.name if each.lossless else f"{each.name}†",
        f"{each.vocabulary_size:,}",
        f"{each.rows:,}",
        f"{each.bytes_per_token:.3f}",
        f"{first.parameters:,}",
        f"{first.flops / found.learning_bytes / 1e6:.3g}",
        _bits(found, each, "bytes"),
        _bits(found, each, "compute"),
        f"{each.compute[0].read:.0%}",
        _bits(found, each, "serving"),
    ]


def _bits(found: ModelComparison, each: ComparedModels, budget: BudgetKind) -> str:
    values = found.bits_per_byte(each, budget)
    spread = f" ± {np.std(values, ddof=1):.4f}" if len(values) > 1 else ""
    return f"{np.mean(values):.4f}{spread}"
