"""Write src/tokenry/text/unicode/classes.py: character classes as `tokenizers` has them.

Its Rust crates carry Unicode tables of different ages (8 to 17), and a model was trained with what
they say. So each code point is asked, once, of the library itself. Needs `tokenizers` and
the newest `unicodedata2`:

    python tools/unicode_classes.py
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import tokenizers
from tokenizers import normalizers, pre_tokenizers

TARGET = Path(__file__).parent.parent / "src/tokenry/text/unicode/classes.py"
CODE_POINTS = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
CLEAN = normalizers.BertNormalizer(
    clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False
)
ACCENTS = normalizers.BertNormalizer(
    clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False
)
FORMS = {name: getattr(normalizers, name)() for name in ("NFC", "NFD", "NFKC", "NFKD")}

HEADER = '''"""Character classes and case as the crates of `tokenizers` {version} have them.

Made by tools/unicode_classes.py, which asks the library about each code point. The crates carry
Unicode tables of different ages, so these are facts about it and not about any one version of
Unicode. A class is written as hexadecimal ranges.
"""

from __future__ import annotations

from typing import Final

'''


def splits(pretokenizer: object, parts: int) -> Callable[[str], bool]:
    """Whether a pretokenizer cuts `aca` into so many parts."""
    return lambda c: len(pretokenizer.pre_tokenize_str(f"a{c}a")) == parts  # type: ignore[attr-defined]


def drops(normalizer: object) -> Callable[[str], bool]:
    """Whether a normalizer drops the character."""
    return lambda c: normalizer.normalize_str(f"a{c}a") == "aa"  # type: ignore[attr-defined]


def is_inert(c: str) -> bool:
    """Whether this interpreter's tables would normalise ``c`` and the crate's would not."""
    marks = ("\u0301", "\u0327", "\u0334", "\u0345")
    for form, normalizer in FORMS.items():
        probes = [c, *(f"a{mark}{c}{mark}" for mark in marks)]
        if any(normalizer.normalize_str(p) != unicodedata.normalize(form, p) for p in probes):
            return True
    return False


def newer_inert() -> set[int]:
    """The same for tables newer than this interpreter's."""
    import unicodedata2 as newer

    found = set()
    for point in CODE_POINTS:
        c = chr(point)
        if unicodedata.category(c) != "Cn" or newer.category(c) == "Cn":
            continue
        parts = newer.decomposition(c)
        if newer.combining(c) or parts:
            found.add(point)
        spelled = {int(part, 16) for part in parts.split() if not part.startswith("<")}
        found |= {p for p in spelled if unicodedata.category(chr(p)) == "Cn"}
    return found


def composing_inert(inert: set[int]) -> set[int]:
    """Second halves of compositions that the crate does not know."""
    found = set()
    for point in inert:
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(int(parts[1], 16))
    return {p for p in found if FORMS["NFC"].normalize_str(chr(p)) == chr(p) and p > 0x10000}


def unassigned() -> set[int]:
    """Code points of newer Unicode that the library's regex engine takes for unassigned."""
    import unicodedata2 as newer  # the newest tables there are

    probe = pre_tokenizers.Split(tokenizers.Regex(r"\p{Cn}"), "isolated")
    return {
        point
        for point in CODE_POINTS
        if newer.category(chr(point)) != "Cn" and splits(probe, 3)(chr(point))
    }


def ranges(points: Iterable[int]) -> str:
    """The points as inclusive hexadecimal ranges."""
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


def constant(name: str, text: str, comment: str) -> str:
    """A constant of the file."""
    lines = textwrap.wrap(text, 92, break_on_hyphens=False)
    body = "\n".join(f'    "{line}{"" if line is lines[-1] else " "}"' for line in lines)
    return f"# {comment}\n{name}: Final = (\n{body}\n)\n"


def main() -> None:
    """Ask about every code point and write the file."""
    chars = [chr(point) for point in CODE_POINTS]
    white = {ord(c) for c in chars if splits(pre_tokenizers.WhitespaceSplit(), 2)(c)}
    words = splits(pre_tokenizers.Whitespace(), 1)
    inert = {ord(c) for c in chars if is_inert(c)}
    inert |= newer_inert() | composing_inert(inert)
    lower = {c: normalizers.Lowercase().normalize_str(c) for c in chars}
    # what the oldest interpreter that we support (Unicode 14) does not lower
    young = {c: low for c, low in lower.items() if low != c and unicodedata.category(c) == "Cn"}
    odd = {c for c in chars if lower[c] != c.lower() and c not in young}
    assert not odd, odd
    classes = {
        "WHITE_SPACE": (white, "char::is_whitespace"),
        "WORD": ({ord(c) for c in chars if words(c)} - white, r"\w of the regex crate"),
        "NUMERIC": (
            {ord(c) for c in chars if splits(pre_tokenizers.Digits(True), 3)(c)},
            "char::is_numeric, for Digits",
        ),
        "PUNCTUATION": (
            {ord(c) for c in chars if splits(pre_tokenizers.Punctuation("isolated"), 3)(c)},
            "for Punctuation and BertPreTokenizer",
        ),
        "BERT_REMOVED": ({ord(c) for c in chars if drops(CLEAN)(c)}, "by clean_text"),
        "BERT_ACCENTS": ({ord(c) for c in chars if drops(ACCENTS)(c)}, "by strip_accents"),
        "ACCENTS": (
            {ord(c) for c in chars if drops(normalizers.StripAccents())(c)},
            "StripAccents",
        ),
        "UNASSIGNED": (unassigned(), "of Unicode 17 and later, unassigned to its regex engine"),
        "INERT": (inert, "unchanged by NFC, NFD, NFKC and NFKD, though newer Unicode changes them"),
    }
    out = HEADER.format(version=tokenizers.__version__)
    for name, (points, comment) in classes.items():
        out += constant(name, ranges(points), f"{len(points):,} code points: {comment}") + "\n"
    pairs = " ".join(f"{ord(c):x}>{ord(low):x}" for c, low in young.items())
    out += constant("LOWER", pairs, "char::to_lowercase where Unicode 14 has no such character")
    TARGET.write_text(out, "utf-8")


if __name__ == "__main__":
    main()
