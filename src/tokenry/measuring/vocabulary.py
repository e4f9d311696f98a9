"""What a vocabulary is made of: roles, scripts, lengths, duplicates. No text is needed.

Every share has the same denominator: all ids that stand for something, specials included, holes
not. A piece has one role and one script, so the shares of each make-up sum to 1; a piece of two
scripts is ``mixed`` and is not counted for either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import regex

from tokenry.measuring.encoded import HasPieces
from tokenry.results import Result

Role = Literal[
    "special", "byte", "partial UTF-8", "white space", "number", "word", "subword", "superword",
    "punctuation", "mixed",
]  # fmt: skip
ROLES: Final[tuple[Role, ...]] = (
    "superword", "word", "subword", "number", "punctuation", "white space", "mixed",
    "partial UTF-8", "byte", "special",
)  # fmt: skip
SCRIPTS: Final = (
    "Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Han", "Hiragana", "Katakana", "Hangul",
    "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
    "Malayalam", "Sinhala", "Thai", "Lao", "Myanmar", "Khmer", "Tibetan", "Georgian", "Armenian",
    "Ethiopic", "Mongolian", "Ol_Chiki", "Syriac", "Thaana", "Nko", "Tifinagh", "Cherokee",
    "Canadian_Aboriginal", "Bopomofo", "Yi", "Coptic", "Gothic", "Javanese", "Balinese",
    "Sundanese", "Tagalog", "Meetei_Mayek", "Cham", "Tai_Le", "New_Tai_Lue", "Tai_Tham", "Lisu",
    "Vai", "Bamum", "Adlam", "Braille",
)  # fmt: skip
"""Scripts told apart; all others are ``other``."""


@dataclass(frozen=True, slots=True)
class MakeUp(Result):
    """Counts of ids by something, largest first.

    Attributes:
        counts: by name.
        total: the denominator of shares.
    """

    counts: dict[str, int]
    total: int

    def share(self, name: str) -> float:
        """Share of all ids.

        >>> MakeUp({"word": 3}, 4).share("word")
        0.75
        """
        return self.counts.get(name, 0) / self.total if self.total else 0.0


def by_role(vocabulary: HasPieces) -> MakeUp:
    """Ids by what their piece is; see `role_of`."""
    roles: Mapping[int, str] = getattr(vocabulary, "roles", {})
    found: Counter[str] = Counter()
    for id_, piece in enumerate(vocabulary.pieces):
        if piece is not None or id_ in roles:
            found[role_of(piece, roles.get(id_))] += 1
    return _make_up(found)


def role_of(piece: bytes | None, role: str | None = None) -> Role:
    """The role of a piece in text.

    A *word* begins with a space, or a capital, and holds letters only; a *subword* is the same
    without the space, since it may stand in the middle of a word as well as at the start of one; a
    *superword* holds letters on both sides of a space.

    >>> [role_of(each) for each in (b" the", b"ing", b" of the", b" 12", b"\\xe6\\x9d", b"  ")]
    ['word', 'subword', 'superword', 'number', 'partial UTF-8', 'white space']
    """
    if role == "byte" or (piece is not None and len(piece) == 1 and role is None):
        return "byte"
    if piece is None or role is not None:
        return "special"
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return "partial UTF-8"
    return _text_role(text)


def _text_role(text: str) -> Role:
    bare = text.strip()
    if not bare:
        return "white space"
    if bare.isalpha() or _LETTERS.fullmatch(bare):
        return "word" if text[0].isspace() else "subword"
    if _LETTERS_ACROSS_SPACE.search(bare):
        return "superword"
    if _NUMBERS.fullmatch(bare):
        return "number"
    return "mixed" if any(map(str.isalnum, bare)) else "punctuation"


_LETTERS = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
_LETTERS_ACROSS_SPACE = regex.compile(r"[\p{L}\p{M}]\S*\s+\S*[\p{L}\p{M}]")
_NUMBERS = regex.compile(r"\p{N}+")


def by_script(vocabulary: HasPieces) -> MakeUp:
    """Ids by the script of their letters: ``mixed`` for two, ``none`` without letters."""
    roles: Mapping[int, str] = getattr(vocabulary, "roles", {})
    texts = [
        _decoded(piece) if id_ not in roles else ""
        for id_, piece in enumerate(vocabulary.pieces)
        if piece is not None or id_ in roles
    ]
    scripts = scripts_of("".join(texts))
    found: Counter[str] = Counter(_script(text, scripts) for text in texts)
    return _make_up(found)


def scripts_of(text: str) -> dict[str, str]:
    """The script of each distinct letter or mark of ``text``; others are left out."""
    distinct = "".join(sorted(set(text)))
    known = dict.fromkeys(regex.findall(r"[\p{L}\p{M}]", distinct), "other")
    for name in SCRIPTS:
        for each in _script_pattern(name).findall(distinct):
            if each in known:
                known[each] = name.replace("_", " ")
    # marks that go with any script say nothing of it
    for each in regex.findall(r"[\p{Script=Inherited}\p{Script=Common}]", distinct):
        known.pop(each, None)
    return known


@cache
def _script_pattern(name: str) -> regex.Pattern[str]:
    return regex.compile(rf"\p{{Script={name}}}")


def _script(text: str, scripts: Mapping[str, str]) -> str:
    found = {scripts[each] for each in text if each in scripts}
    if len(found) > 1:
        return "mixed"
    return found.pop() if found else "none"


def by_length(vocabulary: HasPieces, longest: int = 16) -> MakeUp:
    """Ids by characters of their piece; ``17+`` for longer ones, ``0`` for what is no text."""
    roles: Mapping[int, str] = getattr(vocabulary, "roles", {})
    found: Counter[str] = Counter()
    for id_, piece in enumerate(vocabulary.pieces):
        if piece is not None or id_ in roles:
            size = 0 if id_ in roles else len(_decoded(piece))
            found[str(size) if size <= longest else f"{longest + 1}+"] += 1
    order = sorted(found, key=lambda name: int(name.rstrip("+")))
    return MakeUp({name: found[name] for name in order}, found.total())


@dataclass(frozen=True, slots=True)
class Duplicates(Result):
    """Pieces that are the same but for case or a leading space.

    Attributes:
        groups: how many groups of two or more there are.
        extra: ids beyond the first of each group.
        total: ids that stand for something.
        examples: some of the largest groups.
    """

    groups: int
    extra: int
    total: int
    examples: tuple[tuple[str, ...], ...]


def duplicates(vocabulary: HasPieces, *, by: Literal["case", "space", "both"]) -> Duplicates:
    """Ids that differ only in case, only in a leading space, or in these two."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    total = 0
    for piece in _texts(vocabulary):
        total += 1
        if any(map(str.isalpha, piece)):
            groups[_folded(piece, by)].append(piece)
    several = [group for group in groups.values() if len(group) > 1]
    largest = sorted(several, key=lambda group: (-len(group), group))[:8]
    return Duplicates(
        len(several),
        sum(len(group) - 1 for group in several),
        total,
        tuple(tuple(group) for group in largest),
    )


def _folded(text: str, by: str) -> str:
    if by != "case":
        text = text.removeprefix(" ")
    return text if by == "space" else text.casefold()


def parameter_share(ids: int, width: int, others: int, *, tied: bool = False) -> tuple[int, float]:
    """Parameters of the rows of a vocabulary, and their share of a whole model.

    Args:
        ids: rows.
        width: numbers in a row.
        others: parameters of the model beside the rows.
        tied: whether the output has the rows of the input.

    >>> parameter_share(50_000, 768, 85_000_000)
    (76800000, 0.4746600741656366)
    """
    rows = ids * width * (1 if tied else 2)
    return rows, rows / (rows + others)


def _make_up(found: Counter[str]) -> MakeUp:
    return MakeUp(dict(found.most_common()), found.total())


def _texts(vocabulary: HasPieces) -> Iterable[str]:
    roles: Mapping[int, str] = getattr(vocabulary, "roles", {})
    for id_, piece in enumerate(vocabulary.pieces):
        text = _decoded(piece) if id_ not in roles else ""
        if text:
            yield text


def _decoded(piece: bytes | None) -> str:
    try:
        return (piece or b"").decode()
    except UnicodeDecodeError:
        return ""


LONGEST_WORD: Final = 24


def looks_like_junk(text: str, longest: int = LONGEST_WORD) -> bool:
    """Whether a piece is long without a space in it, or of one character again and again.

    >>> [looks_like_junk(each) for each in (" the", "-" * 12, "abcdefgh" * 4)]
    [False, True, True]
    """
    bare = text.strip()
    long = len(bare) > longest and not any(map(str.isspace, bare))
    return long or (len(text) > 8 and len(set(bare)) == 1)


def suspicious(
    vocabulary: HasPieces, *, longest: int = LONGEST_WORD, shown: int = 40
) -> Sequence[str]:
    """Pieces that look like junk of the data (`looks_like_junk`), the longest first.

    A hint to look, no verdict: German compounds and ruled lines are honest data too.
    """
    found = [text for text in _texts(vocabulary) if looks_like_junk(text, longest)]
    return sorted(found, key=lambda text: (-len(text), text))[:shown]
