"""The model BPE of a tokenizer.json whose symbols carry a prefix or a suffix (CLIP, first GPT)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.merges import merge_texts
from tokenry.formats.tokenizer_json.model import (
    ModelSection,
    PieceAndRole,
    Tokens,
    id_of,
    spelled_piece,
)
from tokenry.text.components import Spelling
from tokenry.text.segmenters.affixed import AffixedBytePairSegmenter
from tokenry.vocabulary import Vocabulary


@dataclass(frozen=True)
class AffixedBytePairSection(ModelSection):
    """Merges of symbols with affixes.

    Attributes:
        prefix: before every symbol of a word but the first.
        suffix: behind the last symbol of a word.
    """

    kind: ClassVar[str] = "BPE"
    spellings: ClassVar[frozenset[Spelling]] = frozenset(("plain", "bytes"))
    has_affixes: ClassVar[bool] = True

    prefix: str = ""
    suffix: str = ""

    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for; a space behind it says that it ends a word."""
        ends = bool(self.suffix) and text.endswith(self.suffix) and text != self.suffix
        bare = text.removesuffix(self.suffix) if ends else text
        if self.prefix and bare.startswith(self.prefix) and bare != self.prefix:
            bare = bare.removeprefix(self.prefix)
        piece, role = spelled_piece(bare, spelling)
        return piece + b" " * ends, role

    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> AffixedBytePairSegmenter:
        """The segmenter of the model over its finished vocabulary."""
        merges = self._merges(vocabulary)
        return AffixedBytePairSegmenter(
            vocabulary,
            tuple(self.tokens.get(id_) for id_ in range(len(vocabulary))),
            merges,
            np.arange(len(merges), dtype=np.uint32),
            self.prefix,
            self.suffix,
            "bytes" if spelling == "bytes" else "characters",
            self.unknown,
            self.node.get_flag("fuse_unk", False),
            self.node.get_flag("ignore_merges", False),
        )

    def _merges(self, vocabulary: Vocabulary) -> NDArray[np.uint32]:
        """Ids of the merges; of one that comes twice the last counts."""
        found: dict[tuple[int, int], int] = {}
        node = self.node.need("merges")
        for rank, (left, right) in enumerate(merge_texts(node)):
            try:
                pair = self.ids[left], self.ids[right]
                merged = self.ids[left + right[len(self.prefix) :]]
            except KeyError as error:
                raise FormatError(
                    f"{node.path}[{rank}]: {left!r} + {right!r} needs the piece {error}, which is "
                    "not in the vocabulary"
                ) from None
            found.pop(pair, None)
            found[pair] = merged
        rows = [(*pair, merged) for pair, merged in found.items()]
        return np.array(rows, dtype=np.uint32).reshape(-1, 3)


def read_affixed(node: Node, tokens: Tokens, prefix: str, suffix: str) -> AffixedBytePairSection:
    """The model, with the affixes of its symbols."""
    if node.get_flag("byte_fallback", False):
        node.unsupported("byte_fallback beside continuing_subword_prefix or end_of_word_suffix")
    unknown = id_of(tokens, node.get_text("unk_token"))
    return AffixedBytePairSection(tokens, unknown, node, prefix, suffix)
