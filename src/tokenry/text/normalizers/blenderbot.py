"""Words of the small Blenderbot (Roller et al. 2020, arXiv:2004.13637): lower case, punctuation by
itself, and a word of its own for the end of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.spaces import SPACE

LINE: Final = "__newln__"
# A stop stands before what follows it; an apostrophe by itself; then white space is one space.
_SET_OFF: Final = ((r"([.,!?()])", r" \1"), (r"'", " ' "), (f"[{SPACE}]{{2,}}", " "))
_WORD: Final = rf"[^{SPACE}]+\n?"


@saved_as("blenderbot.BlenderbotWords")
@dataclass(frozen=True)
class BlenderbotWords(ProgramWords):
    """Words of the small Blenderbot."""

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        return [word for each in re.findall(_WORD, text) for word in _apart(each)]


def _apart(word: str) -> list[str]:
    for pattern, new in _SET_OFF:
        word = re.sub(pattern, new, word)
    parts = word.replace("\n", f" {LINE}").split(" ")
    return [part.lower() for part in parts if part]
