"""Decoder steps over the tokens of a file, as the file spells them.

They work on spelled tokens and not on canonical pieces, since what they do depends on the spelling
(``##``, U+2581, ``<0x0A>``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

from tokenry.text import components
from tokenry.text.components import Components
from tokenry.text.decoders.steps import DecoderStep, SpacesDecoder
from tokenry.text.decoders.token_streams import SpelledStream
from tokenry.text.id_changes import Addition, Renumbering, Spell
from tokenry.text.parts import Decoder
from tokenry.text.ragged import Ids
from tokenry.text.saved_parts import saved_as
from tokenry.vocabulary import METASPACE, to_byte_level


class ReadyTokens(dict[int, str | None]):
    """Tokens by id after steps that see one at a time, done when one is first asked for."""

    def __init__(self, tokens: Sequence[str | None], steps: Sequence[DecoderStep]) -> None:
        self._tokens = tokens
        self._steps = steps

    def __missing__(self, id_: int) -> str | None:
        token = self._tokens[id_]
        for step in self._steps:
            token = None if token is None else step([token])[0]
        self[id_] = token
        return token


@saved_as("decoders.SpelledDecoder")
@dataclass(frozen=True)
class SpelledDecoder(Decoder):
    """Decoder steps over the tokens of a file.

    Attributes:
        tokens: what each id is called, None for a hole.
        steps: what happens to the tokens of a sequence before they are joined.
    """

    tokens: tuple[str | None, ...]
    steps: tuple[DecoderStep, ...]

    def __reduce__(self) -> tuple[object, ...]:
        return SpelledDecoder, (self.tokens, self.steps)

    def renumbered(self, change: Renumbering) -> SpelledDecoder:
        """The same tokens under other ids."""
        return SpelledDecoder(tuple(self.tokens[id_] for id_ in change.kept.tolist()), self.steps)

    def renamed(self, names: Mapping[int, str]) -> SpelledDecoder:
        """The same where these ids are called otherwise."""
        tokens = (names.get(id_, token) for id_, token in enumerate(self.tokens))
        return SpelledDecoder(tuple(tokens), self.steps)

    def appended(self, addition: Addition, spell: Spell) -> SpelledDecoder:
        """The same with more tokens, spelled as its own are."""
        more = (
            piece.decode() if id_ in addition.specials else self._spelled(piece, spell)
            for id_, piece in addition.pieces()
        )
        return SpelledDecoder((*self.tokens, *more), self.steps)

    def _spelled(self, piece: bytes, spell: Spell) -> str:
        if any(step.reads_byte_level for step in self.steps):
            return to_byte_level(piece)
        return spell(piece, self._marked)

    @cached_property
    def _marked(self) -> bool:
        return any(METASPACE in token for token in self.tokens if token)

    @cached_property
    def _ready(self) -> ReadyTokens:
        return ReadyTokens(self.tokens, self.steps[: self._alone])

    @cached_property
    def _alone(self) -> int:
        return len(list(takewhile(lambda step: step.takes_tokens_alone, self.steps)))

    @cached_property
    def _has_holes(self) -> bool:
        return None in self.tokens

    def __call__(self, pieces: Sequence[bytes], ids: Sequence[int]) -> bytes:
        """Bytes of the text that ``ids`` stand for; ids that are holes stand for nothing."""
        tokens: list[Any] = [*map(self._ready.__getitem__, ids)]
        if self._has_holes:
            tokens = [token for token in tokens if token is not None]
        for step in self.steps[self._alone :]:
            tokens = step(tokens)
        return "".join(tokens).encode()

    def join_most(self, ids: Ids, join: Callable[[Ids], bytes]) -> bytes:
        """The same; it has tokens of its own and needs no pieces."""
        return self([], ids.tolist())

    def stream(self) -> SpelledStream:
        """It at work on ids that come one by one."""
        return SpelledStream(self._ready, self.steps[self._alone :])

    @property
    def names(self) -> Sequence[str | None]:
        """What the file calls each id."""
        return self.tokens

    def to_tokenizer_json(self) -> Components:
        """What a tokenizer.json says of it; nothing where the file named no decoder."""
        if self.steps == (SpacesDecoder(),):
            return Components()
        return components.joined(step.to_tokenizer_json() for step in self.steps)
