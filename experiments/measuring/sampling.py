"""Text that small language models make up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tokenry.neural.recipes.language import LanguageModel


class Decodes(Protocol):
    """A tokenizer, or what stands for one."""

    def decode(self, ids: Sequence[int], /) -> str:
        """Text of ids."""


def sampled(
    trained: LanguageModel, tokenizer: Decodes, count: int, length: int, seed: int
) -> list[str]:
    """Texts of so many ids, each drawn from what the model says; an end begins the next document.

    Args:
        trained: the model; texts begin behind its end of documents.
        tokenizer: of the model, whose ids come before the end.
        count: texts.
        length: ids of each, at most what the model learnt to read at a time.
        seed: of the draws.
    """
    import torch

    source = torch.Generator().manual_seed(seed)
    rows = torch.full((count, 1), trained.end)
    cache, made = trained.model.new_cache(), []
    with torch.no_grad():
        last = rows
        for _ in range(min(length, trained.context - 1)):
            chances = trained.model(last, cache=cache)[:, -1].float().softmax(dim=-1)
            last = torch.multinomial(chances, 1, generator=source)
            made.append(last)
    ids = torch.cat(made, dim=1).tolist()
    return [tokenizer.decode([id_ for id_ in row if id_ != trained.end]) for row in ids]
