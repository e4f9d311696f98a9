"""A vocabulary of all characters first, and frequent strings of them after.

Source: Bochkov 2025, "Emergent semantics beyond token embeddings: transformer LMs with frozen
visual Unicode representations", arXiv:2507.04886 (its tokenizer of 65,536 ids; its frozen vectors
of drawn characters belong to models and are not here).

1. Give every byte an id, then every assigned character of the Basic Multilingual Plane, in the
   order of code points: the same character has the same id whatever the data (for equal specials
   and cover). Private use, surrogates and unassigned code points are left out.
2. Fill up with the most useful pieces of BPE over whole characters.
3. Encode by greedy longest match within pretokens.

55,619 characters take most of 65,536 ids, so text of one language gets more tokens than BPE of that
size gives it; what one buys is that no character of any script is cut into bytes. Characters beyond
the cover are bytes, and text stays lossless. A smaller vocabulary has a smaller cover: see
``cover``. Cost: that of `Bpe`, 65,536 pieces in all. A checkpoint holds the BPE part.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import ClassVar, Final

from tokenry.errors import LearnError, SmallerVocabularyWarning
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.bpe import bpe_of
from tokenry.learning.contract import Learner
from tokenry.learning.merging import MergingOptions
from tokenry.learning.session import Session
from tokenry.learning.shortage import callers_level
from tokenry.learning.unicode_cover import Cover, covered, frequent
from tokenry.options import Positive
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.longest_match import LongestSegmenter
from tokenry.vocabulary import is_utf8

_PIECES: Final = 1 / 16  # of a vocabulary, the least that is left for strings of characters


class SmallerCoverWarning(SmallerVocabularyWarning):
    """The vocabulary has no room for all characters, so only those of the data have ids."""


@dataclass(frozen=True)
class CoveredPieces:
    """Characters and strings of them, and the cover that the characters are of."""

    pieces: list[bytes]
    cover: Cover


@dataclass(frozen=True, kw_only=True)
class UnicodeCentric(MergingOptions, Learner[CoveredPieces]):
    """A learner of a Unicode-centric vocabulary; other options are those of `MergingOptions`.

    Attributes:
        vocab_size: the published one has 65,536.
        cover: which characters have an id of their own: ``all`` that are assigned, 172,745
            beyond ASCII; ``bmp``, those below U+10000; ``corpus``, those of the data, the most
            frequent first, in at most half of the vocabulary; ``auto``: ``bmp`` where a sixteenth
            of the vocabulary is left for strings of characters, else ``corpus`` with a warning.
    """

    kind: ClassVar[str] = "unicode"
    checkpointed: ClassVar[str] = "merges; characters are counted anew"
    shortage: ClassVar[str] = "the data have no other frequent string; give more data"
    vocab_size: Positive = 65_536
    cover: Cover = "auto"

    def fit(self, session: Session) -> CoveredPieces:
        """Characters, then strings of them.

        Raises:
            LearnError: the vocabulary has no room for specials, bytes and the cover.

        Warns:
            SmallerCoverWarning: the vocabulary has no room for the characters of ``bmp``.
        """
        room = self.vocab_size - len(self.special_tokens) - len(BYTE_ORDER)
        learnt = bpe_of(self, initial_alphabet=BYTE_ORDER).fit(session)
        cover = self._cover(room)
        characters = (
            frequent(session.documents(), room // 2) if cover == "corpus" else covered(cover)
        )
        known = set(characters)
        strings = [
            each
            for each in learnt.pieces[learnt.first_merge :]
            if each not in known and is_utf8(each) and len(each.decode()) > 1
        ]
        return CoveredPieces([*characters, *strings][:room], cover)

    def _cover(self, room: int) -> Cover:
        if self.cover != "auto":
            wanted = 0 if self.cover == "corpus" else len(covered(self.cover))
            if wanted > room:
                raise LearnError(
                    f"vocab_size {self.vocab_size} has no room for the {wanted} characters of the "
                    f"cover {self.cover!r}; ask for more, or pass cover='corpus'"
                )
            return self.cover
        if len(covered("bmp")) + self.vocab_size * _PIECES <= room:
            return "bmp"
        warnings.warn(
            f"vocab_size {self.vocab_size} has no room for the {len(covered('bmp'))} characters of "
            "the Basic Multilingual Plane: only frequent characters of the data have ids, the "
            "others are bytes; ask for 65,536 or pass cover='corpus'",
            SmallerCoverWarning,
            stacklevel=callers_level(),
        )
        return "corpus"

    def pipeline(self, learnt: CoveredPieces) -> Pipeline:
        """A tokenizer of the longest pieces, all bytes among them."""
        single = (bytes([byte]) for byte in BYTE_ORDER)
        vocabulary = self.vocabulary([*single, *learnt.pieces])
        segmenter = LongestSegmenter(vocabulary)
        return self.assembled(vocabulary, segmenter, self.splitter(), notes={"cover": learnt.cover})
