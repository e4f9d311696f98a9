"""SentencePiece's denormalizer: rules for the text that another decoder joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tokenry.text.id_changes import Addition, Renumbering, Spell
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.parts import Decoder
from tokenry.text.saved_parts import saved_as


@saved_as("denormalizing.DenormalizingDecoder")
@dataclass(frozen=True)
class DenormalizingDecoder(Decoder):
    """A decoder, and rules for the text that it gives.

    Args:
        decoder: joins pieces.
        charsmap: what is replaced in the text then.
    """

    decoder: Decoder
    charsmap: Charsmap

    def __call__(self, pieces: list[bytes], ids: list[int]) -> bytes:
        """Bytes that ``ids`` stand for; rules do not look into bytes that are no UTF-8."""
        data = self.decoder(pieces, ids)
        try:
            return self.charsmap.normalize_sentencepiece(data.decode()).encode()
        except UnicodeDecodeError:
            return data

    @property
    def names(self) -> Sequence[str | None] | None:
        """What its file calls each id."""
        return self.decoder.names

    def renumbered(self, change: Renumbering) -> DenormalizingDecoder:
        """The same with other ids."""
        return replace(self, decoder=self.decoder.renumbered(change))

    def appended(self, addition: Addition, spell: Spell) -> DenormalizingDecoder:
        """The same with more ids."""
        return replace(self, decoder=self.decoder.appended(addition, spell))
