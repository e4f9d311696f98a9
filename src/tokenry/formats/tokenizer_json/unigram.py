"""The model Unigram of a tokenizer.json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.model import (
    BYTE_TOKENS,
    ModelSection,
    PieceAndRole,
    Tokens,
    check_texts,
    finds_byte_tokens,
    spelled_piece,
)
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

    has_byte_tokens: bool = False
    scores: Sequence[float] = ()

    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for."""
        if self.has_byte_tokens and text in BYTE_TOKENS:
            return BYTE_TOKENS[text], "byte"
        return spelled_piece(text, spelling)

    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> UnigramSegmenter:
        """The segmenter of the model over its finished vocabulary."""
        scores = np.zeros(len(vocabulary))
        scores[: len(self.scores)] = self.scores
        worst = min(self.scores, default=0.0) - UNKNOWN_PENALTY
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
        return tuple(id_ for id_ in self.tokens if roles.get(id_) in ("special", "unknown"))


def read_unigram(node: Node) -> UnigramSection:
    """Read the model.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it has some of the byte tokens.
    """
    rows = node.need("vocab")
    tokens, scores = _plain_scores(rows) or _read_scores(rows)
    unknown = node.get("unk_id")
    id_of_unknown = None if unknown is None else unknown.integer(len(tokens) - 1)
    byte_tokens = finds_byte_tokens(node, tokens)
    if byte_tokens and id_of_unknown is not None and tokens[id_of_unknown] in BYTE_TOKENS:
        id_of_unknown = None  # named only because a file must; bytes leave nothing unknown
    return UnigramSection(tokens, id_of_unknown, node, byte_tokens, scores)


def _read_scores(node: Node) -> tuple[Tokens, list[float]]:
    tokens: Tokens = {}
    scores: list[float] = []
    for id_, entry in enumerate(node.items()):
        pair = list(entry.items())
        if len(pair) != 2:
            entry.fail("a piece and its score")
        tokens[id_] = pair[0].text()
        scores.append(pair[1].number())
    return tokens, scores


def _plain_scores(node: Node) -> tuple[Tokens, list[float]] | None:
    """The same where nothing is amiss, in a fifth of the time."""
    rows = node.value
    if not isinstance(rows, list) or any(
        type(row) is not list or list(map(type, row)) != [str, float] for row in rows
    ):
        return None
    texts, scores = [row[0] for row in rows], [row[1] for row in rows]
    if not np.isfinite(scores).all():
        return None
    check_texts(texts, node)
    return dict(enumerate(texts)), scores
