"""Fill a vocabulary up to a size that hardware likes, with reserved specials."""

from __future__ import annotations

import numpy as np

from tokenry.arguments import checked
from tokenry.errors import VocabularyError
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.text.appending import appended
from tokenry.text.parts import AddedToken
from tokenry.text.reserved import reserved_names
from tokenry.tokenizer import Tokenizer


@checked
def pad(tokenizer: Tokenizer, size: int) -> Surgery:
    """Append specials ``<|reserved_0|>``, ``<|reserved_1|>``, ... up to ``size`` ids.

    No text produces them unless the caller allows it, so every encoding is as it was; being
    specials with a name, they survive every file format and can be given a meaning later.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
        VocabularyError: ``size`` is less than there are ids.
    """
    missing = size - len(tokenizer.vocabulary)
    if missing < 0:
        raise VocabularyError(
            f"cannot pad {len(tokenizer.vocabulary)} ids to {size}; give a size that is larger"
        )
    taken = {token.content for token in tokenizer.added_tokens}
    names = reserved_names(missing, taken | _reserved_pieces(tokenizer))
    first = len(tokenizer.vocabulary)
    added = [AddedToken(name, first + at) for at, name in enumerate(names)]
    pieces = [name.encode() for name in names]
    larger = Tokenizer.of(appended(tokenizer.pipeline, pieces, added=added))
    ids = IdMap.between(tokenizer, larger, np.arange(first, dtype=np.int64), [[]] * missing)
    return Surgery(larger, ids, "pad")


def _reserved_pieces(tokenizer: Tokenizer) -> set[str]:
    pieces = tokenizer.vocabulary.pieces
    return {piece.decode() for piece in pieces if piece and piece.startswith(b"<|reserved_")}


def next_multiple(size: int, of: int) -> int:
    """The lowest multiple of ``of`` that is not below ``size``.

    >>> next_multiple(32_001, 128)
    32128

    Raises:
        VocabularyError: ``of`` is not positive.
    """
    if of < 1:
        raise VocabularyError(f"a multiple of {of}; expected 1 or more, such as 128")
    return -(-size // of) * of


def next_power_of_two(size: int) -> int:
    """The lowest power of two that is not below ``size``.

    >>> next_power_of_two(32_001)
    65536
    """
    return 1 << max(0, size - 1).bit_length()
