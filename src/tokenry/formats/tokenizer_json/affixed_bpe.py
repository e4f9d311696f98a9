"""The model BPE of a tokenizer.json whose symbols carry a prefix or a suffix (CLIP, first GPT)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.merges import named_merges
from tokenry.formats.tokenizer_json.model import (
    ModelSection,
    PieceAndRole,
    spelled_piece,
)
from tokenry.formats.tokenizer_json.tokens import Tokens
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
        merges, ranks = named_merges(
            self.node.need("merges"), self.tokens, len(self.prefix.encode())
        )
        return AffixedBytePairSegmenter(
            vocabulary,
            (*self.tokens.texts, *[None] * (len(vocabulary) - self.tokens.size)),
            merges,
            ranks,
            self.prefix,
            self.suffix,
            "bytes" if spelling == "bytes" else "characters",
            self.unknown,
            self.node.get_flag("fuse_unk", False),
            self.node.get_flag("ignore_merges", False),
        )


def read_affixed(node: Node, tokens: Tokens, prefix: str, suffix: str) -> AffixedBytePairSection:
    """The model, with the affixes of its symbols."""
    if node.get_flag("byte_fallback", False):
        node.unsupported("byte_fallback beside continuing_subword_prefix or end_of_word_suffix")
    unknown = tokens.find(node.get_text("unk_token"))
    return AffixedBytePairSection(tokens, unknown, node, prefix, suffix)
