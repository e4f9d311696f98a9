"""Ids of pretokens that stand alone, by the core."""

from __future__ import annotations

from collections.abc import Sequence

from tokenry import _native
from tokenry.text.ragged import Ragged
from tokenry.vocabulary import pack


def encode_alone(segmenter: _native.Segmenter, pretokens: Sequence[bytes]) -> Ragged:
    """Ids of each pretoken."""
    run, offsets = pack(pretokens)
    engine = _native.Engine(segmenter, _native.Splitter("whole"))
    return Ragged(*engine.encode_ranges(run, offsets[:-1], offsets[1:]))
