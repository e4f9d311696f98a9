"""What a model of a tokenizer.json says: its pieces, read into a vocabulary and a segmenter.

A file spells pieces; what a spelling stands for depends on the components around the model, so it
is given as a `Spelling`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.sections import NamedIds
from tokenry.formats.tokenizer_json.tokens import Tokens, tokens_of_ids
from tokenry.text.components import Spelling
from tokenry.text.parts import Pretokenizer, Segmenter
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.vocabulary import BYTE_ALPHABET, METASPACE, Vocabulary, from_byte_level

PieceAndRole = tuple[bytes, str | None]  # canonical bytes, and the role where the id has one
ALPHABET = frozenset(BYTE_ALPHABET)
BYTE_TOKENS = {f"<0x{byte:02X}>": bytes([byte]) for byte in range(256)}


@dataclass(frozen=True)
class ModelSection(ABC):
    """What a file's model says, before ids of added tokens are known.

    Attributes:
        tokens: what each id is called.
        unknown: id for what cannot be encoded.
        node: the model in the file.
    """

    kind: ClassVar[str]
    # What may stand before it: components that spell bytes, and marks for spaces.
    spellings: ClassVar[frozenset[Spelling]] = frozenset(("plain",))

    # Whether a token is only its bytes or characters; else it also says where it may stand.
    has_affixes: ClassVar[bool] = False
    # Whether `piece` is `spelled_piece`, but for byte tokens.
    only_spells: ClassVar[bool] = False

    @property
    def continuation(self) -> str | None:
        """The prefix, where `piece` is `from_wordpiece`; None where it is anything else."""
        return None

    tokens: Tokens
    unknown: int | None
    node: Node

    @property
    def has_byte_tokens(self) -> bool:
        """Whether tokens such as ``<0x0A>`` are bytes."""
        return False

    @abstractmethod
    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for."""

    @abstractmethod
    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> Segmenter:
        """The segmenter of the model over its finished vocabulary."""

    def uncut(self, vocabulary: Vocabulary) -> Pretokenizer:
        """What cuts text for the core that the file does not cut, where that changes no ids."""
        return NativePretokenizer("whole")

    def symbols(self, vocabulary: Vocabulary, spelling: Spelling) -> NDArray[np.uint32] | None:
        """The bytes or characters that it knows, where it drops all others without a word."""
        return None


def spelled_piece(text: str, spelling: Spelling) -> PieceAndRole:
    """What a token stands for in a model that looks for pieces in text."""
    if spelling == "bytes":
        # A token that is not spelled in the alphabet is in the file but in no text.
        known = ALPHABET.issuperset(text)
        return (from_byte_level(text), None) if known else (text.encode(), "unused")
    if spelling == "marks":
        return text.replace(METASPACE, " ").encode(), "unused" if " " in text else None
    return text.encode(), None


def read_vocab(node: Node) -> Tokens:
    """Tokens of an object of ids by token.

    Raises:
        FormatError: an id is none, or given twice; a token is no text.
    """
    if isinstance(node.value, NamedIds):
        return node.value.tokens
    return tokens_of_ids(node.object(), node.path)


def finds_byte_tokens(node: Node, tokens: Tokens) -> bool:
    """Whether a model falls back to tokens such as ``<0x0A>``, and has some of them."""
    if not node.get_flag("byte_fallback", False):
        return False
    return any(tokens.find(text) is not None for text in BYTE_TOKENS)
