"""Words of Japanese by Sudachi (Takaoka et al. 2018), through SudachiPy.

Dictionaries differ between releases; that which is installed decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.extras import require
from tokenry.text.normalizers.japanese import EXTRA, JapaneseWords, dictionary_package
from tokenry.text.saved_parts import saved_as

MODES: Final = ("A", "B", "C")
"""Short, middle and long words."""
# One text at a time: Sudachi keeps a lattice of the text that it is at.
_ALONE: Final = Lock()


@saved_as("sudachi.SudachiWords")
@dataclass(frozen=True)
class SudachiWords(JapaneseWords):
    """Words of Sudachi.

    Attributes:
        mode: one of `MODES`.
        dictionary: small, core or full.
        projection: what stands for a word: its surface for None, or its normalised form, ....
        trims: words have no white space at their ends, and what is only that is none.

    Raises:
        MissingExtraError: SudachiPy is not installed.
        UnsupportedError: the dictionary is not, or there is no such mode.
    """

    mode: str = "A"
    dictionary: str = "core"
    projection: str | None = None
    trims: bool = False

    def __post_init__(self) -> None:
        _ = self._sudachi

    def cut(self, text: str) -> list[str]:
        """The words of ``text``."""
        with _ALONE:
            words = [word.surface() for word in self._sudachi.tokenize(text)]
        words = self._lowered(words)
        return [word for word in map(str.strip, words) if word] if self.trims else words

    @cached_property
    def _sudachi(self) -> Any:
        sudachi = require("sudachipy", EXTRA, "cutting Japanese as Sudachi does")
        dictionary_package(f"sudachidict_{self.dictionary}")
        if self.mode not in MODES:
            raise UnsupportedError(f"Sudachi's mode {self.mode!r}; expected one of {MODES}")
        dictionary = sudachi.Dictionary(dict=self.dictionary)
        try:
            make = dictionary.tokenizer
        except AttributeError:  # before 0.7
            make = dictionary.create
        return make(getattr(sudachi.SplitMode, self.mode), projection=self.projection)
