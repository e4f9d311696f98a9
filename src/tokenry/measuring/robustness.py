"""What wrong characters do to tokens: how many boundaries stay, and how far the ids move.

Text is garbled as optical character recognition does it: a character is taken for one that looks
like it, a pair runs together, a space is lost or made, a character is dropped. Boundaries of the
clean text are carried over to the garbled one and compared with those that the tokenizer makes
there.

- ``kept``: share of clean boundaries that are boundaries of the garbled text too. A tokenizer of
  single characters keeps all, so the figure says nothing alone: see ``precision``.
- ``precision``: share of the garbled text's boundaries that are boundaries of the clean one.
- ``f1``: of the two.
- ``edits``: insertions, deletions and replacements between the two sequences of tokens, for each
  token of the clean text (edit distance, Levenshtein 1966).
- ``edits_per_error``: the same for each wrong character.

Boundaries within a character are not counted. No source: the measures are the usual ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import CorpusError
from tokenry.measuring.edits import edit_distance
from tokenry.measuring.encoded import Spanning
from tokenry.results import Result

# What looks alike in print, from either side.
_ALIKE: Final = (
    "l1I|i!",
    "O0oQD",
    "S5s$",
    "B8",
    "Z2z",
    "G6",
    "ce",
    "nhu",
    "vy",
    "ft",
    "ar",
    ".,",
    "gq9",
)
_PAIRS: Final = {"rn": "m", "cl": "d", "vv": "w", "ii": "u", "m": "rn", "d": "cl", "w": "vv"}
_LONGEST: Final = 2_000  # characters of a stretch: edit distance takes the square of it


@dataclass(frozen=True, slots=True)
class Robustness(Result):
    """Figures of a tokenizer on garbled text; see the module for what they are."""

    rate: float
    kept: float
    precision: float
    f1: float
    edits: float
    edits_per_error: float
    errors: int
    tokens: int


def garble(text: str, rate: float, rng: random.Random) -> tuple[str, list[int], int]:
    """Text with wrong characters.

    Args:
        text: clean.
        rate: share of characters that go wrong.
        rng: decides which, and how.

    Returns:
        The garbled text; for each place between characters of the clean text, where it is in the
        garbled one; and the number of errors.
    """
    pieces: list[str] = []
    places = [0]
    errors = length = at = 0
    while at < len(text):
        wrong = rng.random() < rate
        taken, written = _wrong(text, at, rng) if wrong else (1, text[at])
        errors += wrong
        pieces.append(written)
        length += len(written)
        places += [length] * taken
        at += taken
    return "".join(pieces), places, errors


def _wrong(text: str, at: int, rng: random.Random) -> tuple[int, str]:
    """How many characters are misread, and as what."""
    pair = text[at : at + 2]
    if pair in _PAIRS and len(pair) == 2:
        return 2, _PAIRS[pair]
    character = text[at]
    kind = rng.random()
    if kind < 0.1:
        return 1, ""
    if kind < 0.2:
        return 1, f"{character} " if character != " " else ""
    if kind < 0.4 and character in _PAIRS:
        return 1, _PAIRS[character]
    alike = [each for group in _ALIKE if character in group for each in group if each != character]
    return 1, rng.choice(alike or "etaoinsr")


def robustness(
    tokenizer: Spanning, documents: Iterable[str], *, rate: float, seed: int = 0
) -> Robustness:
    """Garble documents and compare; the same errors for every tokenizer.

    Args:
        tokenizer: what is measured.
        documents: clean text; long ones are cut at 2,000 characters.
        rate: share of characters that go wrong, above 0.
        seed: of the errors.

    Raises:
        CorpusError: there is no text, or no character went wrong.
    """
    rng = random.Random(seed)
    kept = clean_total = garbled_total = edits = errors = tokens = 0
    for document in documents:
        for at in range(0, len(document), _LONGEST):
            text = document[at : at + _LONGEST]
            garbled, places, wrong = garble(text, rate, rng)
            ids, clean = _boundaries(tokenizer, text)
            other_ids, other = _boundaries(tokenizer, garbled)
            carried = {places[each] for each in clean} - {0, len(garbled)}
            kept += len(carried & other)
            clean_total += len(clean)
            garbled_total += len(other)
            edits += edit_distance(ids, other_ids)
            errors += wrong
            tokens += len(ids)
    if not errors or not clean_total or not garbled_total:
        raise CorpusError(f"no text, or no error at rate {rate}; give more text or a higher rate")
    share, precision = kept / clean_total, kept / garbled_total
    both = share + precision
    return Robustness(
        rate=rate,
        kept=share,
        precision=precision,
        f1=2 * share * precision / both if both else 0.0,
        edits=edits / tokens,
        edits_per_error=edits / errors,
        errors=errors,
        tokens=tokens,
    )


def _boundaries(tokenizer: Spanning, text: str) -> tuple[NDArray[np.int64], set[int]]:
    """Ids, and the places between characters where a token ends, the end of the text left out."""
    ids, spans = tokenizer.encode_with_spans(text)
    ends = np.cumsum([len(character.encode()) for character in text], dtype=np.int64)
    stops = np.unique(spans[:, 1])
    inside = np.flatnonzero(np.isin(ends, stops)) + 1
    return ids.astype(np.int64), set(inside[inside < len(text)].tolist())
