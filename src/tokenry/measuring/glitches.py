"""Ids that may be glitches, told from the tokenizer alone: no model is needed.

An id that no text produces was seldom or never trained, and a model does odd things with it (Land,
Bartolo 2024, Fishing for Magikarp, arXiv:2405.05417, first step). Three questions are asked of each
id: can a text produce it, does its own text become it again, and does it look like junk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from tokenry.measuring.vocabulary import looks_like_junk
from tokenry.results import SavedResult
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import is_utf8

NEVER_IN_UTF8: Final = frozenset((0xC0, 0xC1, *range(0xF5, 0x100)))
"""Bytes that no valid UTF-8 has."""


@dataclass(frozen=True)
class GlitchScan(SavedResult):
    """Ids by what is odd about them; an id may be in several lists.

    Attributes:
        ids: of the vocabulary.
        holes: they stand for nothing.
        specials: no ordinary text produces them.
        unproduced: the segmenter makes other ids of their bytes.
        cut: the splitter cuts their bytes.
        unused_bytes: single bytes that no UTF-8 has.
        partial_utf8: parts of characters; a text may produce them, but they are no text alone.
        changed: their own text is encoded to other ids.
        junk: long without a space, or one character again and again.
        tokenizer: its fingerprint.
    """

    format: ClassVar[str] = "tokenry-glitches"
    version: ClassVar[int] = 1

    ids: int
    holes: tuple[int, ...]
    specials: tuple[int, ...]
    unproduced: tuple[int, ...]
    cut: tuple[int, ...]
    unused_bytes: tuple[int, ...]
    partial_utf8: tuple[int, ...]
    changed: tuple[int, ...]
    junk: tuple[int, ...]
    tokenizer: str

    @property
    def never(self) -> tuple[int, ...]:
        """Ids that no ordinary text in UTF-8 produces, so that no model was trained on them."""
        found = {*self.holes, *self.unproduced, *self.cut, *self.unused_bytes}
        return tuple(sorted(found))

    def counts(self) -> dict[str, int]:
        """How many ids are odd in each way."""
        ways = ("holes", "specials", "unproduced", "cut", "unused_bytes", "partial_utf8",
                "changed", "junk")  # fmt: skip
        return {way: len(getattr(self, way)) for way in ways}


def scan_glitches(tokenizer: Tokenizer) -> GlitchScan:
    """Ask each id of a vocabulary; 200,000 take about two seconds."""
    vocabulary = tokenizer.vocabulary
    unreachable = tokenizer.unreachable()
    specials = sorted({*tokenizer.pipeline.special_ids()})
    aside = {*specials, *unreachable.holes}
    texts = {
        id_: piece
        for id_, piece in enumerate(vocabulary.pieces)
        if piece and id_ not in aside and is_utf8(piece)
    }
    return GlitchScan(
        ids=len(vocabulary),
        holes=tuple(unreachable.holes),
        specials=tuple(specials),
        unproduced=tuple(unreachable.unproduced),
        cut=tuple(unreachable.cut),
        unused_bytes=tuple(
            id_
            for id_, piece in enumerate(vocabulary.pieces)
            if piece and len(piece) == 1 and piece[0] in NEVER_IN_UTF8
        ),
        partial_utf8=tuple(unreachable.partial_utf8),
        changed=_changed(tokenizer, list(texts)),
        junk=tuple(id_ for id_, piece in texts.items() if looks_like_junk(piece.decode())),
        tokenizer=tokenizer.fingerprint(),
    )


def _changed(tokenizer: Tokenizer, ids: list[int]) -> tuple[int, ...]:
    """Ids whose text, as decoding gives it, is encoded to others."""
    texts = tokenizer.decode_batch([[id_] for id_ in ids])
    again = tokenizer.encode_batch(texts)
    return tuple(
        id_ for id_, row in zip(ids, again, strict=True) if len(row) != 1 or int(row[0]) != id_
    )
