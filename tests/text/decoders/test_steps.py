"""Decoded text is that of `tokenizers`."""

from __future__ import annotations

import pickle
import random

import pytest
from tokenizers import Regex, decoders

from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import (
    BPEDecoder,
    ByteFallbackDecoder,
    ByteLevelDecoder,
    CTCDecoder,
    DecoderStep,
    FuseDecoder,
    MetaspaceDecoder,
    ReplaceDecoder,
    StripDecoder,
    WordPieceDecoder,
)
from tokenry.text.oniguruma import TextPattern

TOKENS = ["▁", "▁a", "a▁b", "##x", "#", "<0x61>", "<0xE5>", "<0xAD>", "<0x97>", "<0xFF>", "<0x+5>"]
TOKENS += [
    "<0xG1>",
    "Ġ",
    "Ġhello",
    "é",
    "Ã©",
    "<s>",
    "字",
    "ł",
    "x</w>",
    "</w>",
    "don",
    "'t",
    " n't",
]
TOKENS += [" .", ".", "'", " ' ", "do", "not", "", " ", "  ", "a", "aa", "|", "<pad>", "Č", "¡"]


def pairs() -> list[tuple[object, DecoderStep]]:
    """Their component and ours."""
    return [
        (decoders.ByteLevel(), ByteLevelDecoder()),
        (decoders.Metaspace("▁", "always", True), MetaspaceDecoder("▁", True)),
        (decoders.Metaspace("▁", "never", True), MetaspaceDecoder("▁", False)),
        (decoders.ByteFallback(), ByteFallbackDecoder()),
        (decoders.Fuse(), FuseDecoder()),
        (decoders.Strip(" ", 1, 0), StripDecoder(" ", 1, 0)),
        (decoders.Strip("a", 2, 0), StripDecoder("a", 2, 0)),
        (decoders.Replace("▁", " "), ReplaceDecoder(TextPattern("▁", True), " ")),
        (decoders.Replace(Regex("a+"), "b"), ReplaceDecoder(TextPattern("a+"), "b")),
        (decoders.WordPiece("##", True), WordPieceDecoder("##", True)),
        (decoders.WordPiece("##", False), WordPieceDecoder("##", False)),
        (decoders.BPEDecoder("</w>"), BPEDecoder("</w>")),
        (decoders.CTC("<pad>", "|", True), CTCDecoder("<pad>", "|", True)),
        (decoders.CTC("<pad>", "|", False), CTCDecoder("<pad>", "|", False)),
    ]


def sequences(seed: int, count: int) -> list[list[int]]:
    rng = random.Random(seed)
    return [rng.choices(range(len(TOKENS)), k=rng.randint(1, 12)) for _ in range(count)]


@pytest.mark.parametrize("pair", pairs(), ids=range(len(pairs())))
def test_text_equals(pair: tuple[object, DecoderStep]) -> None:
    theirs, ours = pair
    decoder = SpelledDecoder(tuple(TOKENS), (ours,))
    for ids in sequences(1, 500):
        spelled = [TOKENS[id_] for id_ in ids]
        expected = theirs.decode(spelled)  # type: ignore[attr-defined]
        assert decoder([], ids).decode() == expected, spelled


def test_sequences_equal() -> None:
    rng = random.Random(3)
    components = pairs()
    for _ in range(200):
        chosen = rng.sample(components, rng.randint(2, 4))
        theirs = decoders.Sequence([each for each, _ in chosen])
        ours = SpelledDecoder(tuple(TOKENS), tuple(each for _, each in chosen))
        for ids in sequences(rng.randrange(10**6), 20):
            spelled = [TOKENS[id_] for id_ in ids]
            try:
                expected = theirs.decode(spelled)
            except BaseException:  # theirs panics where CTC left no token
                continue
            assert ours([], ids).decode() == expected, (chosen, spelled)


def test_holes_stand_for_nothing_and_pickling_keeps_all() -> None:
    decoder = SpelledDecoder(("▁a", None, "▁b"), (MetaspaceDecoder("▁", True),))
    again = pickle.loads(pickle.dumps(decoder))
    assert again([], [0, 1, 2]) == decoder([], [0, 1, 2]) == b"a b"
