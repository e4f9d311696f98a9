"""The model BPE of a tokenizer.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.affixed_bpe import read_affixed
from tokenry.formats.tokenizer_json.merges import read_merges
from tokenry.formats.tokenizer_json.model import (
    BYTE_TOKENS,
    ModelSection,
    PieceAndRole,
    finds_byte_tokens,
    read_vocab,
    spelled_piece,
)
from tokenry.text.components import Spelling
from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.glued import spanning_pieces, words_without
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.symbols import matchable
from tokenry.vocabulary import Vocabulary


@dataclass(frozen=True)
class BytePairSection(ModelSection):
    """Merges of bytes or of characters.

    Attributes:
        has_byte_tokens: whether tokens such as ``<0x0A>`` are bytes.
        names_unknown: whether it names a token for what cannot be encoded, there or not.
    """

    kind: ClassVar[str] = "BPE"
    spellings: ClassVar[frozenset[Spelling]] = frozenset(("plain", "marks", "bytes"))
    only_spells: ClassVar[bool] = True

    has_byte_tokens: bool = False
    names_unknown: bool = False

    def piece(self, text: str, spelling: Spelling) -> PieceAndRole:
        """What a token stands for."""
        if self.has_byte_tokens and text in BYTE_TOKENS:
            return BYTE_TOKENS[text], "byte"
        return spelled_piece(text, spelling)

    def segmenter(self, vocabulary: Vocabulary, spelling: Spelling) -> BytePairSegmenter:
        """The segmenter of the model over its finished vocabulary."""
        merges, ranks = read_merges(self.node.need("merges"), self, vocabulary)
        return BytePairSegmenter(
            vocabulary,
            merges,
            ranks,
            symbols="bytes" if spelling == "bytes" else "characters",
            byte_fallback=self.has_byte_tokens,
            unknown=self.unknown,
            fuse_unknown=self.node.get_flag("fuse_unk", False),
            whole_pretokens=self.node.get_flag("ignore_merges", False),
        )

    def uncut(self, vocabulary: Vocabulary) -> Pretokenizer:
        """Words, but for the few pieces that span two."""
        whole = self.node.get_flag("ignore_merges", False)
        if whole or 0x20 not in vocabulary.single_bytes():
            return super().uncut(vocabulary)
        return words_without(spanning_pieces(matchable(vocabulary)))

    def symbols(self, vocabulary: Vocabulary, spelling: Spelling) -> NDArray[np.uint32] | None:
        """The bytes or characters that it knows, where nothing stands for any other."""
        if self.has_byte_tokens or self.names_unknown:
            return None
        if spelling == "bytes":
            known = set(vocabulary.single_bytes())
            if len(known) == 256:
                return None
        else:
            pieces = [piece for piece in vocabulary.matchable() if piece is not None]
            known = {ord(text) for text in map(bytes.decode, pieces) if len(text) == 1}
        return np.array(sorted(known), dtype=np.uint32)


def read_bpe(node: Node) -> ModelSection:
    """Read the model.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it has settings that tokenry does not know.
    """
    tokens = read_vocab(node.need("vocab"))
    _refuse_dropout(node)
    prefix = node.get_text("continuing_subword_prefix") or ""
    suffix = node.get_text("end_of_word_suffix") or ""
    if prefix or suffix:
        return read_affixed(node, tokens, prefix, suffix)
    unknown = node.get_text("unk_token")
    return BytePairSection(
        tokens, tokens.find(unknown), node, finds_byte_tokens(node, tokens), unknown is not None
    )


def _refuse_dropout(node: Node) -> None:
    dropout = node.get("dropout")
    if dropout is not None and dropout.number() != 0:
        node.unsupported(
            f"dropout {dropout.number()} gives other ids at every call; set it to null to load it"
        )
