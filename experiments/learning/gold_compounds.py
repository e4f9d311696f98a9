"""Compounds whose parts are known: listed ones of English, hyphenated ones of German."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from experiments.harness.data import Data
from tokenry.learning.compounds.hyphens import count_hyphenated, hyphenated_words, parts_of

LEAST: Final = 3  # letters of a part
HELD: Final = 0.25  # of the hyphenated words of German
_TAG: Final = re.compile(rb"<[^>]+>")
_GERMAN: Final = re.compile(r"\b(?:der|die|das|und|nicht|ist|wird|eine?|von|mit)\b")


@dataclass(frozen=True)
class Gold:
    """A language: text, what is written with hyphens in it, and words with known parts.

    Attributes:
        documents: to learn from.
        hyphenated: compounds to learn splitting from.
        compounds: the word as it is written solid, and where its parts meet (characters).
        simple: words that are no compounds.
    """

    language: str
    documents: tuple[bytes, ...]
    hyphenated: Counter[tuple[str, ...]]
    compounds: tuple[tuple[str, tuple[int, ...]], ...]
    simple: tuple[str, ...]

    def first(self, most: int | None) -> Gold:
        """The same with fewer words of either kind."""
        return replace(self, compounds=self.compounds[:most], simple=self.simple[:most])


def english(data: Data, part: str, limit: int) -> Gold:
    """Novels and sentences to learn from; compounds listed by SIGMORPHON 2022 (``dev``, ``test``).

    Its third column marks words with a compound; taken are those whose morphemes joined give the
    word and leave no doubt where the constituents meet: two stems, or two stems and an inflection.
    Compounds that the text has with a hyphen are left out.
    """
    text = data.file("text/english_books.txt").read_bytes()[:limit]
    documents = (text, data.file("flores_dev/eng_Latn.txt").read_bytes())
    hyphenated = count_hyphenated(documents)
    seen = {"".join(parts) for parts in hyphenated}
    compounds, simple = [], []
    name = {"dev": "eng.word.dev.tsv", "test": "eng.word.test.gold.tsv"}[part]
    lines = data.file(f"morphology/sigmorphon2022seg/{name}").read_text("utf-8").splitlines()
    for line in lines:
        word, segmented, category = line.split("\t")
        morphemes = segmented.replace("@@", "").split(" ")
        if not (word.isalpha() and word.islower()) or word in seen:
            continue
        if category[2] == "0":
            simple.append(word)
        elif "".join(morphemes) == word and (category, len(morphemes)) in {("001", 2), ("101", 3)}:
            compounds.append((word, (len(morphemes[0]),)))
    return Gold("English", documents, hyphenated, tuple(compounds), tuple(simple))


def german(data: Data, seed: int, limit: int) -> Gold:
    """Documentation, sentences and the declaration of human rights in German.

    No list of German compounds is in the data, so a quarter of the words that are written with
    hyphens is held out: the hyphens are taken away and have to be found again. There are no simple
    words whose simplicity is known.
    """
    documents = _german_documents(data, limit)
    written = sorted({word for each in documents for word in hyphenated_words(each)})
    by_parts = {parts_of(word): word for word in written}
    counts = count_hyphenated(documents)
    draw = np.random.default_rng(seed).random(len(by_parts)) < HELD
    held = [parts for parts, out in zip(sorted(by_parts), draw.tolist(), strict=True) if out]
    compounds = tuple(
        (_solid(by_parts[parts]), tuple(np.cumsum([len(each) for each in parts[:-1]]).tolist()))
        for parts in held
        if min(map(len, parts)) >= LEAST
    )
    known = Counter({parts: count for parts, count in counts.items() if parts not in set(held)})
    # Held-out words stand in no text that is learnt from, not even with their hyphens.
    out = {by_parts[parts] for parts in held}
    cleaned = tuple(_without(document, out) for document in documents)
    return Gold("German", cleaned, known, compounds, ())


def _german_documents(data: Data, limit: int) -> tuple[bytes, ...]:
    mixed = data.file("text/multilingual.txt").read_text("utf-8").split("\n\n")
    documents = [each.encode() for each in mixed if len(_GERMAN.findall(each)) >= 3]
    rights = _TAG.sub(b" ", data.file("udhr/udhr_deu_1996.xml").read_bytes())
    sentences = data.file("flores_dev/deu_Latn.txt").read_bytes()
    return (b"\n\n".join(documents)[:limit], sentences[:limit], rights)


def _solid(word: str) -> str:
    """The word without hyphens; a letter after one becomes small."""
    first, *rest = re.split("[-‐]", word)
    return first + "".join(part.lower() for part in rest)


def _without(document: bytes, words: set[str]) -> bytes:
    text = document.decode("utf-8", "replace")
    for word in hyphenated_words(document):
        if word in words:
            text = text.replace(word, " ")
    return text.encode()
