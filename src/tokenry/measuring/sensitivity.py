"""How much the ids of a text change when the text changes a little.

A perturbation changes few characters; what follows is the edit distance (Levenshtein 1966) between
the two sequences of ids, over the ids of the unchanged text. A distance far above the share of
characters that changed says that small accidents reach far. Prefix stability says what a reader who
has seen only a part of a text gets wrong: ids at its end that turn out otherwise.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tokenry.measuring.edits import common_prefix, edit_distance
from tokenry.results import Result

Change = Callable[[str, random.Random], str]
LONGEST: Final = 400  # characters of a line that are looked at
_HOMOGLYPHS: Final = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")  # Latin, Cyrillic


class Encodes(Protocol):
    """The part of a `tokenry.Tokenizer` that this needs."""

    def encode_to_numpy(self, text: str, /) -> NDArray[np.uint32]:
        """Ids of ``text``."""


@dataclass(frozen=True, slots=True)
class Sensitivity(Result):
    """What one kind of change does.

    Attributes:
        distance: sum of edit distances of ids over the sum of ids of the unchanged lines.
        characters: the same for the characters of the lines.
        changed: lines that the change did anything to; only they count.
    """

    distance: float
    characters: float
    changed: int


@dataclass(frozen=True, slots=True)
class PrefixStability(Result):
    """What is known of the ids of a text from its beginning.

    Attributes:
        stable: share of beginnings all of whose ids are those that the whole text begins with.
        unsettled: mean number of ids at the end of a beginning that the whole text has not.
        worst: the most of them.
        beginnings: how many were tried.
    """

    stable: float
    unsettled: float
    worst: int
    beginnings: int


def typo(text: str, draw: random.Random) -> str:
    """One letter in ten words swapped with the next, left out or doubled."""

    def change(word: str) -> str:
        if len(word) < 3 or draw.random() > 0.1:
            return word
        at = draw.randrange(len(word) - 1)
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return draw.choice((swapped, word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]))

    return " ".join(map(change, text.split(" ")))


def upper_case(text: str, draw: random.Random) -> str:
    """All letters upper case."""
    return text.upper()


def lower_case(text: str, draw: random.Random) -> str:
    """All letters lower case."""
    return text.lower()


def double_space(text: str, draw: random.Random) -> str:
    """One space in ten written twice."""
    return "".join("  " if c == " " and draw.random() < 0.1 else c for c in text)


def lost_space(text: str, draw: random.Random) -> str:
    """One space in ten left out."""
    return "".join("" if c == " " and draw.random() < 0.1 else c for c in text)


def decomposed(text: str, draw: random.Random) -> str:
    """Normalisation form D: accents as characters of their own."""
    return unicodedata.normalize("NFD", text)


def homoglyphs(text: str, draw: random.Random) -> str:
    """One in twenty of the Latin letters that have a Cyrillic twin replaced by it."""
    return "".join(c.translate(_HOMOGLYPHS) if draw.random() < 0.05 else c for c in text)


CHANGES: Final = MappingProxyType(
    {
        "typo": typo,
        "upper case": upper_case,
        "lower case": lower_case,
        "double space": double_space,
        "lost space": lost_space,
        "decomposed": decomposed,
        "homoglyphs": homoglyphs,
    }
)


def measure_sensitivity(
    tokenizer: Encodes, lines: Sequence[str], *, seed: int = 0, most: int = 200
) -> dict[str, Sensitivity]:
    """Each of `CHANGES` on up to ``most`` lines, drawn by the seed."""
    chosen = chosen_lines(lines, most, seed)
    return {name: _measure(tokenizer, chosen, change, seed) for name, change in CHANGES.items()}


def chosen_lines(lines: Sequence[str], most: int, seed: int) -> list[str]:
    """Lines with letters in them, shortened; the same for a seed."""
    known = [line.strip()[:LONGEST] for line in lines if any(map(str.isalpha, line))]
    return random.Random(seed).sample(known, min(most, len(known)))


def _measure(tokenizer: Encodes, lines: Sequence[str], change: Change, seed: int) -> Sensitivity:
    draw = random.Random(seed)
    pairs = [(line, changed) for line in lines if (changed := change(line, draw)) != line]
    distances = sizes = characters = lengths = 0
    for line, changed in pairs:
        before, after = tokenizer.encode_to_numpy(line), tokenizer.encode_to_numpy(changed)
        distances += edit_distance(before, after)
        sizes += len(before)
        characters += edit_distance(_points(line), _points(changed))
        lengths += len(line)
    if not pairs:
        return Sensitivity(0.0, 0.0, 0)
    return Sensitivity(distances / sizes, characters / lengths, len(pairs))


def measure_prefixes(
    tokenizer: Encodes, lines: Sequence[str], *, seed: int = 0, most: int = 200
) -> PrefixStability:
    """Cut lines between characters at a drawn place, and compare with the whole line."""
    draw = random.Random(seed)
    unsettled = []
    for line in chosen_lines(lines, most, seed):
        if len(line) < 2:
            continue
        whole = tokenizer.encode_to_numpy(line)
        part = tokenizer.encode_to_numpy(line[: draw.randrange(1, len(line))])
        unsettled.append(len(part) - common_prefix(whole, part))
    if not unsettled:
        return PrefixStability(1.0, 0.0, 0, 0)
    return PrefixStability(
        float(np.mean([count == 0 for count in unsettled])),
        float(np.mean(unsettled)),
        max(unsettled),
        len(unsettled),
    )


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
