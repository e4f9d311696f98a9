"""Changing the vocabulary of a tokenizer that a model already knows: one operation a file.

Each operation returns a `Surgery`: the new tokenizer, and the `IdMap` that says where each row of
an embedding matrix goes and of which old rows a new one is made. docs/surgery.md says what stays
equal under which operation.
"""

from tokenry.surgery.extend import extend
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.surgery.pad import next_multiple, next_power_of_two, pad
from tokenry.surgery.prune import prune
from tokenry.surgery.reorder import reorder
from tokenry.surgery.specials import add_specials, rename, reserve
from tokenry.surgery.truncate import truncate

__all__ = [
    "IdMap",
    "Surgery",
    "add_specials",
    "extend",
    "next_multiple",
    "next_power_of_two",
    "pad",
    "prune",
    "rename",
    "reorder",
    "reserve",
    "truncate",
]
