"""Split patterns that nobody wrote, and texts for them: what engines of patterns may disagree on.

Only what the dialects of `regex`, Rust's fancy-regex and Oniguruma read alike.
"""

from __future__ import annotations

import random

_LITERALS = ("a", "b", "B", "s", "1", " ", "'", "-", "\\.", "\\n", "\u00e9", "\u4e2d", "'s", "ab")
_CLASSES = (
    r"\p{L}", r"\p{N}", r"\s", r"\S", r"\p{Lu}", r"\P{L}", r"\d", "[ab]", "[^ab]", "[a-c1]",
    r"[^\s\p{L}\p{N}]", r"[\p{L}\p{M}]", r"[^\r\n\p{L}\p{N}]", "[\u4e00-\u9fa5]", "[\\r\\n]", ".",
    r"[\p{L}&&[^ab]]", r"[\s\p{P}]",
)  # fmt: skip
_LOOKS = (
    r"(?!\S)", r"(?=\s)", r"(?!a)", r"(?=[ab])", r"(?<!\s)", r"(?<=\p{L})", r"(?<![ab])",
    r"(?<=')", r"(?=\p{N}|-)", r"\b", r"(?=ab)", r"(?!ab|\s)", r"(?<=a1)", r"(?<!\p{L}{2})",
    r"(?=(?:\d{3})+(?!\d))", r"(?=\s*\n)", r"(?!.*b)", r"(?<=\b\p{L})", r"(?=\p{L}+\b)",
)  # fmt: skip
_REPEATS = ("*", "+", "?", "{2}", "{1,3}", "{2,}")
_ALPHABET = (
    "a", "a", "b", "B", "s", "S", "1", "22", " ", " ", "  ", "'", "'s", "-", ".", "\n", "\r\n",
    "\t", "\u00e9", "\u4e2d", "\u4e2d\u6587", "\u017f", "e\u0301", "ab", "ba", "aaa", "\u3000",
    "\U0001f600", "\u0663",
)  # fmt: skip


def pattern(draw: random.Random) -> str:
    """One pattern, of up to four alternatives; some match empty text."""
    return "|".join(_sequence(draw, 2) for _ in range(draw.randint(1, 4)))


def _sequence(draw: random.Random, depth: int) -> str:
    parts = [_part(draw, depth) for _ in range(draw.choice((1, 1, 2, 2, 3)))]
    if draw.random() < 0.2:
        parts.insert(draw.randint(0, len(parts)), draw.choice(_LOOKS))
    return "".join(parts)


def _part(draw: random.Random, depth: int) -> str:
    kind = draw.random()
    if kind < 0.45 or depth == 0:
        atom = draw.choice(_CLASSES)
        return atom + (_repeat(draw) if draw.random() < 0.6 else "")
    if kind < 0.75:
        atom = draw.choice(_LITERALS)
        repeated = len(atom) == 1 and draw.random() < 0.3
        return atom + (_repeat(draw) if repeated else "")
    if kind < 0.85:  # of sets the engines make different things there
        inside = "|".join(
            "".join(draw.choices((*_LITERALS, "[as]", "[ab]"), k=draw.randint(1, 3)))
            for _ in range(draw.randint(1, 3))
        )
        return f"(?i:{inside})"
    inside = "|".join(_sequence(draw, depth - 1) for _ in range(draw.randint(1, 3)))
    return f"(?:{inside})" + (_repeat(draw, possessive=False) if draw.random() < 0.5 else "")


def _repeat(draw: random.Random, possessive: bool = True) -> str:
    repeat = draw.choice(_REPEATS)
    ways = ["", "", "", "?"]
    # Oniguruma reads a possessive interval as two repeats.
    if possessive and not repeat.endswith("}"):
        ways += ["+"]
    # Lazy intervals of one number mean different things.
    return repeat + ("" if repeat == "{2}" else draw.choice(ways))


def text(draw: random.Random, longest: int = 14) -> str:
    """A text of what the patterns tell apart."""
    return "".join(draw.choices(_ALPHABET, k=draw.randint(0, longest)))
