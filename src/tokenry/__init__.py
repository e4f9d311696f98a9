"""Tokenry: the token layer of foundation models.

Names are imported when they are first used, so that ``import tokenry`` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from tokenry.version import VERSION as __version__

if TYPE_CHECKING:
    from tokenry.errors import TokenryError as TokenryError
    from tokenry.text.ragged import Ragged as Ragged
    from tokenry.tokenizer import Tokenizer as Tokenizer
    from tokenry.tokenizer import load as load
    from tokenry.vocabulary import Vocabulary as Vocabulary

_HOMES = {
    "Ragged": "tokenry.text.ragged",
    "Tokenizer": "tokenry.tokenizer",
    "TokenryError": "tokenry.errors",
    "Vocabulary": "tokenry.vocabulary",
    "load": "tokenry.tokenizer",
}
__all__ = ["Ragged", "Tokenizer", "TokenryError", "Vocabulary", "__version__", "load"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'tokenry' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
