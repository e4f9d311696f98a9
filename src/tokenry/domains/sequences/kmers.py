"""k-mers of DNA: what there was before BPE, as a baseline.

Source: Ji et al. 2021, "DNABERT", Bioinformatics 37(15): every k bases are a token, one behind the
other (plain) or one a base further than the other (overlapping), so that a masked token is told by
its neighbours. Letters that are no bases and what is left over are tokens of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import DomainError
from tokenry.options import Bounds, check
from tokenry.text.ragged import Ids
from tokenry.vocabulary import Vocabulary

BASES: Final = b"ACGT"
_NO_BASE: Final = 255


@dataclass(frozen=True, kw_only=True)
class KmerTokenizer:
    """Ids 0 to 255 are bytes; those after them are k-mers in the order of their letters.

    Attributes:
        k: bases of a token.
        overlapping: whether a token begins at every base; else at every k-th.
    """

    k: Annotated[int, Bounds(1, 10)] = 6
    overlapping: bool = False

    def __post_init__(self) -> None:
        check(self, DomainError)

    @property
    def n_vocab(self) -> int:
        """How many ids there are."""
        return 256 + int(4**self.k)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Bytes and k-mers."""
        kmers = (bytes(each) for each in product(BASES, repeat=self.k))
        return Vocabulary([*(bytes([byte]) for byte in range(256)), *kmers])

    def encode(self, sequence: bytes) -> Ids:
        """Ids of a sequence: one for each k-mer; letters that are in none are bytes.

        A plain reading begins anew behind each letter that is no base. An overlapping one has a
        token for each place where k bases stand; what no k-mer covers is bytes.
        """
        if self.overlapping:
            return self._overlapping(sequence)
        return self._plain(sequence)

    def _numbers(self, sequence: bytes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The k-mer that begins at each place, and whether there is one."""
        table = np.full(256, _NO_BASE, np.uint8)
        table[np.frombuffer(BASES, np.uint8)] = np.arange(4)
        digits = table[np.frombuffer(sequence, np.uint8)].astype(np.int64)
        count = max(0, len(digits) - self.k + 1)
        numbers, whole = np.zeros(count, np.int64), np.ones(count, bool)
        for i in range(self.k):
            digit = digits[i : i + count]
            numbers = numbers * 4 + digit
            whole &= digit < 4
        return numbers, whole

    def _overlapping(self, sequence: bytes) -> Ids:
        numbers, whole = self._numbers(sequence)
        covered = np.zeros(len(sequence) + 1, np.int64)
        np.add.at(covered, np.flatnonzero(whole), 1)
        np.add.at(covered, np.flatnonzero(whole) + self.k, -1)
        bare = np.cumsum(covered)[:-1] == 0
        places = np.concatenate([np.flatnonzero(whole), np.flatnonzero(bare)])
        ids = np.concatenate([256 + numbers[whole], np.frombuffer(sequence, np.uint8)[bare]])
        return ids[np.argsort(places, kind="stable")].astype(np.uint32)

    def _plain(self, sequence: bytes) -> Ids:
        numbers, whole = self._numbers(sequence)
        codes = np.frombuffer(sequence, np.uint8).astype(np.int64)
        is_base = np.isin(codes, np.frombuffer(BASES, np.uint8))
        if is_base.all():
            taken = numbers[:: self.k]
            rest = codes[len(taken) * self.k :]
            return np.concatenate([256 + taken, rest]).astype(np.uint32)
        at, found = 0, []
        while at < len(codes):
            is_kmer = at < len(whole) and whole[at]
            found.append(256 + int(numbers[at]) if is_kmer else int(codes[at]))
            at += self.k if is_kmer else 1
        return np.array(found, np.uint32)

    def decode(self, ids: Ids) -> bytes:
        """The sequence of ids; of overlapping k-mers in a row each gives its last base.

        Two overlapping k-mers are in a row where the second continues the first. A sequence that
        repeats itself right behind a letter that is no base is told apart by that letter.
        """
        pieces = self.vocabulary.pieces
        found: list[bytes] = []
        before = b""
        for id_ in ids.tolist():
            piece = pieces[id_] or b""
            follows = self.overlapping and len(before) == len(piece) == self.k
            found.append(piece[-1:] if follows else piece)
            before = piece if id_ >= 256 else b""
        return b"".join(found)
