"""Write native/normalize/grapheme_table.hpp from the Unicode tables of the `regex` module.

Run: python tools/grapheme_table.py > native/normalize/grapheme_table.hpp
"""

from itertools import groupby

import regex

CLASSES = [
    "Other",
    "CR",
    "LF",
    "Control",
    "Extend",
    "ZWJ",
    "Regional_Indicator",
    "Prepend",
    "SpacingMark",
    "L",
    "V",
    "T",
    "LV",
    "LVT",
]
CONJUNCT = ("None", "Consonant", "Extend", "Linker")
PICTOGRAPH = 16
# Joiners newer than the tables of tokenizers 0.23, whose clusters these have to be.
NEWER = (
    *(0x5C8, 0x5C9, 0xB53, 0xB54, 0x1ADE, 0x1ADF, *range(0x1AEC, 0x1AF1)),
    *(*range(0x10ECB, 0x10ED0), *range(0x10EF0, 0x10EFA), 0x11DF0, 0x1D127, 0x1D128),
    *(0x1D250, 0x1D251, 0x1D252, 0x1D25B, 0x1D25C, 0x1D25F, 0x1D280, 0x1D281),
)


def members(property_: str) -> set[int]:
    """Code points that have a property."""
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    return {ord(match[0]) for match in regex.finditer(rf"\p{{{property_}}}", text)}


def classes() -> list[int]:
    """For each code point: cluster class, 16 if pictographic, conjunct class times 32."""
    table = [0] * 0x110000
    for number, name in enumerate(CLASSES[1:], 1):
        for code in members(f"GCB={name}"):
            table[code] |= number
    for code in members("Extended_Pictographic"):
        table[code] |= PICTOGRAPH
    for number, name in enumerate(CONJUNCT[1:], 1):
        for code in members(f"Indic_Conjunct_Break={name}"):
            table[code] |= number * 32
    for code in NEWER:
        table[code] = 0
    return table


def main() -> None:
    """Print the header."""
    print("// Made by tools/grapheme_table.py from the tables of the Python module regex")
    print(f"// {regex.__version__}; do not edit.")
    print("#pragma once\n#include <cstdint>\n\nnamespace tokenry::normalize {\n")
    print("// First and last code point of a range, and its class as in grapheme.cpp.")
    print("struct GraphemeRange {\n    std::uint32_t first, last;\n    std::uint8_t kind;\n};\n")
    print("inline constexpr GraphemeRange kGraphemeRanges[] = {")
    cells = []
    for kind, codes in groupby(enumerate(classes()), key=lambda item: item[1]):
        numbers = [code for code, _ in codes]
        if kind:
            cells.append(f"{{0x{numbers[0]:X}, 0x{numbers[-1]:X}, {kind}}},")
    for at in range(0, len(cells), 4):
        print("    " + " ".join(cells[at : at + 4]))
    print("};\n\n}  // namespace tokenry::normalize")


if __name__ == "__main__":
    main()
