"""The models WordPiece and WordLevel of a tokenizer.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import ModelSection, PieceAndRole, read_vocab
from tokenry.text.components import Spelling
from tokenry.text.segmenters.spaced_wordpiece import SpacedWordPieceSegmenter
from tokenry.text.segmenters.wordpiece import NO_CONTINUATIONS, WordPieceSegmenter
from tokenry.vocabulary import MAX_ID, Vocabulary, from_wordpiece

LONGEST_WORD = 100  # characters, where a file does not say
CONTINUATION = "##"


@dataclass(frozen=True)
class WordPieceSection(ModelSection):
    """Pieces that start words, and pieces that continue them.

    Attributes:
        prefix: what spells a continuation.
    """

    kind: ClassVar[str] = "WordPiece"

    prefix: str = CONTINUATION

    @property
    def continuation(self) -> str:
        """The prefix."""
        return self.prefix

    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for."""
        return from_wordpiece(text, self.prefix), None

    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> WordPieceSegmenter:
        """The segmenter of the model over its finished vocabulary."""
        longest = self.node.get("max_input_chars_per_word")
        limit = LONGEST_WORD if longest is None else longest.integer(MAX_ID)
        may_be_spaced = self.tokens.core.holds(f"{self.prefix} ".encode())
        items = self.tokens.items() if may_be_spaced else ()
        spaced = tuple(id_ for id_, text in items if self._is_spaced(text))
        if spaced:
            return SpacedWordPieceSegmenter(vocabulary, self.unknown, limit, self.prefix, spaced)
        return WordPieceSegmenter(vocabulary, self.unknown, limit, self.prefix)

    def _is_spaced(self, text: str) -> bool:
        return text.startswith(self.prefix + " ")


def read_wordpiece(node: Node) -> WordPieceSection:
    """Read the model WordPiece.

    Raises:
        FormatError: it is malformed.
    """
    tokens = read_vocab(node.need("vocab"))
    unknown = tokens.find(node.get_text("unk_token"))
    given = node.get_text("continuing_subword_prefix")
    prefix = CONTINUATION if given is None else given
    return WordPieceSection(tokens, unknown, node, prefix)


@dataclass(frozen=True)
class WordLevelSection(ModelSection):
    """Whole words only."""

    kind: ClassVar[str] = "WordLevel"

    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for."""
        return b" " + text.encode(), None

    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> WordPieceSegmenter:
        """The segmenter of the model over its finished vocabulary."""
        return WordPieceSegmenter(vocabulary, self.unknown, MAX_ID, NO_CONTINUATIONS)


def read_word_level(node: Node) -> WordLevelSection:
    """Read the model WordLevel.

    Raises:
        FormatError: it is malformed.
    """
    tokens = read_vocab(node.need("vocab"))
    return WordLevelSection(tokens, tokens.find(node.get_text("unk_token")), node)
