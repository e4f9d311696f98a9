"""The offsets that tokenizers gives, from ids and text.

tokenizers says which characters a token came from by rules of its own: an inserted mark stands for
the character after it, a composed character for the first of its parts. Here is what follows where
these rules and ours agree; where they might not, the answer is None, and tokenizers is asked.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.compat.huggingface.pairs import Pairs, pairs
from tokenry.spans import character_offsets
from tokenry.text.pipeline import Pipeline
from tokenry.text.ragged import Ids, Ragged
from tokenry.text.routes import Route

Numbers = NDArray[np.int64]
Bounds = tuple[Numbers, Numbers]  # first character of each token, and the one after its last
Offsets = Pairs

SPACE = 0x20
# Below so many characters tokenizers answers sooner than arrays do.
ASK_BELOW = 300


class Places:
    """Offsets of one way from text to ids.

    Args:
        pipeline: what encodes.
        route: its way of text.
        engine: joins pieces in the core, those of specials not.
    """

    def __init__(self, pipeline: Pipeline, route: Route, engine: _native.Engine) -> None:
        self._pipeline = pipeline
        self._route = route
        self._engine = engine
        # Then ids of as many bytes as the text has are the text.
        self._keeps_all = bool(pipeline.lossless) and not any(
            token.lstrip or token.rstrip for token in pipeline.added_tokens
        )
        self._trim = _trimming(pipeline.metadata.get("post_processor"))
        self.joins = True  # whether a text that its pieces make up is what they came from
        self.ask_below = ASK_BELOW
        self.steps_in_core = True  # else spans take twice as long as tokenizers does

    @property
    def keeps_first_space(self) -> bool:
        """Whether the first token of a window keeps a space that others lose."""
        return bool(self._trim and self._trim["add_prefix_space"])

    def offsets(self, texts: list[str], batch: Ragged) -> list[Offsets | None]:
        """The characters of each token of each text; None where tokenizers has to say."""
        data = [text.encode() for text in texts]
        plain = self._plain(data, batch) if self.joins else {}
        known = self._of_plain(
            [texts[i] for i in plain], [data[i] for i in plain], [batch[i] for i in plain], plain
        )
        return [
            known[i] if i in known else self._of_changed(text, batch[i])
            for i, text in enumerate(texts)
        ]

    @cached_property
    def _pieces(self) -> tuple[NDArray[np.uint8], Numbers]:
        run, offsets = self._pipeline.vocabulary.packed()
        return np.frombuffer(run, np.uint8), offsets.astype(np.int64)

    @cached_property
    def _widths(self) -> Numbers:
        """Bytes of each piece."""
        return np.diff(self._pieces[1])

    # Texts that their pieces make up, after one inserted space or none

    def _plain(self, data: list[bytes], batch: Ragged) -> dict[int, int]:
        """Which texts these are, and how many spaces were inserted before each."""
        widths = self._widths[batch.ids]
        if not widths.all():
            return {}
        ends = np.append(0, np.cumsum(widths))[batch.offsets.astype(np.int64)]
        inserted = (np.diff(ends) - [*map(len, data)]).tolist()
        if self._keeps_all:
            return {i: 0 for i, more in enumerate(inserted) if more == 0}
        joined = self._engine.decode_batch(batch.ids, batch.offsets)
        wanted = {i: b" "[:more] + data[i] for i, more in enumerate(inserted) if more in (0, 1)}
        return {
            i: inserted[i]
            for i, text in wanted.items()
            if joined[i] == text or self._joined(batch[i]) == text
        }

    def _joined(self, ids: Ids) -> bytes:
        """The pieces of ids in a row, with those of specials."""
        run, offsets = self._pieces
        widths = self._widths[ids]
        ends = np.cumsum(widths)
        at = np.repeat(offsets[ids] - ends + widths, widths)
        at += np.arange(len(at))
        return run[at].tobytes()

    def _of_plain(
        self, texts: list[str], data: list[bytes], rows: list[Ids], inserted: dict[int, int]
    ) -> dict[int, Offsets]:
        """Their offsets, for all of them together."""
        if not rows:
            return {}
        counts = np.array([*map(len, rows)], np.int64)
        more = np.array([*inserted.values()], np.int64)
        ends = np.cumsum(self._widths[np.concatenate(rows)])
        starts = np.append(0, ends[:-1])
        bases = np.cumsum([0, *map(len, data)])
        bases[1:] += np.cumsum(more)
        firsts, spaces = np.cumsum(counts) - counts, None
        if self._trim or not all(map(str.isascii, texts)):
            run = b"".join(b" "[:each] + one for each, one in zip(more, data, strict=True))
            spaces = self._spaces(run, starts, ends) if self._trim else None
            character = np.append(0, np.cumsum((np.frombuffer(run, np.uint8) & 0xC0) != 0x80))
            # Of a character that two tokens share both have all.
            starts, ends = character[starts + 1] - 1, character[ends]
            bases = character[bases]
        shift = np.repeat(bases[:-1] + more, counts)
        starts, ends = np.maximum(starts - shift, 0), ends - shift
        # An inserted space alone stands for the character after it.
        ends = np.maximum(ends, np.minimum(1, ends + 1))
        if spaces is not None:
            starts, ends = self._trimmed(starts, ends, *spaces, firsts[counts > 0])
        flat = pairs(starts, ends)
        return {
            i: flat[first : first + count]
            for i, first, count in zip(inserted, firsts.tolist(), counts.tolist(), strict=True)
        }

    def _spaces(self, data: bytes, starts: Numbers, ends: Numbers) -> Bounds:
        """How many spaces each token begins with, and how many it ends with."""
        others = np.flatnonzero(np.frombuffer(data, np.uint8) != SPACE)
        after = np.append(others, len(data))[np.searchsorted(others, starts)]
        before = np.append(-1, others)[np.searchsorted(others, ends)]
        widths = ends - starts
        return np.minimum(after - starts, widths), np.minimum(ends - 1 - before, widths)

    def _trimmed(
        self, starts: Numbers, ends: Numbers, lead: Numbers, trail: Numbers, firsts: Numbers
    ) -> Bounds:
        """What the ByteLevel post-processor leaves of offsets."""
        if self.keeps_first_space:
            first = starts == 0
            first[firsts] = True
            lead = np.where(first, np.maximum(lead - 1, 0), lead)
        starts = np.minimum(starts + lead, ends)
        cut = (trail > 0) & (ends >= trail)
        return starts, np.where(cut, np.maximum(ends - trail, starts), ends)

    # Texts that were changed

    @cached_property
    def _characters(self) -> Numbers:
        """Characters of each piece; one for a piece of a single byte."""
        run, offsets = self._pieces
        before = np.append(0, np.cumsum((run & 0xC0) != 0x80))
        counts = before[offsets[1:]] - before[offsets[:-1]]
        return np.where(self._widths == 1, 1, counts)

    @cached_property
    def _unsure(self) -> NDArray[np.bool_]:
        """Ids whose piece does not say how many characters they stand for."""
        unsure = np.zeros(len(self._widths), np.bool_)
        unsure[[token.id for token in self._pipeline.added_tokens]] = True
        if self._pipeline.segmenter.unknown is not None:
            unsure[self._pipeline.segmenter.unknown] = True
        return unsure

    def _of_changed(self, text: str, ids: Ids) -> Offsets | None:
        """Offsets from spans, where every token has as many characters as its piece."""
        if self._trim or not self.steps_in_core or len(text) < self.ask_below or len(ids) == 0:
            return None
        if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
            return None
        found, spans = self._route.encode_with_spans(text)
        if not np.array_equal(found, ids):
            return None
        places = character_offsets(text, spans)
        starts, ends = places[:, 0], places[:, 1]
        if starts[-1] >= len(text) or not self._fits(text, ids, starts, ends - starts):
            return None
        ends = np.maximum(ends, starts + 1)  # an inserted mark
        return pairs(starts, ends)

    def _fits(self, text: str, ids: Ids, starts: Numbers, lengths: Numbers) -> bool:
        run, offsets = self._pieces
        blank = np.array([*map(str.isspace, text)], np.bool_)
        marked = run[np.minimum(offsets[ids], len(run) - 1)] == SPACE
        expected = self._characters[ids] - (marked & ~blank[starts])
        unsure = self._unsure[ids]
        if ((lengths != expected) & ~unsure).any():
            return False
        return text.isascii() or not (unsure & (lengths != 1)).any()


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
