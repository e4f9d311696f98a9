"""Tweets as BERTweet reads them (Nguyen, Vu, Nguyen 2020, arXiv:2005.10200): words as the tweet
tokenizer of NLTK cut them in 2020, users and links by one word each, emojis by their names.

Names of emojis differ between releases of the package emoji; that which is installed decides.
"""

from __future__ import annotations

import html.entities
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tokenry.extras import require
from tokenry.text.normalizers.program_words import ProgramWords
from tokenry.text.saved_parts import saved_as

if TYPE_CHECKING:
    import regex

_ASCII: Final = {"\u2019": "'", "\u2026": "..."}
USER, LINK = "@USER", "HTTPURL"
_NAMED: Final = r"&(#?)(x?)([^&;\s]+);"
_REPEATED: Final = r"([^a-zA-Z0-9])\1{3,}"
_HALVES: Final = "[\ud800-\udfff]"  # of surrogate pairs, by number; no vocabulary has one
_EYES, _NOSE, _MOUTH = "[:;=8]", r"[\-o*']?", r"[)\](\[dDpP/:}{@|\\]"
_NESTED: Final = r"\([^\s()]*?\([^\s()]+\)[^\s()]*?\)|\([^\s]+?\)"
_GAP: Final = r"[ *\-.)]*"
# In the order in which they are tried.
_WORDS: Final = (
    # links: a scheme, or a name of a host with a slash; never with punctuation at the end
    r"(?:https?:(?:/{1,3}|[a-z0-9%])|[a-z0-9.\-]+[.][a-z]{2,13}/)"
    rf"(?:[^\s()<>{{}}\[\]]+|{_NESTED})+"
    rf"(?:{_NESTED}|[^\s`!()\[\]{{}};:'\".,<>?\u00ab\u00bb\u201c\u201d\u2018\u2019])",
    # names of hosts alone
    r"(?<!@)[a-z0-9]+(?:[.\-][a-z0-9]+)*[.][a-z]{2,13}\b/?(?!@)",
    # telephone numbers of America
    rf"(?:\+?[01]{_GAP})?(?:\(?\d{{3}}{_GAP})?\d{{3}}{_GAP}\d{{4}}",
    # faces to either side, hearts
    rf"[<>]?{_EYES}{_NOSE}{_MOUTH}|{_MOUTH}{_NOSE}{_EYES}[<>]?|<3",
    r"<[^>\s]+>",
    r"-+>|<-+",
    r"@\w+",
    r"\#+\w+[\w'\-]*\w+",
    r"[\w.+-]+@[\w-]+\.(?:[\w-]\.?)+[\w-]",
    # words with apostrophes and hyphens inside, numbers with one sign inside, words
    r"[^\W\d_](?:[^\W\d_]|['\-_])+[^\W\d_]",
    r"[+\-]?\d+[,/.:-]\d+[+\-]?",
    r"\w+",
    r"\.(?:\s*\.)+",
    r"\S",
)
# One after the other, in the words with a space between every two.
_CONTRACTED: Final = (
    ("cannot ", "can not "), ("n't ", " n't "), ("n 't ", " n't "), ("ca n't", "can't"),
    ("ai n't", "ain't"), ("'m ", " 'm "), ("'re ", " 're "), ("'s ", " 's "), ("'ll ", " 'll "),
    ("'d ", " 'd "), ("'ve ", " 've "), (" p . m .", "  p.m."), (" p . m ", " p.m "),
    (" a . m .", " a.m."), (" a . m ", " a.m "),
)  # fmt: skip


@saved_as("tweets.TweetWords")
@dataclass(frozen=True)
class TweetWords(ProgramWords):
    """Words of BERTweet.

    Raises:
        MissingExtraError: emoji is not installed.
    """

    def __post_init__(self) -> None:
        _emoji()

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        for old, new in _ASCII.items():
            text = text.replace(old, new)
        text = _pattern(_NAMED).sub(_character, text)
        text = _pattern(_REPEATED).sub(r"\1\1\1", text)
        text = " ".join(map(_word, _cutter().findall(text)))
        for old, new in _CONTRACTED:
            text = text.replace(old, new)
        whole: str = _pattern(_HALVES).sub("\ufffd", text)
        return whole.split()


def _emoji() -> Any:
    return require("emoji", "words", "reading tweets as BERTweet does")


@cache
def _pattern(pattern: str) -> regex.Pattern[str]:
    import regex  # takes longer to import than a tokenizer to load

    return regex.compile(pattern)


@cache
def _cutter() -> regex.Pattern[str]:
    import regex

    return regex.compile("|".join(f"(?:{each})" for each in _WORDS), regex.IGNORECASE)


def _character(named: regex.Match[str]) -> str:
    """What HTML calls so; nothing where that is no character."""
    sign, hexadecimal, name = named.groups()
    numbered = bool(sign or hexadecimal)
    try:
        if not numbered:
            return chr(html.entities.name2codepoint[name])
        number = int(name, 16 if hexadecimal else 10)
        return bytes([number]).decode("cp1252") if 0x80 <= number <= 0x9F else chr(number)
    except (KeyError, ValueError, OverflowError):
        return ""


def _word(token: str) -> str:
    if token.startswith("@"):
        return USER
    if token.lower().startswith(("http", "www")):
        return LINK
    return str(_emoji().demojize(token)) if len(token) == 1 else token
