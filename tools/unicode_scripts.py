"""Write src/tokenry/text/unicode/scripts.py: the scripts that `tokenizers` cuts text between.

Its table is of an older Unicode than any other of it, so the library itself is asked:

    python tools/unicode_scripts.py
"""

from __future__ import annotations

import textwrap
from itertools import pairwise
from pathlib import Path

import tokenizers
from tokenizers.pre_tokenizers import UnicodeScripts

TARGET = Path(__file__).parent.parent / "src/tokenry/text/unicode/scripts.py"
POINTS = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
CHUNK = 4096

HEADER = '''"""Scripts as UnicodeScripts of `tokenizers` {version} tells them apart.

Made by tools/unicode_scripts.py, which asks the library about each code point. Hiragana and
katakana are Han to it; a space, and what its Unicode does not know, is of any script. A script is
written as hexadecimal ranges.
"""

from __future__ import annotations

from typing import Final

# {count} scripts, {points:,} code points
SCRIPTS: Final = (
'''


def cuts(text: str) -> set[int]:
    """Where a text is cut."""
    return {begin for _, (begin, _) in UnicodeScripts().pre_tokenize_str(text)}


def stays(before: str, after: str) -> set[int]:
    """Code points that are not cut from ``before``, between it and ``after``."""
    found = set()
    for begin in range(0, len(POINTS), CHUNK):
        points = POINTS[begin : begin + CHUNK]
        places = cuts("".join(f"{before}{chr(point)}{after}" for point in points))
        found |= {point for i, point in enumerate(points) if 3 * i + 1 not in places}
    return found


def scripts() -> list[set[int]]:
    """The code points of each script, in the order of their first ones."""
    any_script = stays("a", "\u3042") & stays("\u3042", "a")
    found: list[set[int]] = []
    last = 0
    for point in POINTS:
        if point in any_script:
            continue
        script = _script_of(point, found, last) if found else None
        last = len(found) if script is None else script
        if script is None:
            found.append(set())
        found[last].add(point)
    return found


def _script_of(point: int, known: list[set[int]], last: int) -> int | None:
    """Which of them it is of; mostly that of the code point before."""
    for script in [last, *range(len(known))]:
        if len(cuts(chr(min(known[script])) + chr(point))) == 1:
            return script
    return None


def ranges(points: set[int]) -> str:
    """The points as inclusive hexadecimal ranges."""
    ordered = sorted(points)
    breaks = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(ordered)) if b > a + 1), len(ordered)]
    spans = [(ordered[a], ordered[b - 1]) for a, b in pairwise(breaks)]
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in spans)


def main() -> None:
    """Ask about every code point and write the file."""
    found = scripts()
    out = HEADER.format(
        version=tokenizers.__version__, count=len(found), points=sum(map(len, found))
    )
    for script in found:
        lines = textwrap.wrap(ranges(script), 90, break_on_hyphens=False)
        quoted = [f'"{line}{"" if line is lines[-1] else " "}"' for line in lines]
        body = (
            quoted[0]
            if len(quoted) == 1
            else "(\n" + "".join(f"        {q}\n" for q in quoted) + "    )"
        )
        out += f"    {body},\n"
    TARGET.write_text(out + ")\n", "utf-8")


if __name__ == "__main__":
    main()
