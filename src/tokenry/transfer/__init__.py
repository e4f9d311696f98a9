"""Putting another tokenizer under a trained model.

`match` says which ids are the same; an initialiser plans the rows of the others as a `RowPlan`,
which can be looked at, mixed and saved.
"""

from tokenry.transfer.chunks import ChunkAlignment, align
from tokenry.transfer.combinators import FirstOf, Mix, Renorm
from tokenry.transfer.context import Donor, TransferContext
from tokenry.transfer.contract import RowInitialiser
from tokenry.transfer.matching import Matches, match
from tokenry.transfer.registry import INITIALISERS, initialiser
from tokenry.transfer.row_plan import RowPlan
from tokenry.transfer.transplant import Transplant, transplant
from tokenry.transfer.vectors import Space

__all__ = [
    "INITIALISERS",
    "ChunkAlignment",
    "Donor",
    "FirstOf",
    "Matches",
    "Mix",
    "Renorm",
    "RowInitialiser",
    "RowPlan",
    "Space",
    "TransferContext",
    "Transplant",
    "align",
    "initialiser",
    "match",
    "transplant",
]
