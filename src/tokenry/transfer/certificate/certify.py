"""Certify a model with another tokenizer beside the one that it was made from."""

from __future__ import annotations

import os
from collections.abc import Sequence

from tokenry.files import write_text
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.certificate.content import Certificate
from tokenry.transfer.certificate.rows import row_checks, row_norms
from tokenry.transfer.certificate.structure import structure_checks
from tokenry.transfer.certificate.subject import Subject, SubjectPair
from tokenry.transfer.certificate.text import number_check, passages, text_figures, text_losses
from tokenry.transfer.certificate.tokens import costly_tokens

JSON, PAGE = "certificate.json", "certificate.html"


def certify(
    before: str | os.PathLike[str],
    after: str | os.PathLike[str],
    texts: Sequence[str] = (),
    *,
    old_tokenizer: Tokenizer | None = None,
    trained: bool = False,
    seed: int = 0,
    write: bool = True,
) -> Certificate:
    """Look at everything that a change of tokenizer breaks elsewhere.

    Args:
        before: the folder of the model as it was.
        after: the folder of the model with another tokenizer.
        texts: to measure bits per byte on; without any these figures are left out.
        old_tokenizer: None: that of ``before``.
        trained: the model was trained since, so rows of shared ids may differ.
        seed: of what is drawn.
        write: leave `JSON` and `PAGE` in ``after``.

    Raises:
        ModelError: a folder is no model.
    """
    pair = SubjectPair(Subject(before, old_tokenizer), Subject(after), seed, trained)
    parts = passages(texts)
    losses = text_losses(pair, parts)
    figures = text_figures(pair, parts, losses)
    found = Certificate(
        architecture=pair.after.tensors.architecture,
        before=pair.before.tokenizer.fingerprint(),
        after=pair.after.tokenizer.fingerprint(),
        trained=trained,
        checks=(*structure_checks(pair), *row_checks(pair), number_check(figures)),
        norms=tuple(row_norms(pair)),
        figures=figures,
        tokens=costly_tokens(pair, parts, losses[1] if losses else None),
    )
    if write:
        from tokenry.transfer.certificate.page import render

        found.save(pair.after.folder.path / JSON)
        write_text(pair.after.folder.path / PAGE, render(found, pair.after.folder.path.name))
    return found
