"""The JSON around messages, as bytes that stand aside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.chat.messages import (
    USUAL,
    USUAL_BETWEEN,
    USUAL_END,
    USUAL_LATER,
    USUAL_START,
    Conversations,
    Writing,
)
from tokenry.domains.residue import pack_arrays, unpack_arrays
from tokenry.errors import DomainError


def usual_gaps(count: int, starts: Sequence[int]) -> list[bytes]:
    """The JSON around ``count`` messages that no file wrote."""
    gaps = [USUAL_BETWEEN] * count + [USUAL_END]
    for number, at in enumerate(starts):
        gaps[at] = USUAL_LATER if number else USUAL_START
    return gaps


def pack_around(found: Conversations) -> bytes:
    """What of a file its messages do not say."""
    usual = usual_gaps(len(found.roles), found.starts)
    unusual = [at for at, gap in enumerate(found.gaps) if gap != usual[at]]
    table = dict.fromkeys(found.gaps[at] for at in unusual)
    numbers = {gap: number for number, gap in enumerate(table)}
    odd = sorted(found.odd)
    writing = found.writing
    texts = [*(found.odd[number] for number in odd), *table]
    if writing != Writing(ascii_only=writing.ascii_only):
        texts += writing.texts
    arrays = {
        "ascii": [1] * (not writing.ascii_only),
        "content first": [1] * writing.content_first,
        "gaps": unusual,
        "which": [numbers[found.gaps[at]] for at in unusual],
        "odd": odd,
        "table": [len(table)] * bool(table),
        "sizes": [len(text) for text in texts],
    }
    return pack_arrays(arrays, b"".join(texts))


def unpack_around(
    residue: bytes, roles: Sequence[bytes], contents: Sequence[bytes], starts: Sequence[int]
) -> Conversations:
    """The conversations of messages and what stands aside.

    Raises:
        DomainError: what stands aside is not of these messages.
    """
    arrays, content = unpack_arrays(residue)
    sizes = arrays.get("sizes", np.zeros(0, np.int64))
    if np.any(sizes < 0) or sizes.sum() != len(content):
        raise DomainError("what stands aside of conversations is damaged: sizes do not add up")
    ends = np.cumsum(sizes).tolist()
    texts = [content[a:b] for a, b in zip([0, *ends], ends, strict=False)]
    try:
        return _conversations(arrays, texts, roles, contents, starts)
    except (IndexError, ValueError) as error:
        raise DomainError(f"what stands aside of conversations is damaged: {error}") from error


def _conversations(
    arrays: dict[str, NDArray[np.int64]],
    texts: list[bytes],
    roles: Sequence[bytes],
    contents: Sequence[bytes],
    starts: Sequence[int],
) -> Conversations:
    given = {name: array.tolist() for name, array in arrays.items()}
    odd, unusual, which = (given.get(name, []) for name in ("odd", "gaps", "which"))
    size = sum(given.get("table", []))
    table = texts[len(odd) : len(odd) + size]
    around = texts[len(odd) + size :] or USUAL
    first, second, third = around
    gaps = usual_gaps(len(roles), starts)
    for at, number in zip(unusual, which, strict=True):
        gaps[at] = table[number]
    if any(not 0 <= number < 2 * len(roles) for number in odd):
        raise ValueError("it speaks of messages that are not there")
    writing = Writing((first, second, third), "content first" in given, "ascii" not in given)
    return Conversations(
        writing, roles, contents, starts, gaps, dict(zip(odd, texts, strict=False))
    )
