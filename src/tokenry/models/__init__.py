"""Models that predict the next id, behind one protocol.

`causal_model` opens a folder or wraps a model; what it gives is a `CausalModel`.
"""

from tokenry.models.causal import CausalModel, CausalOutput, Counters, log_softmax
from tokenry.models.enumerable import Enumerable
from tokenry.models.opening import causal_model
from tokenry.models.registry import ADAPTERS
from tokenry.models.rows import Rows, check_rows, rows_of
from tokenry.models.state import State

__all__ = [
    "ADAPTERS",
    "CausalModel",
    "CausalOutput",
    "Counters",
    "Enumerable",
    "Rows",
    "State",
    "causal_model",
    "check_rows",
    "log_softmax",
    "rows_of",
]
