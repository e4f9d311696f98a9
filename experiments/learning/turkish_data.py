"""Turkish roots and suffixes as lists, derived words with their affix, and text besides FLORES."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass

from experiments.harness.corpora import turkish
from experiments.harness.data import Data
from tokenry.measuring.gold_morphs import GoldWord


@dataclass(frozen=True)
class Lexicon:
    """The lists published with arXiv:2508.14292 (Bayram et al. 2025)."""

    roots: list[str]
    groups: list[list[str]]

    @property
    def bare_roots(self) -> list[str]:
        """Roots without those that are another root with -ma or -me."""
        known = set(self.roots)
        return [x for x in self.roots if not (x.endswith(("ma", "me")) and x[:-2] in known)]

    @property
    def morphemes(self) -> frozenset[str]:
        """Roots and suffixes."""
        return frozenset(self.roots) | {form for forms in self.groups for form in forms}


def read_lexicon(data: Data) -> Lexicon:
    """Roots that are words of letters, and suffixes by the id that they share."""
    roots = json.loads(data.file("morphology/turkish/kokler.json").read_text("utf-8"))
    suffixes = json.loads(data.file("morphology/turkish/ekler.json").read_text("utf-8"))
    groups: dict[int, list[str]] = defaultdict(list)
    for suffix, id_ in suffixes.items():
        if suffix.isalpha():  # the file fills ids that are free with names such as ek_temp_20072
            groups[id_].append(suffix)
    return Lexicon([root for root in roots if root.isalpha()], list(groups.values()))


def read_derivations(data: Data) -> list[GoldWord]:
    """Derived words of UniMorph: base, word, parts of speech, affix with a hyphen at its joint."""
    rows = data.file("morphology/turkish/unimorph_tur.derivations.tsv").read_text("utf-8")
    words: list[GoldWord] = []
    for base, word, _, affix in (line.split("\t") for line in rows.splitlines()):
        bare = affix.strip("-")
        morphs = (base, bare) if affix.startswith("-") else (bare, base)
        words.append(GoldWord(word, morphs, partial=True))
    return words


def other_turkish(data: Data) -> list[str]:
    """Turkish lines of the documentation, and the Universal Declaration."""
    declaration = data.file("udhr/udhr_tur.xml").read_text("utf-8")
    return [*turkish(data), re.sub("<[^>]+>", " ", declaration)]
