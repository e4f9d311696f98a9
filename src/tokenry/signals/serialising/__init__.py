"""Codes to the ids of a language model and back: pure functions of integers, all invertible.

Codes of an item have shape (tokens, slots). An order says in which sequence places are read, a
pattern at which step each slot of each token stands, `IdSpace` which id a code is.
"""

from tokenry.signals.serialising.id_space import IdSpace
from tokenry.signals.serialising.serialiser import Serialiser

__all__ = ["IdSpace", "Serialiser"]
