"""How SentencePiece joins pieces again (Kudo and Richardson 2018, arXiv:1808.06226)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.text.components import Components, component, joined, replacing
from tokenry.text.id_changes import Addition, Renumbering, Spell
from tokenry.text.normalizers.sentencepiece import MARK
from tokenry.text.parts import Decoder
from tokenry.text.saved_parts import saved_as
from tokenry.text.unicode.utf8 import REPLACE_EACH_BYTE


@saved_as("sentencepiece_normalizer.SentencePieceDecoder")
@dataclass(frozen=True)
class SentencePieceDecoder(Decoder):
    """A `tokenry.text.parts.Decoder`: pieces, one after another, without the space put before.

    Bytes of fallback pieces are given as they are; text has U+FFFD for each of those that do not
    form UTF-8, as SentencePiece writes it.

    Args:
        silent: ids that stand for nothing.
        unknown: id of unknown text, or None.
        surface: what is written for it.
        fallback: ids that stand for one byte each, and others whose first space is never removed.
        strip: whose first space is removed: of the first piece (``"first"``), of every piece before
            the first text (``"leading"``), or of none.
    """

    replacing: ClassVar[str] = REPLACE_EACH_BYTE

    silent: frozenset[int] = frozenset()
    unknown: int | None = None
    surface: str = " \u2047 "
    fallback: frozenset[int] = frozenset()
    strip: Literal["first", "leading", "none"] = "first"

    @property
    def unknown_text(self) -> str:
        """What is written for the unknown id."""
        return self.surface

    def __call__(self, pieces: Sequence[bytes], ids: Sequence[int]) -> bytes:
        """Bytes that ``ids`` stand for."""
        written = self._written
        parts = [written.get(id_, piece) for piece, id_ in zip(pieces, ids, strict=True)]
        if self.strip != "none":
            self._strip(parts, ids)
        return b"".join(parts)

    @cached_property
    def _written(self) -> dict[int | None, bytes]:
        """What is written for ids that do not stand for their pieces."""
        return {self.unknown: self.surface.encode(), **dict.fromkeys(self.silent, b"")}

    def _strip(self, parts: list[bytes], ids: Sequence[int]) -> None:
        """Remove first spaces of pieces where no text stands before them."""
        for place, (part, id_) in enumerate(zip(parts, ids, strict=True)):
            if part[:1] == b" " and id_ not in self.fallback and id_ not in self._written:
                parts[place] = part[1:]
                if self.strip == "first":
                    return
            if parts[place]:
                return

    def join_most(
        self, ids: NDArray[np.uint32], join: Callable[[NDArray[np.uint32]], bytes]
    ) -> bytes | None:
        """What calling it gives, where every id simply stands for its piece; else None."""
        if len(ids) == 0:
            return b""
        rare = self._rare
        below = ids[ids < len(rare)]
        if rare[below].any():
            return None
        first = join(ids[:1])
        if self.strip == "none" or first[:1] != b" " or int(ids[0]) in self.fallback:
            return join(ids)
        return None if first == b" " and self.strip == "leading" else join(ids)[1:]

    def stream(self) -> SentencePieceStream:
        """It at work on ids that come one by one."""
        return SentencePieceStream(self)

    def renumbered(self, change: Renumbering) -> SentencePieceDecoder:
        """The same with other ids."""
        return replace(
            self,
            silent=frozenset(change.all_new(self.silent)),
            fallback=frozenset(change.all_new(self.fallback)),
            unknown=change.new(self.unknown),
        )

    def appended(self, addition: Addition, spell: Spell) -> SentencePieceDecoder:
        """Itself: new ids stand for their pieces."""
        return self

    @cached_property
    def _rare(self) -> NDArray[np.bool_]:
        rare = sorted(self.silent | ({self.unknown} if self.unknown is not None else set()))
        table = np.zeros(rare[-1] + 1 if rare else 0, dtype=np.bool_)
        table[rare] = True
        return table

    def to_tokenizer_json(self) -> Components:
        """Marks to spaces, bytes to text, and the space that was put before removed."""
        steps = [replacing({"String": MARK}, " "), component("ByteFallback"), component("Fuse")]
        if self.strip != "none":
            steps.append(component("Strip", content=" ", start=1, stop=0))
        return joined(steps)


class SentencePieceStream:
    """A `tokenry.text.piece_streams.PieceStream`: withholds what is stripped at the start."""

    def __init__(self, decoder: SentencePieceDecoder) -> None:
        self._decoder = decoder
        self._inner = replace(decoder, strip="none")
        self._begun = decoder.strip == "none"
        self._stripped: tuple[list[bytes], list[int]] = ([], [])  # a first space that fell

    def push(self, piece: bytes, id_: int) -> bytes:
        """What is settled by one more id."""
        if self._begun:
            return self._inner([piece], [id_])
        if id_ in self._decoder.silent:
            return b""
        pieces, ids = self._stripped
        text = self._decoder([*pieces, piece], [*ids, id_])
        self._begun = bool(text)
        if self._decoder.strip == "first" and not ids:
            self._stripped = ([piece], [id_])
        return text

    def finish(self) -> bytes:
        """Nothing is left."""
        return b""
