"""How many curated tokens a vocabulary has room for, and which the data hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from tokenry.corpus.batches import batches
from tokenry.learning.merge_list import MergeList
from tokenry.learning.session import Session
from tokenry.tokenizer import Tokenizer

_BATCH: Final = 4 << 20  # bytes encoded at a time


def unlearnt(built: Iterable[str], given: Collection[str], merges: MergeList) -> tuple[str, ...]:
    """Built tokens that are neither the user's nor pieces already."""
    known = set(merges.pieces)
    return tuple(each for each in built if each not in given and each.encode() not in known)


def most_frequent(
    tokens: Iterable[str], counts: Mapping[str, int], least: int, most: int
) -> list[str]:
    """Tokens that occur ``least`` times, the most frequent first, at most so many."""
    often = [each for each in tokens if counts[each] >= least]
    return sorted(often, key=lambda each: -counts[each])[:most]


def count_tokens(
    tokenizer: Tokenizer, tokens: Sequence[str], session: Session, threads: int | None
) -> dict[str, int]:
    """How often each whole token, the last ids of ``tokenizer``, comes out of the corpus."""
    counts = np.zeros(len(tokenizer), dtype=np.int64)
    done = 0
    for batch in batches(session.documents(), _BATCH):
        ids = tokenizer.encode_batch(batch, threads=threads).ids
        counts += np.bincount(ids, minlength=len(counts))
        done += sum(map(len, batch))
        session.progress("count whole tokens", done, None)
    return dict(zip(tokens, counts[len(counts) - len(tokens) :].tolist(), strict=True))


def fit_tokens(merges: MergeList, tokens: Sequence[str], size: int) -> tuple[list[str], int]:
    """The whole tokens that BPE lacks, and the most merges that leave room for them."""
    extra = {each.encode() for each in tokens} - set(merges.pieces[: merges.first_merge])
    many = 0
    for piece in merges.pieces[merges.first_merge :]:
        more = 1 - (piece in extra)
        if merges.first_merge + many + len(extra) + more > size:
            break
        extra.discard(piece)
        many += 1
    return [each for each in tokens if each.encode() in extra], many


def padded(tokens: Sequence[str], many: int, merges: MergeList) -> list[str]:
    """With runs of spaces up to a vocabulary whose size is a power of two."""
    size = merges.first_merge + many + len(tokens)
    taken = {*tokens, *(piece.decode("latin-1") for piece in merges.pieces)}
    wanted = (1 << (size - 1).bit_length()) - size
    runs = (" " * length for length in range(2, wanted + len(taken) + 2))
    return [*tokens, *[run for run in runs if run not in taken][:wanted]]
