"""Normalisation rules as SentencePiece keeps them compiled: a double array, then what rules write.

The rules' keys are a trie whose equal ends are one (as Daciuk, Mihov, Watson and Watson 2000 build
it from sorted keys), since many keys lead to one text: NFKC's 250,000 rules are 1.6 MB of trie, of
which 60,000 places are left. A state whose children stand at ``base ^ byte`` is laid where all of
them are free (Aoki 1989; the units are those of Darts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import UnsupportedError

Arcs = tuple[tuple[int, int], ...]
"""The children of a state: a byte and the number of a state; byte 0 and the number of a text."""
BLOCK: Final = 256  # units; sentencepiece takes only whole kibibytes of them
LEAF: Final = 1 << 31
HAS_LEAF: Final = 1 << 8
FAR: Final = 1 << 21  # from here on a distance is kept in units of 256
_PLACES: Final = np.arange(BLOCK)


def compiled(rules: Mapping[bytes, bytes]) -> bytes:
    """Rules as `tokenry.text.normalizers.charsmap.Charsmap` takes them; nothing for no rules.

    Args:
        rules: what is written for a byte string.

    Raises:
        UnsupportedError: a rule for nothing, a rule with a zero byte, or too many rules.
    """
    if not rules:
        return b""
    for key, value in rules.items():
        if not key or 0 in key or 0 in value:
            raise UnsupportedError(f"the rule {key!r} -> {value!r} is empty or has a zero byte")
    texts = sorted(set(rules.values()))
    places = dict(zip(texts, _starts(texts), strict=True))
    states = list(_states({key: places[value] for key, value in rules.items()}))
    units = _units(states, _bases(states))
    written = b"".join(text + b"\0" for text in texts)
    return len(units.tobytes()).to_bytes(4, "little") + units.tobytes() + written


def _starts(texts: list[bytes]) -> list[int]:
    sizes = [len(text) + 1 for text in texts]
    return [0, *np.cumsum(sizes)[:-1].tolist()]


def _states(rules: Mapping[bytes, int]) -> Iterator[Arcs]:
    """The distinct states of the trie, children before parents; the last is where it begins."""
    known: dict[Arcs, int] = {}
    open_: list[list[tuple[int, int]]] = [[]]  # the states on the way to the last key
    before = b""

    def close(depth: int) -> Iterator[Arcs]:
        while len(open_) > depth + 1:
            arcs = tuple(open_.pop())
            if arcs not in known:
                known[arcs] = len(known)
                yield arcs
            open_[-1].append((before[len(open_) - 1], known[arcs]))

    for key in sorted(rules):
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, key)))  # noqa: B905
        yield from close(shared)
        open_ += [[] for _ in key[shared:]]
        open_[-1].append((0, rules[key]))
        before = key
    yield from close(0)
    yield tuple(open_[0])


def _bases(states: list[Arcs]) -> list[int]:
    """A base for each state, of no other, at which its children find room; wide ones first."""
    room = _Room()
    bases = [0] * len(states)
    for at in sorted(range(len(states)), key=lambda at: -len(states[at])):
        bases[at] = room.take([byte for byte, _ in states[at]])
    return bases


class _Room:
    """Which units are free, and which bases are not taken."""

    def __init__(self) -> None:
        self.free: list[NDArray[np.bool_]] = []
        self.bases: list[NDArray[np.bool_]] = []
        self._width, self._block = 0, 0

    def take(self, labels: list[int]) -> int:
        """A base; asked for in the order of falling width, so that no block is tried twice."""
        if len(labels) != self._width:
            self._width, self._block = len(labels), 0
        while True:
            if self._block == len(self.free):
                self._add()
            free, fits = self.free[self._block], self.bases[self._block].copy()
            for label in labels:
                fits &= free[_PLACES ^ label]
            if fits.any():
                break
            self._block += 1
        place = int(fits.argmax())
        free[[place ^ label for label in labels]] = False
        self.bases[self._block][place] = False
        return self._block * BLOCK + place

    def _add(self) -> None:
        self.free.append(np.ones(BLOCK, np.bool_))
        self.bases.append(np.ones(BLOCK, np.bool_))
        self.free[0][0] = self.bases[0][0] = False  # where reading begins, at a distance


def _units(states: list[Arcs], bases: list[int]) -> NDArray[np.uint32]:
    size = -(-(max(bases) + 1) // BLOCK) * BLOCK
    units = np.zeros(size, np.uint32)
    units[0] = _unit(0, bases[-1], 0, states[-1])
    for arcs, base in zip(states, bases, strict=True):
        for byte, to in arcs:
            at = base ^ byte
            units[at] = to | LEAF if byte == 0 else _unit(byte, bases[to], at, states[to])
    return units


def _unit(byte: int, base: int, at: int, arcs: Arcs) -> int:
    """What says that ``byte`` leads to a state from the place ``at``."""
    distance = base ^ at
    if distance >= FAR:
        raise UnsupportedError(f"rules that need {max(base, at)} units; {FAR} are the most")
    return byte | (HAS_LEAF if arcs[0][0] == 0 else 0) | distance << 10
