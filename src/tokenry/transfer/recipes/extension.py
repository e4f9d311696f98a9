"""A new language: pieces are appended to the vocabulary and the model, which is trained in stages.

Larcher et al. 2023, "Cabrita: closing the gap for foreign languages", arXiv:2308.11878 (all of the
model at once); Vo et al. 2024, "RedWhale", arXiv:2408.11294 (rows, then odd layers, then even ones,
then all by LoRA; new rows are means of sub-pieces). Old ids keep their rows bit by bit; new ones
begin as the mean of the old ids that they stand for, which for BPE is exactly what text had in
their place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from tokenry.progress import Progress, silent
from tokenry.surgery import Surgery, extend
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer.combinators import FirstOf
from tokenry.transfer.contract import RowInitialiser
from tokenry.transfer.heal import ADAPTERS, ROWS, HealStage
from tokenry.transfer.initialisers.copied import CopiedRows
from tokenry.transfer.initialisers.mapped import MappedRows
from tokenry.transfer.initialisers.mean import MeanRow
from tokenry.transfer.transplant import Transplant, transplant

CABRITA: Final = (HealStage("all", ("*",), 1.0, 1e-4),)
REDWHALE: Final = (
    HealStage("rows", (ROWS,), 0.25, 1e-4),
    HealStage("odd layers", ("*.[0-9]*[13579].*", "*.[13579].*"), 0.25, 2e-4),
    HealStage("even layers", ("*.[0-9]*[02468].*", "*.[02468].*"), 0.25, 2e-4),
    HealStage("low rank", (ROWS, ADAPTERS), 0.25, 1e-4, rank=16),
)


def extend_model(
    model: str | os.PathLike[str],
    pieces: Tokenizer | Iterable[bytes | str],
    out: str | os.PathLike[str],
    *,
    size: int | None = None,
    init: RowInitialiser | None = None,
    tokenizer: Tokenizer | None = None,
    progress: Progress = silent,
) -> tuple[Transplant, Surgery]:
    """Write a model that has the pieces of a second tokenizer, or words, behind its own.

    Args:
        model: a folder, as for `transplant`.
        pieces: see `tokenry.surgery.extend`.
        out: a folder that does not exist yet; train it with `heal` and one of the stages above.
        size: ids in all, at most.
        init: of new rows; None: means of what they stand for.
        tokenizer: None: that of the folder.
    """
    old = tokenizer or load(model)
    surgery = extend(old, pieces, size=size)
    mapped = MappedRows(surgery.ids)
    made = FirstOf((mapped, MeanRow()) if init is None else (CopiedRows(), init, mapped, MeanRow()))
    return transplant(
        model, surgery.tokenizer, out, init=made, old_tokenizer=old, progress=progress
    ), surgery
