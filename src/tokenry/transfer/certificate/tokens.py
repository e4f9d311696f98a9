"""The new ids that cost most in a text, and of what their rows were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tokenry.transfer.certificate.content import NewToken
from tokenry.transfer.certificate.subject import SubjectPair
from tokenry.transfer.certificate.text import TextLoss
from tokenry.transfer.row_plan import shown

MOST: Final = 12
PARTS: Final = 4  # old rows that are named


def costly_tokens(
    pair: SubjectPair, parts: Sequence[str], after: TextLoss | None
) -> tuple[NewToken, ...]:
    """By all their bits, or by their uses where no bits were measured."""
    if not parts:
        return ()
    tokenizer = pair.after.tokenizer
    ids = np.concatenate(list(tokenizer.encode_batch(parts))) if after is None else after.ids
    uses = np.bincount(ids, minlength=len(tokenizer))
    bits = None if after is None else np.bincount(ids, after.bits, minlength=len(tokenizer))
    fresh = pair.fresh[uses[pair.fresh] > 0]
    order = np.argsort(-(uses if bits is None else bits)[fresh], kind="stable")
    return tuple(
        NewToken(
            id_,
            shown(tokenizer.vocabulary.pieces, id_),
            int(uses[id_]),
            None if bits is None else float(bits[id_] / uses[id_]),
            _made(pair, id_),
        )
        for id_ in fresh[order][:MOST].tolist()
    )


def _made(pair: SubjectPair, id_: int) -> dict[str, str]:
    old = pair.before.tokenizer.vocabulary.pieces
    return {role: plan.explain(id_).made(old, PARTS) for role, plan in pair.after.plans.items()}
