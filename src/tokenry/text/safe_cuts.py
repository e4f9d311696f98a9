"""Where a text can be cut so that its parts, encoded one by one, give the ids of the whole.

Cutting is only right where no pretoken, no merge and no normalisation could cross the cut. For the
splitters below, a line end between a character that is no white space and an ASCII letter is such a
place: the line end belongs to the left in all of them, and what they look ahead for (white space,
or none) is the same with the right side gone. No Unicode normal form joins anything to ASCII
letters from the left, and no added token crosses that has no line end in it. Under any other
pipeline a text stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from tokenry.text.parts import AddedToken
from tokenry.text.pipeline import Pipeline

PIECE_BYTES: Final = 8 * 2**20
# By the names of splitters without their number policies, which look at digits only.
_CUTTABLE: Final = frozenset(
    ("gpt2", "r50k", "p50k", "cl100k", "o200k", "llama3", "qwen2", "qwen3.5", "tekken")
)
_SAFE: Final = re.compile(rb"[!-~]\n(?=[A-Za-z])")


def exact_pieces(
    stream: BinaryIO,
    pipeline: Pipeline,
    allowed_special: frozenset[str] = frozenset(),
    *,
    size: int = PIECE_BYTES,
) -> Iterator[bytes]:
    """A stream in pieces whose encodings, one after another, are the encoding of the whole.

    Args:
        stream: bytes; read no further than a piece at a time where the pipeline allows that.
        pipeline: what will encode them.
        allowed_special: specials that will be recognised.
        size: bytes of a piece, about.
    """
    if not can_be_cut(pipeline, allowed_special):
        data = stream.read()
        if data:
            yield data
        return
    rest = b""
    while block := stream.read(size):
        rest += block
        cut = last_safe_cut(rest)
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def can_be_cut(pipeline: Pipeline, allowed_special: frozenset[str]) -> bool:
    """Whether text between two lines can be encoded on its own."""
    from tokenry.text.normalizers.unicode_forms import UnicodeForm  # few tokenizers have one

    active = [
        token
        for token in pipeline.added_tokens
        if not token.special or token.content in allowed_special
    ]
    base = (pipeline.pretokenizer.native or "").partition("+")[0]
    composed = pipeline.normalizer is None or isinstance(pipeline.normalizer, UnicodeForm)
    return base in _CUTTABLE and composed and not any(map(_may_cross, active))


def _may_cross(token: AddedToken) -> bool:
    """Whether a match of an added token can reach over a line end with a letter behind it."""
    return "\n" in token.content or (token.lstrip and token.content[:1].isalpha())


def last_safe_cut(data: bytes) -> int:
    """The end of the last safe line end, 0 for none; looks back a little further each time."""
    width = 2**16
    while True:
        start = max(0, len(data) - width)
        last = max((match.end() for match in _SAFE.finditer(data, start)), default=0)
        if last:
            return last
        if start == 0:
            return 0
        width *= 8
