"""Readers of gold segmentations into morphemes.

- SIGMORPHON 2022 (Batsuren et al. 2022, "The SIGMORPHON 2022 shared task on morpheme
  segmentation"): ``word <tab> m1 @@m2 ... [<tab> category]``; canonical morphemes, whose letters
  need not be those of the word (nominate @@ed).
- MorphScore (Arnett & Bergen 2025, "Why do language models perform worse for morphologically
  complex languages?", arXiv:2411.14198): CSV with ``full_word``, ``pt1`` and ``rest``; one boundary
  a word.
- MorphyNet (Batsuren et al. 2021, "MorphyNet: a large multilingual database of derivational and
  inflectional morphology"): derivations ``base, derived, tags, tags, affix, kind`` and inflections
  ``lemma, form, features, m1|m2``, separated by tabs.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenry.errors import FormatError


@dataclass(frozen=True, slots=True)
class GoldWord:
    """A word and its morphemes, canonical or as they stand in it.

    Attributes:
        word: as it is written.
        morphs: at least one.
        kind: a category of the source, or "".
        partial: only one boundary of the word is known; what is right of it may be cut further.
    """

    word: str
    morphs: tuple[str, ...]
    kind: str = ""
    partial: bool = False


def read_gold(path: str | os.PathLike[str]) -> list[GoldWord]:
    """Words of a file in any of the formats, which is told by its first line.

    Raises:
        FormatError: it is in none of them, or it has no words.
    """
    first = next((line for line in _text(path).splitlines() if line.strip()), "")
    if "full_word" in first.split(","):
        words = read_morphscore(path)
    elif first.count("\t") >= 3:
        words = read_morphynet(path)
    elif "\t" in first:
        words = read_sigmorphon(path)
    else:
        raise FormatError(
            f"{path} holds no gold segmentation: its first line is {first[:60]!r}; expected a word "
            "list of SIGMORPHON 2022, MorphScore or MorphyNet"
        )
    if not words:
        raise FormatError(f"{path} has no words with their morphemes")
    return words


def read_sigmorphon(path: str | os.PathLike[str]) -> list[GoldWord]:
    """Words of a SIGMORPHON 2022 word list.

    Raises:
        FormatError: a line has no second column, or the file cannot be read.
    """
    return [
        GoldWord(row[0], tuple(row[1].replace("@@", "").split()), row[2] if len(row) > 2 else "")
        for row in _rows(path, 2)
    ]


def read_morphscore(path: str | os.PathLike[str]) -> list[GoldWord]:
    """Words of a MorphScore file; one whose second part is empty has one morph.

    Raises:
        FormatError: the columns are others, or the file cannot be read.
    """
    rows = list(csv.reader(_text(path).splitlines()))
    names = rows[0] if rows else []
    if not {"full_word", "pt1", "rest"} <= set(names):
        raise FormatError(f"{path}: columns {names}; a MorphScore file has full_word, pt1 and rest")
    word, first, rest = (names.index(name) for name in ("full_word", "pt1", "rest"))
    return [
        GoldWord(row[word], tuple(part for part in (row[first], row[rest]) if part), partial=True)
        for row in rows[1:]
        if len(row) == len(names)
    ]


def read_morphynet(path: str | os.PathLike[str]) -> list[GoldWord]:
    """Words of a MorphyNet file of derivations or inflections.

    Raises:
        FormatError: a line has another number of columns, or the file cannot be read.
    """
    return [
        _derived(row) if len(row) >= 6 else GoldWord(row[1], tuple(row[3].split("|")), row[2])
        for row in _rows(path, 4)
        if len(row) >= 6 or "|" in row[3]
    ]


def _derived(row: list[str]) -> GoldWord:
    base, word, affix, kind = row[0], row[1], row[4], row[5]
    morphs = (affix, base) if kind == "prefix" else (base, affix)
    return GoldWord(word, morphs, kind, partial=True)


def _rows(path: str | os.PathLike[str], columns: int) -> Iterator[list[str]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
        row = line.split("\t")
        if not line.strip():
            continue
        if len(row) < columns:
            raise FormatError(
                f"{path}, line {number}: {len(row)} columns; expected {columns} or more, "
                "separated by tabs"
            )
        yield row


def _text(path: str | os.PathLike[str]) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"the gold file {path} cannot be read: {error}") from error
