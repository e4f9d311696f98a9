"""Information capacity: how many bits of text a model saves for the operations that it spends.

Source: Yuan et al. 2025, Information Capacity: Evaluating the Efficiency of Large Language
Models via Text Compression, arXiv:2511.08066. With N bytes a token, L bits a token that the
model needs and F operations a token,

    capacity = (8 N - L + b) / log2(F)

so a tokenizer with longer tokens counts for the model. b was fitted by the authors for each data
set (-24 for their mixed text), so figures of other data are comparable among each other only. As
there, each text is cut after so many tokens and its first token is left out. Bits per byte stand
beside it, and what a context holds in characters: tokens of two tokenizers are never compared by
number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from tokenry.auditing.bits import id_bits
from tokenry.errors import ArgumentError, CorpusError
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.measurement import Interval
from tokenry.models.causal import CausalModel
from tokenry.models.rows import check_rows
from tokenry.progress import Progress, silent
from tokenry.results import SavedResult
from tokenry.tokenizer import Tokenizer

OFFSET: Final = -24.0
LONGEST: Final = 1024


@dataclass(frozen=True)
class Capacity(SavedResult):
    """What a model makes of texts.

    Attributes:
        capacity: saved bits a token, plus ``offset``, by the logarithm of operations a token.
        bits_per_byte: of the tokens that count.
        bits_per_byte_interval: 95%, over texts.
        bits_per_character: the same by characters.
        bytes_per_token: of these texts.
        characters_per_token: of these texts.
        flops_per_token: operations of matrix products.
        context_tokens: what the model can hold; None for any number.
        context_characters: that in characters of such text.
        tokens: that count.
        texts: that were read.
        cut: of these cut after the longest stretch.
        offset: b.
    """

    format: ClassVar[str] = "tokenry-capacity"
    version: ClassVar[int] = 1

    capacity: float
    bits_per_byte: float
    bits_per_byte_interval: Interval | None
    bits_per_character: float
    bytes_per_token: float
    characters_per_token: float
    flops_per_token: float
    context_tokens: int | None
    context_characters: int | None
    tokens: int
    texts: int
    cut: int
    offset: float


def information_capacity(
    model: CausalModel,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    *,
    offset: float = OFFSET,
    longest: int = LONGEST,
    progress: Progress = silent,
) -> Capacity:
    """Read texts and say what they cost.

    Args:
        model: any causal one.
        tokenizer: of it.
        texts: each read by itself.
        offset: b of the data set.
        longest: tokens of each text that are read.
        progress: told how many texts are done.

    Raises:
        CorpusError: no text has two tokens.
        ModelError: the model has no row for an id.
    """
    if longest < 2:
        raise ArgumentError(f"longest={longest}; expected 2 or more tokens a text")
    check_rows(model, tokenizer)
    limit = min(longest, model.max_length or longest)
    encoded = tokenizer.encode_batch_with_spans(list(texts))
    rows, sizes, characters, cut = [], [], [], 0
    for text, (ids, spans) in zip(texts, encoded, strict=True):
        if len(ids) < 2:
            continue
        cut += len(ids) > limit
        rows.append([int(id_) for id_ in ids[:limit]])
        end = int(spans[min(limit, len(ids)) - 1, 1])
        read = text.encode()[int(spans[0, 1]) : end]
        sizes.append(len(read))
        characters.append(len(read.decode("utf-8", "ignore")))
    if not rows:
        raise CorpusError("no text has two tokens; give longer texts")
    before = model.counters.copy()
    bits = np.array([each.sum() for each in id_bits(model, rows, progress=progress)])
    spent = model.counters - before
    tokens = sum(len(row) - 1 for row in rows)
    size, letters = np.array(sizes, np.float64), float(sum(characters))
    flops = max(2.0, spent.flops / spent.positions)  # a table has none
    saved = (8 * size.sum() - bits.sum()) / tokens
    per_token = letters / tokens
    return Capacity(
        capacity=float((saved + offset) / np.log2(flops)),
        bits_per_byte=float(bits.sum() / size.sum()),
        bits_per_byte_interval=ratio_interval(bits, size, seed=0),
        bits_per_character=float(bits.sum() / letters),
        bytes_per_token=float(size.sum() / tokens),
        characters_per_token=per_token,
        flops_per_token=flops,
        context_tokens=model.max_length,
        context_characters=None if model.max_length is None else int(model.max_length * per_token),
        tokens=tokens,
        texts=len(rows),
        cut=cut,
        offset=offset,
    )
