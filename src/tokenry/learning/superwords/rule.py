"""Which superwords may be learnt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tokenry.errors import LearnError
from tokenry.text.parts import Pretokenizer


@dataclass(frozen=True)
class SuperwordRule:
    """Says of a candidate piece whether it may be made.

    A piece that is one pretoken of the first stage may always be made: it is a word, or a part of
    one, that the first stage had no room for. Any other piece is a superword. It holds letters,
    digits, marks, single spaces and the punctuation that is allowed, and at most ``max_words``
    words (stretches between spaces). It ends in a letter, a digit or a mark: a word together with
    what follows it (``end,``) would be a second form of the word, and measured on 1.8 MB of
    held-out English such forms save 0.1% of the tokens. No newline is in it, and no half of a
    character.

    Attributes:
        pretokenizer: of the first stage.
        max_words: the released vocabularies of SuperBPE have 4.
        punctuation: characters, each of which may stand in a superword.
    """

    pretokenizer: Pretokenizer
    max_words: int
    punctuation: str

    def __post_init__(self) -> None:
        if self.max_words < 1:
            raise LearnError(f"max_words {self.max_words}; expected 1 or more, such as 4")
        if any(character.isspace() for character in self.punctuation):
            raise LearnError(
                f"punctuation {self.punctuation!r} holds white space; a superword has single "
                "spaces between words and no other"
            )

    def __call__(self, piece: bytes) -> bool:
        """Whether ``piece`` may be made."""
        return len(self.pretokenizer(piece).ends) == 1 or self._is_superword(piece)

    def _is_superword(self, piece: bytes) -> bool:
        try:
            text = piece.decode()
        except UnicodeDecodeError:
            return False
        if "  " in text or len(text.split()) > self.max_words:
            return False
        return _is_of_words(text[-1]) and all(map(self._may_stand, text))

    def _may_stand(self, character: str) -> bool:
        return character == " " or character in self.punctuation or _is_of_words(character)


def _is_of_words(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
