"""The offsets that tokenizers gives, from ids and text.

tokenizers says which characters a token came from by rules of its own: an inserted mark stands for
the character after it, a composed character for the first of its parts. The core follows these
rules where the pieces of a text can be laid along it, in one of two ways
(native/encode/piece_places.hpp); where they cannot, tokenizers is asked.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.text.pipeline import Pipeline
from tokenry.text.ragged import Ragged

Offsets = list[tuple[int, int]]
# Below so many characters tokenizers answers sooner than arrays do.
ASK_BELOW = 150
MARK = "\u2581"  # may be a space or itself
_ASCII = tuple(map(chr, range(128)))


class Found(NamedTuple):
    """First character of each id of a batch, the one after its last, and texts without any."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    missing: frozenset[int]


class Places:
    """Offsets of the tokens of one pipeline.

    Args:
        pipeline: what encodes.
        joined: pieces are the text, behind one inserted space or none; else they are walked.
        fused: unknown characters that follow one another are one token.
    """

    def __init__(self, pipeline: Pipeline, *, joined: bool, fused: bool) -> None:
        self._pipeline = pipeline
        self._joined = joined
        trim = _trimming(pipeline.metadata.get("post_processor"))
        self.keeps_first_space = bool(trim and trim["add_prefix_space"])
        run, offsets = pipeline.vocabulary.packed()
        unknown = pipeline.segmenter.unknown
        self._core = _native.PiecePlaces(
            run,
            offsets.astype(np.uint64),
            joined=joined,
            # Then ids of as many bytes as the text has are the text.
            sure=bool(pipeline.lossless)
            and not any(token.lstrip or token.rstrip for token in pipeline.added_tokens),
            trims=trim is not None,
            keeps_first_space=self.keeps_first_space,
            unknown=-1 if unknown is None else unknown,
            fused=fused,
        )
        self._seen: set[str] = set()
        if not joined:
            self._learn(_ASCII)

    def find(self, texts: list[str], batch: Ragged) -> Found:
        """The characters of each id of a batch."""
        starts, ends, missing = self._core.find(texts, batch.ids, batch.offsets)
        if self._joined:
            return Found(starts, ends, frozenset(missing))
        if self._learn(set("".join(texts[i] for i in missing if not texts[i].isascii()))):
            starts, ends, missing = self._core.find(texts, batch.ids, batch.offsets)
        return Found(starts, ends, frozenset(missing) | set(_composed_otherwise(texts)))

    def _learn(self, characters: Iterable[str]) -> bool:
        """Tell the core what these become; whether one of them is new."""
        new = [each for each in characters if each not in self._seen]
        for each in new:
            if (becomes := self._becomes(each)) is not None:
                self._core.learn(ord(each), becomes)
        self._seen.update(new)
        return bool(new)

    def _becomes(self, character: str) -> str | None:
        """The one character, the white space or nothing that a character in a word becomes."""
        normalizer, edge = self._pipeline.normalizer, "x"
        changed = character
        if normalizer is not None:
            alone, beside = normalizer(edge + edge), normalizer(edge + character + edge)
            head = alone[: len(alone) - 1]  # what is put before a text stands there, too
            if not beside.startswith(head) or not beside.endswith(edge):
                return None
            changed = beside[len(head) : -1]
        if changed and all(map(_is_blank, changed)):
            return " "
        changed = changed.strip(" ")
        return changed if len(changed) <= 1 and MARK not in (character, changed) else None


def _is_blank(character: str) -> bool:
    """Whether Unicode calls it white space; Python calls some separators so, too."""
    return character.isspace() and not "\x1c" <= character <= "\x1f"


def _composed_otherwise(texts: list[str]) -> list[int]:
    """Which texts have characters that a normalizer may join with others or put elsewhere."""
    return [at for at, text in enumerate(texts) if not text.isascii() and not _stands_alone(text)]


def _stands_alone(text: str) -> bool:
    if unicodedata.is_normalized("NFKC", text):
        return True
    changed = unicodedata.normalize("NFKC", text)
    return changed == "".join(unicodedata.normalize("NFKC", each) for each in text)


def _trimming(post_processor: str | None) -> dict[str, Any] | None:
    """The component of a post-processor that trims offsets."""
    pending = [] if post_processor is None else [json.loads(post_processor)]
    for each in pending:
        pending += each.get("processors", ())
    found = [
        each
        for each in pending
        if each["type"] in ("ByteLevel", "RobertaProcessing") and each.get("trim_offsets", True)
    ]
    return found[0] if found else None
