"""Steps at work on tokens that come one by one give what they make of all together."""

from __future__ import annotations

import pytest

from shares import draw, share
from tokenry.text.decoders import steps
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.oniguruma import TextPattern

TOKENS = (
    "\u2581", "\u2581\u2581", "\u2581a", "a", " ", "  ", "<0x0A>", "<0xE2>", "<0x9F>", "##a", "##",
    "<pad>", "|", "\u0120a", "\u00c3", "\u00a9", "b</w>", "</w>", "n't", " n't", "", "\u6771",
)  # fmt: skip
REPLACE = steps.ReplaceDecoder(TextPattern("\u2581", is_literal=True), " ")
LONG = steps.ReplaceDecoder(TextPattern("a a", is_literal=True), "x")
STRIP = steps.StripDecoder(" ", 1, 0)
BOTH = steps.StripDecoder(" ", 2, 2)
FALLBACK, FUSE = steps.ByteFallbackDecoder(), steps.FuseDecoder()
METASPACE = steps.MetaspaceDecoder("\u2581", True)
WORDPIECE = steps.WordPieceDecoder("##", True)
CTC = steps.CTCDecoder("<pad>", "|", True)
SEQUENCES: tuple[tuple[steps.DecoderStep, ...], ...] = (
    (),
    (REPLACE, FALLBACK, FUSE, STRIP),
    (REPLACE, FALLBACK, FUSE, BOTH),
    (REPLACE, FALLBACK, STRIP),
    (steps.ByteLevelDecoder(),),
    (METASPACE,),
    (steps.MetaspaceDecoder("\u2581", False), FUSE, STRIP),
    (FUSE, METASPACE, BOTH),
    (WORDPIECE,),
    (steps.BPEDecoder("</w>"),),
    (CTC,),
    (steps.SpacesDecoder(),),
    (steps.SpacesDecoder(), REPLACE, STRIP),
    (FUSE, LONG),
    (LONG, CTC, WORDPIECE),
    (FUSE, FALLBACK, steps.BPEDecoder("</w>"), CTC),
    (steps.BPEDecoder("</w>"), FALLBACK, METASPACE),
)


@pytest.mark.parametrize("which", range(len(SEQUENCES)))
def test_joined_it_is_the_whole(which: int) -> None:
    decoder = SpelledDecoder(TOKENS, SEQUENCES[which])
    rng = draw(f"token streams {which}")
    for _ in range(share(1500)):
        ids = rng.choices(range(len(TOKENS)), k=rng.randrange(9))
        stream = decoder.stream()
        parts = [stream.push(b"", id_) for id_ in ids]
        assert b"".join([*parts, stream.finish()]) == decoder([b""] * len(ids), ids), ids


def test_what_is_certain_is_given_out_at_once() -> None:
    llama = SpelledDecoder(TOKENS, (REPLACE, FALLBACK, FUSE, STRIP)).stream()
    given = ("\u2581a", "\u2581", "a", "<0x0A>", "b</w>")
    assert [llama.push(b"", TOKENS.index(t)) for t in given] == [
        b"a", b" ", b"a", b"", b"\nb</w>",
    ]  # fmt: skip
    level = SpelledDecoder(TOKENS, (steps.ByteLevelDecoder(),)).stream()
    assert [level.push(b"", TOKENS.index(t)) for t in ("a", "\u00c3", "\u00a9")] == [
        b"a", b"", "é".encode(),
    ]  # fmt: skip
