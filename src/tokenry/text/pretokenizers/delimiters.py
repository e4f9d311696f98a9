"""What becomes of the delimiters that text is cut at: the five behaviours of tokenizers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from tokenry.text.saved_parts import saved_as

MarkedRange = tuple[int, int, bool]  # start, end, whether it matched the delimiter
Range = tuple[int, int]


@saved_as("delimiters.Behavior")
class Behavior(Enum):
    """What becomes of a delimiter."""

    REMOVED = "Removed"
    ISOLATED = "Isolated"
    MERGED_WITH_PREVIOUS = "MergedWithPrevious"
    MERGED_WITH_NEXT = "MergedWithNext"
    CONTIGUOUS = "Contiguous"


def pieces(matches: Iterable[Range], size: int, *, invert: bool) -> Iterator[MarkedRange]:
    """Cover ``[0, size)`` by matches and what is between; ``invert`` swaps their parts."""
    place = 0
    for start, end in matches:
        if start > place:
            yield place, start, invert
        yield start, end, not invert
        place = end
    if place < size:
        yield place, size, invert


def cut(found: Iterable[MarkedRange], behavior: Behavior) -> list[Range]:
    """The stretches that are left, ascending; some may be empty."""
    if behavior is Behavior.REMOVED:
        return [(start, end) for start, end, matched in found if not matched]
    if behavior is Behavior.MERGED_WITH_NEXT:
        backwards = [(-end, -start, matched) for start, end, matched in reversed(list(found))]
        merged = _merged_with_previous(backwards)
        return [(-end, -start) for start, end in reversed(merged)]
    if behavior is Behavior.MERGED_WITH_PREVIOUS:
        return _merged_with_previous(found)
    if behavior is Behavior.CONTIGUOUS:
        return _contiguous(found)
    return [(start, end) for start, end, _ in found]


def _merged_with_previous(found: Iterable[MarkedRange]) -> list[Range]:
    # Only the first of several delimiters in a row joins what stands before.
    spans: list[Range] = []
    matched_before = False
    for start, end, matched in found:
        if matched and not matched_before and spans:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        matched_before = matched
    return spans


def _contiguous(found: Iterable[MarkedRange]) -> list[Range]:
    spans: list[Range] = []
    matched_before = False
    for start, end, matched in found:
        if matched == matched_before and spans:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        matched_before = matched
    return spans
