"""How much a visitor may send, and how it is read: never more than that into memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenry.errors import TooLargeError

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is accepted.

    Attributes:
        text: bytes of a text and the form around it.
        upload: bytes of a tokenizer file as it is sent.
        uploads: files that are kept; the one used longest ago goes first.
        columns: tokenizers side by side.
    """

    text: int = 8_000_000
    upload: int = 64_000_000
    uploads: int = 8
    columns: int = 4


async def read_body(request: Request, limit: int, what: str) -> bytes:
    """The body of a request, read no further than the limit.

    Raises:
        TooLargeError: it is larger.
    """
    refusal = TooLargeError(
        f"{what} is larger than {limit:,} bytes; start tokenry serve with a larger limit, or use "
        "the command line"
    )
    if int(request.headers.get("content-length", "0") or 0) > limit:
        raise refusal
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise refusal
        parts.append(part)
    return b"".join(parts)
