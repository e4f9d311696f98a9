"""The calls of tiktoken, answered by tokenry: ``import tokenry.tiktoken as tiktoken``.

docs/tiktoken.md says what is the same and the few things that are not: above all, nothing is ever
downloaded unless ``get_encoding(name, download=True)`` asks for it.
"""

from tokenry.tiktoken.core import Encoding
from tokenry.tiktoken.model import encoding_for_model, encoding_name_for_model
from tokenry.tiktoken.registry import get_encoding, list_encoding_names

__all__ = [
    "Encoding",
    "encoding_for_model",
    "encoding_name_for_model",
    "get_encoding",
    "list_encoding_names",
]
