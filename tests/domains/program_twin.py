"""The readable twin of native/domains/program_marks.cpp: leaves of a program as marks."""

from __future__ import annotations

from dataclasses import dataclass, field

from tokenry.domains.code import words
from tokenry.domains.code.grammars import KINDS, LANGUAGES

BROKEN = len(KINDS)
VAR, ARR, FUNC = map(KINDS.index, ("var", "arr", "func"))
Leaf = tuple[int, int, int]  # begin, end, kind


@dataclass
class Marked:
    """What stands in the ids, and aside."""

    marks: list[int] = field(default_factory=list)
    names: list[list[bytes]] = field(default_factory=lambda: [[] for _ in KINDS])
    skips: list[int] = field(default_factory=list)
    gaps: list[bytes] = field(default_factory=list)
    capitals: list[int] = field(default_factory=list)


def mark(data: bytes, leaves: list[Leaf], language: str) -> Marked:
    """Marks of a program, with its names, spaces and capitals."""
    made = Marked()
    texts = [data[begin:end] for begin, end, _ in leaves]
    leading = [_word(texts[at], kind, language) for at, (_, _, kind) in enumerate(leaves)]
    made.capitals = [
        at
        for at, mark in enumerate(leading)
        if mark > words.BROKEN and words.SPELT[mark - words.FIRST_WORD] != texts[at]
    ]
    kinds: dict[bytes, int] = {}
    for at, (_, _, kind) in enumerate(leaves):
        if leading[at] < 0:
            behind = leading[at + 1] if at + 1 < len(leaves) else -1
            kinds[texts[at]] = max(kinds.get(texts[at], 0), _shown(kind, behind))
    for text, kind in kinds.items():
        made.names[kind].append(text)
    numbers = {text: made.names[kind].index(text) for text, kind in kinds.items()}
    symbols = [
        words.FIRST_KIND + kinds[text] if mark < 0 else mark
        for mark, text in zip(leading, texts, strict=True)
    ]
    ends = [0, *(end for _, end, _ in leaves)]
    begins = [*(begin for begin, _, _ in leaves), len(data)]
    gaps = [data[end : max(begin, end)] for end, begin in zip(ends, begins, strict=True)]
    levels = [*_levels(gaps[:-1], LANGUAGES[language].lines), None]
    _put_gaps(made, gaps, [words.BROKEN, *symbols, words.BROKEN], levels)
    made.marks = [words.FIRST_LANGUAGE + [*LANGUAGES].index(language)]
    for at, symbol in enumerate(symbols):
        made.marks += [*_line(levels[at]), symbol]
        if leading[at] < 0:
            made.marks += _digits(numbers[texts[at]])
    return made


def _word(text: bytes, kind: int, language: str) -> int:
    if kind == BROKEN:
        return words.BROKEN
    for each in (text, text.lower() if LANGUAGES[language].any_case and text.isupper() else text):
        if each in words.WORDS[language]:
            return words.FIRST_WORD + words.SPELT.index(each)
    return -1


def _shown(kind: int, behind: int) -> int:
    sign = words.SPELT[behind - words.FIRST_WORD] if behind >= words.FIRST_WORD else b""
    return {b"(": FUNC, b"[": ARR}.get(sign, kind) if kind == VAR else kind


def _levels(gaps: list[bytes], lines: str) -> list[int | None]:
    """For each leaf, by how many levels its line is further in, or None where it begins none."""
    stack, found = [0], []
    for gap in gaps:
        step = None
        if lines and b"\n" in gap:
            tail = gap[gap.rindex(b"\n") + 1 :]
            indent = len(tail) - len(tail.lstrip(b" \t")) if lines == "indented" else 0
            step = 0
            if indent > stack[-1]:
                stack.append(indent)
                step = 1
            while indent < stack[-1]:
                stack.pop()
                step -= 1
        found.append(step)
    return found


def _put_gaps(
    made: Marked, gaps: list[bytes], symbols: list[int], levels: list[int | None]
) -> None:
    """The gaps that are not what last stood between the same two symbols."""
    memory: dict[tuple[int, int, int | None], tuple[bytes, int | None]] = {}
    indent = skipped = 0
    for at, gap in enumerate(gaps):
        head, end, tail = gap.rpartition(b"\n")
        found: tuple[bytes, int | None] = gap, None
        if end and not tail.strip(b" "):
            found = head + end, len(tail) - indent
            indent = len(tail)
        level = levels[at]
        key = symbols[at], symbols[at + 1], None if level is None else (level > 0) - (level < 0)
        if memory.get(key, (b"", None)) == found:
            skipped += 1
        else:
            made.skips.append(skipped)
            made.gaps.append(gap)
            skipped = 0
        memory[key] = found


def _line(level: int | None) -> list[int]:
    if level is None:
        return []
    if level < 0:
        return [words.LINE, words.OUT, words.FIRST_DIGIT + min(-level, words.DIGITS - 1)]
    return [words.LINE, words.IN] if level else [words.LINE]


def _digits(number: int) -> list[int]:
    rest, low = divmod(number, words.DIGITS)
    found = [words.FIRST_DIGIT + low]
    while rest:
        rest, high = divmod(rest, words.DIGITS)
        found.insert(0, words.FIRST_HIGH + high)
    return found
