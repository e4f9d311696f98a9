"""Text cut into words by another program, which may change them on the way."""

from __future__ import annotations

from abc import abstractmethod

from tokenry.spans import Alignment
from tokenry.text.normalizers.recovered import recovered
from tokenry.text.parts import Normalizer


class ProgramWords(Normalizer):
    """A `tokenry.text.parts.Normalizer` that puts a separator between every two words.

    Subclasses are frozen dataclasses that say what finds the words, and what stands between them.
    """

    separator: str = " "

    @abstractmethod
    def words(self, text: str) -> list[str]:
        """The words of ``text``; none has the separator in it."""

    def __call__(self, text: str) -> str:
        """The words, joined."""
        return self.separator.join(self.words(text))

    def align(self, text: str) -> tuple[str, Alignment]:
        """The same, and where it came from, as far as characters tell."""
        return recovered(text, self.words(text), self.separator)
