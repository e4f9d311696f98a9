"""Lists of words and of morphemes that tokens are looked up in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tokenry.errors import CorpusError


@dataclass(frozen=True)
class WordLists:
    """Words, and roots with affixes, in lower case."""

    words: frozenset[str]
    morphemes: frozenset[str]

    @classmethod
    def read(
        cls, words: str | os.PathLike[str], morphemes: str | os.PathLike[str] | None
    ) -> WordLists:
        """One word a line; without morphemes the words count as roots.

        Raises:
            CorpusError: a file is not UTF-8 text, or empty.
        """
        known = _read_list(Path(words))
        return cls(known, known if morphemes is None else _read_list(Path(morphemes)))


def _read_list(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"the word list {path} cannot be read: {error}") from error
    found = frozenset(line.strip().lower() for line in lines if line.strip())
    if not found:
        raise CorpusError(f"the word list {path} is empty; expected one word a line")
    return found
