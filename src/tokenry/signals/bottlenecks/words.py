"""Bits as words of at most sixteen: 64 bits are four slots of 65,536 codes, and no table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

WORD: Final = 16


def word_levels(bits: int) -> tuple[int, ...]:
    """Levels of the words of so many bits."""
    whole, rest = divmod(bits, WORD)
    return (2**WORD,) * whole + ((2**rest,) if rest else ())


def words_of(bits: Tensor) -> Tensor:
    """Words of truth values along the last axis, the first bit of a word counting least."""
    import torch

    weights = 2 ** (torch.arange(bits.shape[-1], device=bits.device) % WORD)
    parts = torch.split(bits.long() * weights, WORD, -1)
    return torch.stack([each.sum(-1) for each in parts], -1)


def bits_of_words(words: Tensor, bits: int) -> Tensor:
    """Truth values of words; the inverse of `words_of`."""
    import torch

    place = torch.arange(bits, device=words.device)
    return torch.eq((words[..., place // WORD] >> (place % WORD)) % 2, 1)


def binary_entropy(probability: Tensor) -> Tensor:
    """Nats of a truth value with this probability."""
    from torch.special import entr

    entropy: Tensor = entr(probability) + entr(1 - probability)
    return entropy
