"""Text with structure as arrays: signs that become marks, padding that stands aside, and content.

Reading any bytes so and writing them again is exact, whatever is called a sign or padding.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import Array, pack_arrays, unpack_arrays
from tokenry.domains.runs import runs_of
from tokenry.errors import DomainError

Codes = NDArray[np.uint8]
Mask = NDArray[np.bool_]
QUOTE, BACKSLASH = ord('"'), ord("\\")


def inside_strings(codes: Codes, escapes: bool) -> Mask:
    """Which bytes stand between two quotes, the closing ones with them.

    Args:
        codes: the bytes.
        escapes: whether a quote behind a backslash is content, as in JSON.

    Raises:
        DomainError: a quote is not closed.
    """
    is_quote = codes == QUOTE
    if escapes and (codes == BACKSLASH).any():
        slashes = runs_of(codes == BACKSLASH)
        behind = slashes[(slashes[:, 1] - slashes[:, 0]) % 2 == 1, 1]
        is_quote[behind[behind < len(codes)]] = False
    inside: Mask = (np.cumsum(is_quote, dtype=np.int32) & 1).astype(bool)
    if len(inside) and inside[-1]:
        at = int(np.flatnonzero(is_quote)[-1])
        raise DomainError(f"the quote at byte {at} is not closed; close it, or escape it")
    inside |= is_quote
    return inside


def parsed_of(
    codes: Codes, numbers: Codes, is_padding: Mask, extra: Mapping[str, object], more: bytes = b""
) -> Parsed:
    """What a tokenizer takes: marks for signs, content as the run.

    Args:
        codes: the bytes.
        numbers: of each byte, 1 + the number of the mark that it becomes, or 0.
        is_padding: which of the other bytes stand aside.
        extra: further arrays for the residue.
        more: further bytes for it.
    """
    is_sign = numbers > 0
    is_content = ~(is_sign | is_padding)
    signs = np.flatnonzero(is_sign)
    before = np.cumsum(is_content, dtype=np.int64)
    residue = {**extra, **_aside(is_padding)}
    return Parsed(
        run=codes[is_content].tobytes(),
        marks=numbers[signs].astype(np.uint16) - np.uint16(1),
        places=before[signs].astype(np.uint64),
        residue=pack_arrays(residue, codes[is_padding].tobytes() + more),
    )


def _aside(is_padding: Mask) -> dict[str, Array]:
    """Where padding stood in what is left, and how much; both by run."""
    runs = runs_of(is_padding)
    sizes = runs[:, 1] - runs[:, 0]
    at = runs[:, 0] - (np.cumsum(sizes) - sizes)
    return {"at": at, "sizes": sizes}


def bytes_of(parsed: Parsed, signs: bytes, arrays: Mapping[str, Array], extra: bytes) -> bytes:
    """What `parsed_of` was given.

    Args:
        parsed: marks and content.
        signs: the byte of each mark.
        arrays: of the residue.
        extra: bytes of the residue: the padding.

    Raises:
        DomainError: a mark is no sign, or the residue is of other content.
    """
    if len(parsed.marks) and int(parsed.marks.max()) >= len(signs):
        raise DomainError(f"mark {int(parsed.marks.max())} stands for no sign of this format")
    table = np.frombuffer(signs, np.uint8)
    kept = np.insert(
        np.frombuffer(parsed.run, np.uint8), parsed.places.astype(np.int64), table[parsed.marks]
    )
    at, sizes = (arrays.get(name, np.zeros(0, np.int64)) for name in ("at", "sizes"))
    if not len(at):
        return kept.tobytes()
    total = int(sizes.sum())
    ascends = at[0] >= 0 and at[-1] <= len(kept) and bool((np.diff(at) >= 0).all())
    if len(at) != len(sizes) or total != len(extra) or sizes.min() < 0 or not ascends:
        raise DomainError("what stands aside is of other content; ids of one file belong together")
    padding = np.frombuffer(extra, np.uint8)
    return np.insert(kept, np.repeat(at, sizes), padding).tobytes()


def with_residue(parsed: Parsed) -> tuple[dict[str, Array], bytes]:
    """Arrays and bytes of its residue."""
    return unpack_arrays(parsed.residue)
