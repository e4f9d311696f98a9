"""PanGu-pi: a vocabulary without the ids that a corpus hardly uses, and the model's rows with it.

Tang et al. 2024, "Rethinking Optimization and Architecture for Tiny Language Models",
arXiv:2402.02791. Ids are counted on a corpus and the least used go; in a small model their rows are
a large part of all parameters (there 100k ids to 48k; what is saved is spent on the body). What is
kept is closed under merges, with all single bytes and specials (`tokenry.surgery.prune`), so every
text can still be written, and text of kept ids has the ids, and the logits, that it had.

It does not train, and makes no deeper body.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from tokenry.progress import Progress, silent
from tokenry.surgery import Surgery, prune
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer.combinators import FirstOf
from tokenry.transfer.initialisers.mapped import MappedRows
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.transplant import Transplant, transplant


def prune_model(
    model: str | os.PathLike[str],
    corpus: Iterable[str],
    out: str | os.PathLike[str],
    *,
    size: int | None = None,
    min_uses: int = 1,
    tokenizer: Tokenizer | None = None,
    progress: Progress = silent,
) -> tuple[Transplant, Surgery]:
    """Write a model without the ids that a corpus uses least.

    Args:
        model: a folder, as for `transplant`.
        corpus: texts.
        out: a folder that does not exist yet.
        size: ids to keep, at most; None for all that are used.
        min_uses: ids with fewer uses go.
        tokenizer: None: that of the folder.

    Raises:
        VocabularyError: ``size`` has no room for what must stay; others as for `transplant`.
    """
    old = tokenizer or load(model)
    surgery = prune(old, corpus, min_uses=min_uses, size=size)
    init = FirstOf((MappedRows(surgery.ids), MeanRow()))
    made = transplant(
        model, surgery.tokenizer, out, init=init, old_tokenizer=old, progress=progress
    )
    return made, surgery
