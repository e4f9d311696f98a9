"""Which superwords may be learnt."""

from __future__ import annotations

from dataclasses import dataclass

from tokenry.errors import LearnError
from tokenry.text.parts import Pretokenizer


@dataclass(frozen=True)
class SuperwordRule:
    """Says of a candidate piece whether it may be made.

    A piece that is one pretoken of the first stage may always be made: it is a word, or a part of
    one, that the first stage had no room for. Any other piece is a superword. It holds letters,
    digits, marks, single spaces and the punctuation that is allowed, and at most ``max_words``
    words (stretches between spaces); it does not end in a space, so that what follows a space is
    always learnt together with it. Newlines are never in it, nor are parts of characters.

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
        if text.endswith(" ") or "  " in text or len(text.split(" ")) > self.max_words + 1:
            return False
        return len(text.split()) <= self.max_words and all(map(self._may_stand, text))

    def _may_stand(self, character: str) -> bool:
        if character == " " or character in self.punctuation or character.isalnum():
            return True
        return not character.isascii() and _is_mark(character)


def _is_mark(character: str) -> bool:
    import unicodedata

    return unicodedata.category(character).startswith("M")
