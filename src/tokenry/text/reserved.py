"""Names for specials that wait for a meaning."""

from __future__ import annotations

from collections.abc import Container
from itertools import count, islice


def reserved_names(wanted: int, taken: Container[str] = ()) -> list[str]:
    """``<|reserved_0|>``, ``<|reserved_1|>``, ...: so many that are not taken.

    >>> reserved_names(2, {"<|reserved_0|>"})
    ['<|reserved_1|>', '<|reserved_2|>']
    """
    names = (f"<|reserved_{number}|>" for number in count())
    return list(islice((name for name in names if name not in taken), wanted))
