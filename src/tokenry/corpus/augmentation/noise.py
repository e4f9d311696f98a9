"""Texts with small changes that a reader hardly sees and a tokenizer does.

Each kind changes a share of a text's places and nothing else, the same places for the same seed.
Kinds of bytes give what is no UTF-8; all others give text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from tokenry.errors import CorpusError
from tokenry.seeds import generator

Draw = np.random.Generator
_LOOK_ALIKE: Final = str.maketrans("aceopxyABEHKMOPTX", "асеорхуАВЕНКМОРТХ")
_ZERO_WIDTH: Final = "\u200b"


def _at(text: str, rate: float, draw: Draw, change: Callable[[str, int], str]) -> str:
    """The text with some of its characters changed."""
    hit = draw.random(len(text)) < rate
    return "".join(change(each, i) if hit[i] else each for i, each in enumerate(text))


def _swapped(text: str, rate: float, draw: Draw) -> str:
    found = list(text)
    for i in np.flatnonzero(draw.random(max(len(text) - 1, 0)) < rate).tolist():
        found[i], found[i + 1] = found[i + 1], found[i]
    return "".join(found)


def _dropped(text: str, rate: float, draw: Draw) -> str:
    return _at(text, rate, draw, lambda each, _: "")


def _doubled(text: str, rate: float, draw: Draw) -> str:
    return _at(text, rate, draw, lambda each, _: each * 2)


def _case(text: str, rate: float, draw: Draw) -> str:
    return _at(text, rate, draw, lambda each, _: each.swapcase())


def _spaces(text: str, rate: float, draw: Draw) -> str:
    return _at(text, rate, draw, lambda each, _: f" {each}")


def _joined(text: str, rate: float, draw: Draw) -> str:
    return _at(text, min(1.0, 10 * rate), draw, lambda each, _: "" if each == " " else each)


def _look_alike(text: str, rate: float, draw: Draw) -> str:
    return _at(text, rate, draw, lambda each, _: each.translate(_LOOK_ALIKE))


def _zero_width(text: str, rate: float, draw: Draw) -> str:
    return _at(text, rate, draw, lambda each, _: each + _ZERO_WIDTH)


def _decomposed(text: str, rate: float, draw: Draw) -> str:
    return unicodedata.normalize("NFD", text)


def _full_width(text: str, rate: float, draw: Draw) -> str:
    def wide(each: str, _: int) -> str:
        return chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each

    return _at(text, rate, draw, wide)


KINDS: Final[Mapping[str, Callable[[str, float, Draw], str]]] = {
    "swap": _swapped,
    "drop": _dropped,
    "double": _doubled,
    "case": _case,
    "spaces": _spaces,
    "join": _joined,
    "look-alike": _look_alike,
    "zero-width": _zero_width,
    "decompose": _decomposed,
    "full-width": _full_width,
}
"""Changes of characters by name."""


def _flipped(data: bytes, rate: float, draw: Draw) -> bytes:
    found = np.frombuffer(data, np.uint8).copy()
    hit = draw.random(len(found)) < rate
    found[hit] ^= draw.integers(1, 256, int(hit.sum()), np.uint8)
    return found.tobytes()


def _cut(data: bytes, rate: float, draw: Draw) -> bytes:
    """Without the last byte of some characters of several bytes."""
    found = np.frombuffer(data, np.uint8)
    last = (found & 0xC0 == 0x80) & np.append(found[1:] & 0xC0 != 0x80, True)
    return bytes(found[~(last & (draw.random(len(found)) < rate))])


BYTE_KINDS: Final[Mapping[str, Callable[[bytes, float, Draw], bytes]]] = {
    "flip": _flipped,
    "cut": _cut,
}
"""Changes of bytes by name."""


def noisy(data: bytes, kind: str, *, rate: float = 0.02, seed: int = 0) -> bytes:
    """A text with noise of a kind.

    Args:
        data: its bytes.
        kind: a name of `KINDS` or `BYTE_KINDS`.
        rate: of places that are changed.
        seed: of their choice.

    Raises:
        CorpusError: there is no such kind.
    """
    draw = generator(seed, "noise", kind, str(len(data)))
    if kind in BYTE_KINDS:
        return BYTE_KINDS[kind](data, rate, draw)
    if kind not in KINDS:
        raise CorpusError(f"no noise {kind!r}; there are {', '.join([*KINDS, *BYTE_KINDS])}")
    return KINDS[kind](data.decode("utf-8", "surrogateescape"), rate, draw).encode(
        "utf-8", "surrogateescape"
    )
