"""WordPiece: the longest piece at the front of a word, again and again (Schuster and Nakajima 2012;
Wu et al. 2016, arXiv:1609.08144), as BERT does it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Final

import numpy as np

from tokenry import _native
from tokenry.errors import EncodeError, UnsupportedError
from tokenry.text.components import Components, IdNames, component
from tokenry.text.id_changes import Addition, Growth, Renumbering
from tokenry.text.parts import Segmenter
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import UNMATCHED_ROLES, Vocabulary, to_wordpiece

# A prefix that no text has: pieces are whole words, and none continues one (WordLevel).
NO_CONTINUATIONS: Final = "\x00"


@saved_as("wordpiece.WordPieceSegmenter")
@dataclass(frozen=True, eq=False)
class WordPieceSegmenter(Segmenter):
    """A `tokenry.text.parts.Segmenter` that takes the longest piece.

    Its pretokens are bare words; the space of a canonical piece that starts a word is understood.

    Args:
        vocabulary: canonical pieces: a leading space marks the start of a word. Those whose role is
            special, unknown or unused never come out of text. Of equal ones the last counts.
        unknown: id of a word that has a part without a piece, or too many characters.
        longest_word: in characters.
        prefix: how the file spells a continuation. Written out at the start of a word it matches.
    """

    vocabulary: Vocabulary
    unknown: int | None
    longest_word: int = 100
    prefix: str = "##"

    def segment(self, pretoken: bytes) -> list[int]:
        """Ids of one word.

        Raises:
            EncodeError: the word has no pieces and there is no unknown id.
        """
        return [id_ for id_, _ in self.segment_with_sizes(pretoken)]

    def segment_with_sizes(self, pretoken: bytes) -> list[tuple[int, int]]:
        """Ids of one word, each with the number of bytes that it stands for."""
        if len(pretoken.decode("utf-8", "surrogateescape")) > self.longest_word:
            return self._unknown(pretoken)
        result: list[tuple[int, int]] = []
        at = 0
        while at < len(pretoken):
            found = self._longest_piece(pretoken, at)
            if found is None:
                return self._unknown(pretoken)
            result.append(found)
            at += found[1]
        return result

    def native(self) -> _native.WordPieceSegmenter:
        """The same in the native core; built once."""
        return self._core

    @cached_property
    def _core(self) -> _native.WordPieceSegmenter:
        roles = self.vocabulary.roles.items()
        pieces, offsets = self.vocabulary.packed(
            without=[id_ for id_, role in roles if role in UNMATCHED_ROLES]
        )
        return _native.WordPieceSegmenter(
            pieces=pieces,
            offsets=offsets,
            prefix=self.prefix.encode(),
            unknown=-1 if self.unknown is None else self.unknown,
            longest_word=self.longest_word,
            spaced=np.array(self._not_marked, dtype=np.uint32),
        )

    @property
    def _not_marked(self) -> tuple[int, ...]:
        """Ids of pieces that begin with a space and start no word."""
        return ()

    # In files of other programs

    def to_tokenizer_json(self, ids: IdNames) -> Components:
        """The model WordPiece, or WordLevel, which has no continuations."""
        if self.unknown is None:
            raise UnsupportedError("a WordPiece model of a tokenizer.json needs an unknown id")
        unknown = ids.names[self.unknown]
        if self.prefix == NO_CONTINUATIONS:
            return component("WordLevel", vocab=ids.vocab(), unk_token=unknown)
        return component(
            "WordPiece",
            unk_token=unknown,
            continuing_subword_prefix=self.prefix,
            max_input_chars_per_word=self.longest_word,
            vocab=ids.vocab(),
        )

    def spelled(self, piece: bytes, marked: bool) -> str:
        """What a tokenizer.json calls an ordinary piece."""
        return to_wordpiece(piece, self.prefix)

    # Other ids

    grows_by: ClassVar[Growth | None] = "pieces"
    bare_words: ClassVar[bool] = True

    def renumbered(self, change: Renumbering) -> WordPieceSegmenter:
        """The same with other ids."""
        return replace(self, vocabulary=change.vocabulary, unknown=change.new(self.unknown))

    def appended(self, addition: Addition) -> WordPieceSegmenter:
        """The same with more ids."""
        return replace(self, vocabulary=addition.vocabulary)

    @cached_property
    def _pieces(self) -> tuple[dict[bytes, int], dict[bytes, int]]:
        """Ids of what may start a word, and of what may continue one."""
        starts: dict[bytes, int] = {}
        continuations: dict[bytes, int] = {}
        for id_, piece in enumerate(self.vocabulary.pieces):
            if not piece or self.vocabulary.roles.get(id_) in UNMATCHED_ROLES:
                continue
            if self._starts_word(id_, piece):
                starts[piece[1:]] = id_
            else:
                continuations[piece] = id_
                starts[self.prefix.encode() + piece] = id_
        return starts, continuations

    def _starts_word(self, id_: int, piece: bytes) -> bool:
        return piece.startswith(b" ")

    def _longest_piece(self, word: bytes, at: int) -> tuple[int, int] | None:
        known = self._pieces[at > 0]
        for end in range(len(word), at, -1):
            if word[at:end] in known:
                return known[word[at:end]], end - at
        return None

    def _unknown(self, word: bytes) -> list[tuple[int, int]]:
        if self.unknown is None:
            raise EncodeError(f"{word!r} has no pieces, and this vocabulary has no unknown id")
        return [(self.unknown, len(word))]
