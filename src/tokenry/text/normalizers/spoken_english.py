"""English as it is spoken: numbers, sums of dollars and abbreviations in words, as the program of
CLVP does (Betker 2023, arXiv:2305.07243)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.saved_parts import saved_as

# In this order: what one has become is a word to the next.
_ABBREVIATED: Final = {
    "mrs": "misess", "mr": "mister", "dr": "doctor", "st": "saint", "co": "company",
    "jr": "junior", "maj": "major", "gen": "general", "drs": "doctors", "rev": "reverend",
    "lt": "lieutenant", "hon": "honorable", "sgt": "sergeant", "capt": "captain",
    "esq": "esquire", "ltd": "limited", "col": "colonel", "ft": "fort",
}  # fmt: skip
_BELOW_20: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS: Final = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_POWERS: Final = ("", " thousand", " million", " billion", " trillion", " quadrillion")
_MOST_DIGITS: Final = 3 * len(_POWERS)
_TOO_LARGE: Final = "number out of range"
_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}
# In the order in which they are looked for.
_GROUPED = re.compile(r"[0-9][0-9,]+[0-9]")
_DOLLARS = re.compile(r"\$([0-9.,]*[0-9])")
_DECIMAL = re.compile(r"[0-9]++\.[0-9]+")
_ORDINAL = re.compile(r"([0-9]++)(?:st|nd|rd|th)")
_NUMBER = re.compile(r"[0-9]+")
_ABBREVIATIONS = [(re.compile(rf"\b{short}\."), full) for short, full in _ABBREVIATED.items()]


@saved_as("spoken_english.SpokenEnglish")
@dataclass(frozen=True)
class SpokenEnglish(ProgramWords):
    """A text in lower case, of ASCII only, with words for numbers and abbreviations."""

    def words(self, text: str) -> list[str]:
        """The text, which is one word."""
        text = text.encode("ascii", "ignore").decode().lower()
        text = _GROUPED.sub(lambda found: found[0].replace(",", ""), text)
        text = _DOLLARS.sub(_dollars, text)
        text = _DECIMAL.sub(lambda found: found[0].replace(".", " point "), text)
        text = _ORDINAL.sub(lambda found: _ordinal(found[1]), text)
        text = _NUMBER.sub(lambda found: _number(found[0]), text)
        for abbreviation, full in _ABBREVIATIONS:
            text = abbreviation.sub(full, text)
        return [re.sub(r"\s+", " ", text).replace('"', "")]


def spelled(digits: str) -> str:
    """A number in words."""
    digits = digits.lstrip("0") or "0"
    if len(digits) > _MOST_DIGITS:
        return _TOO_LARGE
    number, groups = int(digits), []
    for power in _POWERS:
        number, group = divmod(number, 1000)
        if group:
            groups.append(_below_1000(group) + power)
    return ", ".join(reversed(groups)) or _BELOW_20[0]


def _below_1000(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [f"{_BELOW_20[hundreds]} hundred"] if hundreds else []
    if 0 < rest < len(_BELOW_20):
        words.append(_BELOW_20[rest])
    elif rest:
        words.append(f"{_TENS[tens]}-{_BELOW_20[ones]}" if ones else _TENS[tens])
    return " ".join(words)


def _number(digits: str) -> str:
    """The same, and years as they are read."""
    short = digits.lstrip("0")
    year = int(short) if len(short) == 4 else 0
    if 2000 < year < 2010:
        return f"{_BELOW_20[2]} thousand {spelled(short[2:])}"
    if 1000 < year < 3000 and year % 100 == 0 and year != 2000:
        return f"{spelled(short[:2])} hundred"
    return spelled(digits)


def _ordinal(digits: str) -> str:
    last = int(digits[-2:])
    ending = "th" if 10 <= last <= 20 else _ENDINGS.get(last % 10, "th")
    return spelled(digits) + ending


def _dollars(found: re.Match[str]) -> str:
    """A sum with its units, in digits; one that has commas left is no sum, and stays."""
    given: str = found[1]
    parts = given.split(".")
    if len(parts) > 2:
        return f"{given} dollars"
    if "," in given:
        return found[0]
    units = zip(parts, ("dollar", "cent"), strict=False)
    named = [(part.lstrip("0"), unit) for part, unit in units]
    sums = [f"{part} {unit}{'s' * (part != '1')}" for part, unit in named if part]
    return ", ".join(sums) or f"{_BELOW_20[0]} dollars"
