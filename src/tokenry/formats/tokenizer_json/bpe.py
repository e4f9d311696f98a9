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
from tokenry.text.unicode.character_sets import spelled_with
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
        if self.names_unknown or len(vocabulary.ids_with("byte")) == 256:
            return None
        if spelling == "bytes":
            known = set(vocabulary.single_bytes())
            return None if len(known) == 256 else np.array(sorted(known), dtype=np.uint32)
        fallback = {*vocabulary.ids_with("byte")}
        named = (piece for i, piece in enumerate(vocabulary.matchable()) if i not in fallback)
        characters = {ord(text) for piece in named if piece and len(text := piece.decode()) == 1}
        if self.has_byte_tokens:
            spelled = spelled_with({(vocabulary[id_] or b"\0")[0] for id_ in fallback})
            if characters.issuperset(np.flatnonzero(~spelled).tolist()):
                return None
            characters.update(np.flatnonzero(spelled).tolist())
        return np.array(sorted(characters), dtype=np.uint32)


def read_bpe(node: Node) -> ModelSection:
    """Read the model.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it has settings that tokenry does not know.
    """
    tokens = read_vocab(node.need("vocab"))
    prefix = node.get_text("continuing_subword_prefix") or ""
    suffix = node.get_text("end_of_word_suffix") or ""
    if prefix or suffix:
        return read_affixed(node, tokens, prefix, suffix)
    unknown = node.get_text("unk_token")
    return BytePairSection(
        tokens, tokens.find(unknown), node, finds_byte_tokens(node, tokens), unknown is not None
    )


def dropout_of(node: Node) -> float:
    """How likely the model leaves out a merge; 0 where it leaves out none.

    Raises:
        FormatError: it is no probability.
    """
    found = node.get("dropout")
    if found is None:
        return 0.0
    share = found.number()
    return share if 0 <= share <= 1 else found.fail("a number from 0 to 1")
