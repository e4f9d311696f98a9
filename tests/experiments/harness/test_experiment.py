"""What experiments state."""

from __future__ import annotations

import pytest

from experiments.harness.experiment import Table


def test_a_table_refuses_rows_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="1 cells"):
        Table("t", ("a", "b"), (("only",),))
