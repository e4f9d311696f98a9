"""Lexicons of roots and suffixes: from published lists, or from gold segmentations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from experiments.harness.data import Data
from tokenry.measuring.gold_morphs import GoldWord

# Places of the published tables that hold no morph.
_RESERVED = ("<", "special_", "ek_temp_")
SHORTEST_ROOT = 2  # letters; single letters as roots would make a word of anything


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the words of a language are made of, in lower case.

    Attributes:
        roots: may stand alone.
        suffixes: stand after a root or another suffix.
        words: whole words that are known besides.
    """

    roots: frozenset[str]
    suffixes: frozenset[str]
    words: frozenset[str] = frozenset()

    @property
    def morphemes(self) -> frozenset[str]:
        """Roots and suffixes."""
        return self.roots | self.suffixes

    def thinned(self, step: int) -> Lexicon:
        """The same with every ``step``-th root."""
        return replace(self, roots=frozenset(sorted(self.roots)[::step]))

    def valid(self, pieces: Iterable[str]) -> frozenset[str]:
        """Those of ``pieces`` that are known words, or a root with any suffixes after it.

        >>> lexicon = Lexicon(frozenset({"ev"}), frozenset({"ler", "de"}))
        >>> sorted(lexicon.valid(["ev", "evlerde", "ler", "evx"]))
        ['ev', 'evlerde']
        """
        return frozenset(
            piece for piece in pieces if piece in self.words or self._is_analysed(piece)
        )

    def _is_analysed(self, piece: str) -> bool:
        """Whether a root and suffixes make it up; ``reached`` holds where a morph may end."""
        reached = {end for end in range(SHORTEST_ROOT, len(piece) + 1) if piece[:end] in self.roots}
        for begin in range(SHORTEST_ROOT, len(piece)):
            if begin in reached:
                ends = range(begin + 1, len(piece) + 1)
                reached |= {end for end in ends if piece[begin:end] in self.suffixes}
        return len(piece) in reached


def turkish(data: Data) -> Lexicon:
    """The tables of roots and suffixes published with arXiv:2508.14292 (Bayram et al. 2025)."""
    roots, suffixes = (_table(data, name) for name in ("kokler", "ekler"))
    return Lexicon(roots, suffixes)


def _table(data: Data, name: str) -> frozenset[str]:
    morphs = json.loads(data.file(f"morphology/turkish/{name}.json").read_text("utf-8"))
    kept = (morph.strip() for morph in morphs if not morph.startswith(_RESERVED))
    return frozenset(filter(None, kept))


def lexicon_of(gold: Iterable[GoldWord]) -> Lexicon:
    """First morphs are roots, later ones suffixes, and every word is known.

    >>> sorted(lexicon_of([GoldWord("Walked", ("walk", "ed"))]).valid(["walked", "walk", "ed"]))
    ['walk', 'walked']
    """
    words = [(each.word.lower(), [morph.lower() for morph in each.morphs]) for each in gold]
    return Lexicon(
        frozenset(morphs[0] for _, morphs in words),
        frozenset(morph for _, morphs in words for morph in morphs[1:]),
        frozenset(word for word, _ in words),
    )
