"""Write the tables of Unicode's normalization forms: form_tables.hpp, canonical_tables.hpp and
compatible_tables.hpp in native/unicode/.

    PYTHONPATH=src python tools/form_tables.py

They are those of the crate that `tokenizers` uses: what this interpreter's tables know beyond it is
the class INERT of unicode_classes.py and left out, and what both know is never changed by a newer
Unicode. A record is the number of a kind, stored as in generate_unicode.py; a kind is a combining
class and flags. Decompositions are full and stored as in bert_tables.py; Hangul is computed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from bert_tables import POINTS, SYLLABLES, combining, filled, values
from generate_unicode import CODE_POINTS, blocks, runs

from tokenry.text.unicode.character_sets import table

FOLDER = Path(__file__).parents[1] / "native" / "unicode"
# In the order of native/unicode/forms.hpp.
FORMS = ("NFC", "NFKC", "NFD", "NFKD")
JOINS, JOINS_COMPATIBLE = 16, 32
INERT = table("INERT")
HEAD = """\
// Made by tools/form_tables.py; do not edit.
#pragma once
#include <cstdint>

namespace tokenry::unicode::forms {

"""
FACTS = """\
// Combining class and flags of each kind of character.
inline constexpr std::uint8_t kKinds[][2] = {{
{kinds}
}};

// Runs of (length, value): kinds of blocks of 64 code points, and for each block of the code space
// the number of its block of kinds.
inline constexpr std::uint16_t kRecordRuns[][2] = {{
{records}
}};
inline constexpr std::uint16_t kBlockRuns[][2] = {{
{stage1}
}};

// Two characters that compose, and what they become.
inline constexpr std::uint32_t kPairs[][3] = {{
{pairs}
}};
"""
MAP = """\
// First and last code point of a run, and where its values begin: a code point, or beyond Unicode a
// place in the sequences, which zeros end.
inline constexpr std::uint32_t k{name}Runs[][3] = {{
{runs}
}};
inline constexpr std::uint32_t k{name}Values[] = {{
{values}
}};
inline constexpr std::uint32_t k{name}Sequences[] = {{
{sequences}
}};
"""
TAIL = "\n}  // namespace tokenry::unicode::forms\n"


def decomposed(form: str, point: int) -> str:
    """What a code point becomes in NFD or NFKD."""
    text = chr(point)
    return text if INERT[point] else unicodedata.normalize(form, text)


def pairs() -> Iterator[tuple[int, int, int]]:
    """The primary composites, each with the two that it is made of."""
    for point in POINTS:
        parts = unicodedata.decomposition(chr(point)).split()
        if INERT[point] or len(parts) != 2 or parts[0].startswith("<"):
            continue
        first, second = (int(part, 16) for part in parts)
        if unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(point):
            assert not INERT[first]
            assert not INERT[second]
            yield first, second, point


def flags(point: int, seconds: set[str]) -> int:
    """Which forms may change it, and whether it may change with what stands before it."""
    text, found = chr(point), 0
    if INERT[point]:
        return 0
    for bit, form in enumerate(FORMS):
        composes = text in seconds and form in ("NFC", "NFKC")
        if unicodedata.normalize(form, text) != text or composes:
            found |= 1 << bit
    for flag, form in ((JOINS, "NFD"), (JOINS_COMPATIBLE, "NFKD")):
        first = decomposed(form, point)[0]
        if combining(point) or combining(ord(first)) or first in seconds:
            found |= flag
    return found


def kinds(seconds: set[str]) -> tuple[list[tuple[int, int]], list[int]]:
    """The kinds, and that of each code point."""
    numbers: dict[tuple[int, int], int] = {(0, 0): 0}
    records = [0] * CODE_POINTS
    for point in POINTS:
        kind = (combining(point), flags(point, seconds))
        records[point] = numbers.setdefault(kind, len(numbers))
    return [*numbers], records


def change(name: str, form: str, listed: Sequence[int]) -> str:
    """What the listed code points become, as a part of a header."""
    sequences: list[int] = []
    found, what = values({p: decomposed(form, p) for p in POINTS}, listed, sequences)
    return MAP.format(name=name, runs=found, values=what, sequences=filled(map(str, sequences)))


def main() -> None:
    """Write both headers."""
    composed = [*pairs()]
    jamo = [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]
    known, records = kinds({chr(second) for _, second, _ in composed} | set(map(chr, jamo)))
    stage1, stage2 = blocks(records)
    listed = [point for point in POINTS if point not in SYLLABLES]
    canonical = [p for p in listed if decomposed("NFD", p) != chr(p)]
    compatible = [p for p in listed if decomposed("NFKD", p) != decomposed("NFD", p)]
    facts = FACTS.format(
        kinds=cells(known), records=runs(stage2), stage1=runs(stage1), pairs=cells(composed)
    )
    bodies = {
        "form_tables": facts,
        "canonical_tables": change("Canonical", "NFD", canonical),
        "compatible_tables": change("Compatible", "NFKD", compatible),
    }
    for name, body in bodies.items():
        (FOLDER / f"{name}.hpp").write_text(HEAD + body + TAIL, encoding="ascii")
    print(
        f"{len(known)} kinds, {len(composed)} pairs, {len(canonical)} and {len(compatible)} changes"
    )


def cells(rows: Sequence[Sequence[int]]) -> str:
    """Rows of numbers as initialisers."""
    return filled("{" + ",".join(map(str, row)) + "}" for row in rows)


if __name__ == "__main__":
    main()
