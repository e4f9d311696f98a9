"""Write native/unicode/bert_tables.hpp: what BERT's text cleaning and splitting do to characters.

`tokenizers` is asked about each code point, as in unicode_classes.py, whose classes this reads:

    PYTHONPATH=src python tools/bert_tables.py

A record is one byte of flags, stored as in generate_unicode.py. Two maps say what a character
becomes: without accents (decomposed, its nonspacing marks dropped), and in lower case. They hold
runs of code points with one value each. A value beyond Unicode is a place in a list of sequences,
which zeros end. Hangul syllables are left out, for they are computed, and so are characters that
are dropped.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import tokenizers
from generate_unicode import CODE_POINTS, blocks, runs
from tokenizers import normalizers

from tokenry.text.unicode.character_sets import table

HEADER = Path(__file__).parents[1] / "native" / "unicode" / "bert_tables.hpp"
REMOVED, WHITE, HAN, MARK, BECOMES_MARK, STRIPPED, LOWERED, PASSED = (1 << i for i in range(8))
POINTS = [point for point in range(CODE_POINTS) if not 0xD800 <= point < 0xE000]
GAP = 4  # a new run takes as much room as so many values
SYLLABLES = range(0xAC00, 0xD7A4)
SPACED = normalizers.BertNormalizer(
    clean_text=False, handle_chinese_chars=True, strip_accents=False, lowercase=False
)
TEXT = """\
// Made by tools/bert_tables.py, which asked tokenizers {version}; do not edit.
#pragma once
#include <cstdint>

namespace tokenry::unicode::bert {{

// Runs of (length, value): records of blocks of 64 code points, and for each block of the code
// space the number of its block of records.
inline constexpr std::uint16_t kRecordRuns[][2] = {{
{records}
}};
inline constexpr std::uint16_t kBlockRuns[][2] = {{
{stage1}
}};

// First and last code point of a run, and where its values begin.
struct Changes {{
    std::uint32_t first, last, values;
}};

inline constexpr Changes kStrippedRuns[] = {{
{stripped_runs}
}};
inline constexpr std::uint32_t kStrippedValues[] = {{
{stripped}
}};
inline constexpr Changes kLoweredRuns[] = {{
{lowered_runs}
}};
inline constexpr std::uint32_t kLoweredValues[] = {{
{lowered}
}};
inline constexpr std::uint32_t kSequences[] = {{
{sequences}
}};

// Characters whose canonical combining class is not 0: first and last, and it.
struct Combining {{
    std::uint32_t first, last, order;
}};

inline constexpr Combining kCombining[] = {{
{combining}
}};

// Dropped characters that decompose.
inline constexpr std::uint32_t kComposedMarks[] = {{
{composed_marks}
}};

}}  // namespace tokenry::unicode::bert
"""


def combining(point: int) -> int:
    """The combining class, as the crate has it."""
    return 0 if table("INERT")[point] else unicodedata.combining(chr(point))


def stripped() -> dict[int, str]:
    """What each code point that changes becomes without accents."""
    strip = normalizers.BertNormalizer(
        clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False
    )
    return changed(strip)


def lowered() -> dict[int, str]:
    """What each code point that changes becomes in lower case."""
    return changed(normalizers.Lowercase())


def changed(normalizer: normalizers.Normalizer) -> dict[int, str]:
    """What a normalizer makes of each code point that it changes."""
    found = {point: normalizer.normalize_str(chr(point)) for point in POINTS}
    return {point: text for point, text in found.items() if text != chr(point)}


def passed(point: int, text: str) -> bool:
    """Whether a dropped character lets combining characters around it change places."""
    if text or table("INERT")[point]:
        return False
    return all(map(unicodedata.combining, unicodedata.normalize("NFD", chr(point))))


def kind(text: str) -> str:
    """What a text is to BertPreTokenizer: one mark, one white space, or letters."""
    if len(text) == 1 and table("PUNCTUATION")[ord(text)]:
        return "mark"
    if len(text) == 1 and table("WHITE_SPACE")[ord(text)]:
        return "space"
    assert not any(table("PUNCTUATION")[ord(c)] or table("WHITE_SPACE")[ord(c)] for c in text)
    return "letters"


def record(point: int, without: str, lower: str) -> int:
    """The flags of a code point."""
    text = chr(point)
    # The splitter relies on it: only accents make a mark of what was none, and no change makes a
    # mark or a space of several characters, or anything else of those.
    assert kind(lower) == kind(text)
    assert kind(without) == kind(text) or (kind(without), kind(text)) == ("mark", "letters")
    flags = (
        (REMOVED, bool(table("BERT_REMOVED")[point])),
        (WHITE, kind(text) == "space"),
        (HAN, SPACED.normalize_str(text) != text),
        (MARK, kind(text) == "mark"),
        (BECOMES_MARK, kind(without) != kind(text)),
        (STRIPPED, without != text or combining(point) > 0),
        (LOWERED, lower != text),
        (PASSED, passed(point, without)),
    )
    return sum(flag for flag, holds in flags if holds)


def values(change: dict[int, str], listed: Iterable[int], sequences: list[int]) -> tuple[str, str]:
    """Runs that hold what is listed, and their values; adds to the sequences."""
    found: list[list[int]] = []
    for point in sorted(listed):
        if found and point - found[-1][1] <= GAP + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    results: list[int] = []
    cells = []
    for first, last in found:
        cells.append(f"{{{first},{last},{len(results)}}}")
        texts = (change.get(point, chr(point)) for point in range(first, last + 1))
        results += [value(text, sequences) for text in texts]
    return filled(cells), filled(map(str, results))


def value(text: str, sequences: list[int]) -> int:
    """A code point, or where the sequence stands."""
    if len(text) == 1 and not combining(ord(text)):
        return ord(text)
    sequences += [*map(ord, text), 0]
    return CODE_POINTS + len(sequences) - len(text) - 1


def filled(items: Iterable[str]) -> str:
    """Initialisers, 100 columns wide."""
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) > 99:
            lines.append(line)
            line = "   "
        line += " " * (line == "   ") + item + ","
    return "\n".join([*lines, line])


def orders() -> str:
    """Combining classes, as initialisers of runs."""
    found: list[list[int]] = []
    for point in POINTS:
        if not (order := combining(point)):
            continue
        if found and found[-1][1:] == [point - 1, order]:
            found[-1][1] = point
        else:
            found.append([point, point, order])
    return filled(f"{{{first},{last},{order}}}" for first, last, order in found)


def composed_marks(without: dict[int, str]) -> str:
    """Dropped characters that decomposing changes, as initialisers."""
    dropped = [point for point, text in without.items() if not text]
    nfd = normalizers.NFD()
    return filled(str(p) for p in dropped if nfd.normalize_str(chr(p)) != chr(p))


def main() -> None:
    """Write the header."""
    without, lower = stripped(), lowered()
    records = [0] * CODE_POINTS
    for point in POINTS:
        text = chr(point)
        records[point] = record(point, without.get(point, text), lower.get(point, text))
    kept = [p for p, text in without.items() if text and p not in SYLLABLES]
    kept += [p for p in POINTS if combining(p) and p not in without]
    stage1, stage2 = blocks(records)
    sequences: list[int] = []
    stripped_runs, stripped_values = values(without, kept, sequences)
    lowered_runs, lowered_values = values(lower, lower, sequences)
    HEADER.write_text(
        TEXT.format(
            version=tokenizers.__version__,
            records=runs(stage2),
            stage1=runs(stage1),
            stripped_runs=stripped_runs,
            stripped=stripped_values,
            lowered_runs=lowered_runs,
            lowered=lowered_values,
            sequences=filled(map(str, sequences)),
            combining=orders(),
            composed_marks=composed_marks(without),
        ),
        encoding="ascii",
    )
    print(f"{HEADER.name}: {len(stage2) // 64} blocks, {len(kept)} and {len(lower)} changes")


if __name__ == "__main__":
    main()
