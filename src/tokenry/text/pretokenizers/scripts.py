"""Cuts between scripts, as the pre-tokenizer UnicodeScripts of tokenizers makes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tokenry.text.components import Components, component
from tokenry.text.patterns.characters import EVERYTHING, CharacterSet
from tokenry.text.patterns.syntax import Alternatives, Class, PatternNode, Repeat, Sequence
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.pretokenized import PretokenizedText
from tokenry.text.pretokenizers.steps import PretokenizerStep
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.character_sets import CODE_POINTS, inclusive_ranges
from tokenry.text.unicode.scripts import SCRIPTS


@dataclass(frozen=True, slots=True)
class ScriptCut:
    """A cut that leaves runs of one script, and what is of any script behind it."""

    behavior: Behavior = Behavior.REMOVED
    invert: bool = True
    may_be_empty: bool = False

    def tree(self) -> PatternNode:
        """A run of any of the scripts."""
        return _runs()


@saved_as("scripts.ScriptSplit")
@dataclass(frozen=True, slots=True)
class ScriptSplit(PretokenizerStep):
    """Cut where the script changes; what is of any script before the first one is removed."""

    def __call__(self, stretches: PretokenizedText) -> PretokenizedText:
        """Cut the stretches further."""
        scripts = _table()[stretches.points]
        starts: list[int] = []
        ends: list[int] = []
        for begin, end in zip(stretches.starts.tolist(), stretches.ends.tolist(), strict=True):
            places = begin + np.flatnonzero(scripts[begin:end])
            changes = np.diff(scripts[places], prepend=0) != 0
            found = places[changes].tolist()
            starts += found
            ends += [*found[1:], end] if found else []
        return stretches.with_spans(np.array(starts, np.int64), np.array(ends, np.int64))

    def cuts(self) -> tuple[ScriptCut, ...]:
        """The same."""
        return (ScriptCut(),)

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it."""
        return component("UnicodeScripts")


@cache
def _table() -> NDArray[np.int16]:
    """The script of each code point, shape (0x110000,); 0 is any."""
    table = np.zeros(CODE_POINTS, np.int16)
    for number, script in enumerate(SCRIPTS, 1):
        for first, last in inclusive_ranges(script):
            table[first : last + 1] = number
    table.flags.writeable = False
    return table


@cache
def _runs() -> PatternNode:
    sets = [
        CharacterSet.of((np.array(inclusive_ranges(script)) + np.arange(2)).reshape(-1))
        for script in SCRIPTS
    ]
    anything = EVERYTHING
    for script in sets:
        anything = anything - script
    return Alternatives(
        tuple(
            Sequence((Class(script), Repeat(Class(script | anything), 0, None, True)))
            for script in sets
        )
    )
