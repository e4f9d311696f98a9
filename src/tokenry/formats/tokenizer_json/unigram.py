"""The model Unigram of a tokenizer.json."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import (
    BYTE_TOKENS,
    ModelSection,
    PieceAndRole,
    finds_byte_tokens,
    spelled_piece,
)
from tokenry.formats.tokenizer_json.sections import ScoredTokens
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.text.components import Spelling
from tokenry.text.segmenters.listed_unigram import ListedUnigramSegmenter
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.vocabulary import Vocabulary


@dataclass(frozen=True)
class UnigramSection(ModelSection):
    """Pieces with scores.

    Attributes:
        has_byte_tokens: whether tokens such as ``<0x0A>`` are bytes.
        scores: of each id.
    """

    kind: ClassVar[str] = "Unigram"
    spellings: ClassVar[frozenset[Spelling]] = frozenset(("plain", "marks"))
    only_spells: ClassVar[bool] = True

    has_byte_tokens: bool = False
    scores: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for."""
        if self.has_byte_tokens and text in BYTE_TOKENS:
            return BYTE_TOKENS[text], "byte"
        return spelled_piece(text, spelling)

    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> UnigramSegmenter:
        """The segmenter of the model over its finished vocabulary."""
        scores = np.zeros(len(vocabulary))
        scores[: len(self.scores)] = self.scores
        worst = (float(self.scores.min()) if len(self.scores) else 0.0) - UNKNOWN_PENALTY
        found = self._found_specials(vocabulary)
        if found:
            return ListedUnigramSegmenter(
                vocabulary, scores, worst, self.unknown, self.has_byte_tokens, "transformers", found
            )
        return UnigramSegmenter(
            vocabulary,
            scores,
            worst,
            unknown=self.unknown,
            byte_fallback=self.has_byte_tokens,
            arithmetic="transformers",
        )

    def _found_specials(self, vocabulary: Vocabulary) -> tuple[int, ...]:
        """Specials, and the unknown, that are pieces of the model: it finds them in text."""
        roles = vocabulary.roles
        found = (id_ for id_, role in roles.items() if role in ("special", "unknown"))
        return tuple(id_ for id_ in found if id_ in self.tokens)


def read_unigram(node: Node) -> UnigramSection:
    """Read the model.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it has some of the byte tokens.
    """
    rows = node.need("vocab")
    tokens, scores = _tokens_and_scores(rows)
    unknown = node.get("unk_id")
    id_of_unknown = None if unknown is None else unknown.integer(len(tokens) - 1)
    byte_tokens = finds_byte_tokens(node, tokens)
    if byte_tokens and id_of_unknown is not None and tokens[id_of_unknown] in BYTE_TOKENS:
        id_of_unknown = None  # named only because a file must; bytes leave nothing unknown
    return UnigramSection(tokens, id_of_unknown, node, byte_tokens, scores)


def _tokens_and_scores(node: Node) -> tuple[Tokens, NDArray[np.float64]]:
    if isinstance(node.value, ScoredTokens):
        return node.value.tokens, node.value.scores
    texts: list[str] = []
    scores: list[float] = []
    for entry in node.items():
        pair = list(entry.items())
        if len(pair) != 2:
            entry.fail("a piece and its score")
        texts.append(pair[0].text())
        scores.append(pair[1].number())
    return Tokens.listed(texts), np.array(scores)
