"""Segmenters without a native form, behind the native engine's cache of pretokens."""

from __future__ import annotations

from collections.abc import Callable

from tokenry import _native
from tokenry.vocabulary import Vocabulary, pack


def interpreted(
    function: Callable[[bytes], list[tuple[int, int]]],
    vocabulary: Vocabulary,
    *,
    ids_per_byte: int = 1,
) -> _native.PythonSegmenter:
    """A native segmenter that asks ``function`` about pretokens that it has not seen lately.

    For analyses that are no loop over bytes (morphology, choice by sentence). Each call takes the
    interpreter's lock and about 2 microseconds beside the work, so batches do not scale over
    threads; words that repeat cost what they cost every other segmenter.

    Args:
        function: a pretoken to (id, bytes that it stands for), in order; sizes may be 0 and add up
            to the size of the pretoken, unless it has no ids at all. The same pretoken must always
            give the same ids.
        vocabulary: whose pieces the ids decode to, unless the tokenizer has a decoder.
        ids_per_byte: at most so many ids stand for a byte.

    Encoding raises `tokenry.errors.EncodeError` where the function gives what does not fit, and
    what the function itself raises comes through.
    """
    run, offsets = pack([piece or b"" for piece in vocabulary.matchable()])
    return _native.PythonSegmenter(function, pieces=run, offsets=offsets, ids_per_byte=ids_per_byte)
