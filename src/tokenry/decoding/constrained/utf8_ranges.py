"""Ranges of characters as sequences of ranges of bytes (Thompson; as in RE2 and Rust's regex)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Range = tuple[int, int]
LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)
WIDTHS = (0x7F, 0x7FF, 0xFFFF, LAST)
"""The last characters of one, two, three and four bytes."""


def byte_ranges(first: int, last: int) -> Iterator[tuple[Range, ...]]:
    """Sequences of ranges of bytes that together write the characters from first to last."""
    for low, high in _without_surrogates(first, last):
        yield from _of_one_width(low, high)


def complement(ranges: Iterable[Range]) -> list[Range]:
    """The characters that stand in none of the ranges."""
    found, at = [], 0
    for low, high in sorted(ranges):
        if low > at:
            found.append((at, low - 1))
        at = max(at, high + 1)
    return [*found, (at, LAST)] if at <= LAST else found


def _without_surrogates(first: int, last: int) -> Iterator[Range]:
    low, high = SURROGATES
    if first < low:
        yield first, min(last, low - 1)
    if last > high:
        yield max(first, high + 1), last


def _of_one_width(first: int, last: int) -> Iterator[tuple[Range, ...]]:
    for end in WIDTHS:
        if first <= end < last:
            yield from _of_one_width(first, end)
            first = end + 1
    yield from _aligned(first, last)


def _aligned(first: int, last: int) -> Iterator[tuple[Range, ...]]:
    """Cut where all continuation bytes of one side would have to run through."""
    if last > WIDTHS[0]:
        for bits in (6, 12, 18):
            mask = (1 << bits) - 1
            if first & ~mask != last & ~mask:
                if first & mask:
                    yield from _aligned(first, first | mask)
                    yield from _aligned((first | mask) + 1, last)
                    return
                if last & mask != mask:
                    yield from _aligned(first, (last & ~mask) - 1)
                    yield from _aligned(last & ~mask, last)
                    return
    pairs = zip(chr(first).encode(), chr(last).encode(), strict=True)
    yield tuple(pairs)
