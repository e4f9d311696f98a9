"""A context makes what is costly once, and passes vectors on to another model's rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tokenry.transfer import TransferContext
from tokenry.transfer.row_plan import Floats, Role


def test_vectors_outlive_rows(context: TransferContext) -> None:
    given = replace(context, corpus=["a text of ours, read twice over"] * 20, _made={})
    space, first = given.vectors("new"), given.rows("input")

    def rows(role: Role) -> Floats:
        return np.ones_like(first)

    other = given.on_rows(rows)
    assert other.vectors("new") is space
    assert (other.rows("input") == 1).all()
    assert given.rows("input") is first
    assert other.matches.old_of_new.tolist() == given.matches.old_of_new.tolist()
