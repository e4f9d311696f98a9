"""What can be wrong with a curated whole token, and how to say it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tokenry.errors import LearnError
from tokenry.learning.shortage import callers_level
from tokenry.text.pretokenizers.whole_tokens import is_of_word

_SAMPLE: Final = 1 << 20  # bytes in which torn words are looked for


class CuratedTokenWarning(UserWarning):
    """Some curated tokens are in conflict with pieces or with text."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with a curated token.

    Attributes:
        token: the text.
        kind: ``twice``: given twice; ``learnt``: BPE has the piece, so it keeps that id;
            ``unreachable``: the data have the text, but never where a whole token may stand;
            ``tears words``: as an added token it would cut words in two; here it is kept, and
            taken only where it stands alone.
        occurrences: of the text where it is not taken, in a sample of the data.
    """

    token: str
    kind: Literal["twice", "learnt", "unreachable", "tears words"]
    occurrences: int = 0

    def __str__(self) -> str:
        return f"{self.token!r} ({self.kind}{f', {self.occurrences}' if self.occurrences else ''})"


def find_conflicts(
    given: Mapping[str, int], counts: Mapping[str, int], documents: Iterable[bytes]
) -> list[Conflict]:
    """Tokens given twice, that can never come out, or would tear words as added tokens.

    Args:
        given: the user's tokens, and how often each was given.
        counts: how often each comes out of the documents.
        documents: of which the first are looked at.
    """
    found = [Conflict(token, "twice") for token, times in given.items() if times > 1]
    sample = _sample(documents)
    for token in given:
        if not (is_of_word(token[0]) or is_of_word(token[-1])) and counts[token]:
            continue
        torn = _torn(token, sample)
        if not counts[token] and token in sample:
            found.append(Conflict(token, "unreachable", sample.count(token)))
        elif torn:
            found.append(Conflict(token, "tears words", torn))
    return found


def report_conflicts(conflicts: Sequence[Conflict], how: Literal["error", "warn", "skip"]) -> None:
    """Raise, warn or say nothing.

    Raises:
        LearnError: there are conflicts, and ``how`` is ``error``.

    Warns:
        CuratedTokenWarning: there are, and ``how`` is ``warn``.
    """
    if not conflicts or how == "skip":
        return
    text = (
        f"{len(conflicts)} conflicts of curated tokens: "
        f"{', '.join(map(str, conflicts[:20]))}{', ...' if len(conflicts) > 20 else ''}; "
        "change the list, or pass on_conflict='skip'"
    )
    if how == "error":
        raise LearnError(text)
    warnings.warn(text, CuratedTokenWarning, stacklevel=callers_level())


def _torn(token: str, sample: str) -> int:
    """Occurrences of the text next to which a word or number goes on."""
    torn, at = 0, sample.find(token)
    while at >= 0:
        stop = at + len(token)
        left = is_of_word(token[0]) and at > 0 and is_of_word(sample[at - 1])
        right = is_of_word(token[-1]) and stop < len(sample) and is_of_word(sample[stop])
        torn += left or right
        at = sample.find(token, stop)
    return torn


def _sample(documents: Iterable[bytes]) -> str:
    parts: list[bytes] = []
    size = 0
    for data in documents:
        parts.append(data)
        size += len(data)
        if size >= _SAMPLE:
            break
    return b"\n".join(parts)[:_SAMPLE].decode("utf-8", "replace")
