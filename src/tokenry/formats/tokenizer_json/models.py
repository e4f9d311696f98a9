"""The models of a tokenizer.json, by their type: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.bpe import read_bpe
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.formats.tokenizer_json.sections import ScoredTokens
from tokenry.formats.tokenizer_json.unigram import read_unigram
from tokenry.formats.tokenizer_json.wordpiece import read_word_level, read_wordpiece

MODELS: Final[Mapping[str, Callable[[Node], ModelSection]]] = {
    "BPE": read_bpe,
    "Unigram": read_unigram,
    "WordPiece": read_wordpiece,
    "WordLevel": read_word_level,
}


def read_model(node: Node) -> ModelSection:
    """Read a model's pieces and settings.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it asks for what tokenry does not do.
    """
    kind = node.get_text("type") or _guess(node)
    reader = MODELS.get(kind)
    if reader is None:
        node.unsupported(f"the model {kind!r} is not supported")
    return reader(node)


def _guess(node: Node) -> str:
    # Files of the first releases do not name the model.
    if node.get("merges") is not None:
        return "BPE"
    if node.get("vocab") is not None and isinstance(node.need("vocab").value, list | ScoredTokens):
        return "Unigram"
    return "WordPiece" if node.get("continuing_subword_prefix") is not None else "WordLevel"
