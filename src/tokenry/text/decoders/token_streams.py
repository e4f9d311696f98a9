"""Decoder steps at work on tokens that come one by one, each in front of the next.

A step sees either tokens, or one token in parts, once a step before it has joined all of them.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from tokenry.text.decoders.steps import (
    BPEDecoder,
    ByteFallbackDecoder,
    ByteLevelDecoder,
    DecoderStep,
    FuseDecoder,
    MetaspaceDecoder,
    ReplaceDecoder,
    SpacesDecoder,
    StripDecoder,
    byte_level_bytes,
    byte_tokens,
)

StepOutput = Iterable[str]


class StepStream(Protocol):
    """A step that is given tokens, or parts of the one token, as they come."""

    def push(self, token: str) -> StepOutput:
        """What one more settles."""

    def finish(self) -> StepOutput:
        """The rest."""


class SpelledStream:
    """A `tokenry.text.piece_streams.PieceStream` of steps over the tokens of a file.

    Args:
        tokens: what each id is called, None for a hole.
        steps: what happens to the tokens of a sequence before they are joined.
    """

    def __init__(self, tokens: Mapping[int, str | None], steps: Sequence[DecoderStep]) -> None:
        self._tokens = tokens
        self._steps = step_streams(steps)

    def push(self, piece: bytes, id_: int) -> bytes:
        """What is settled by one more id."""
        token = self._tokens[id_]
        return b"" if token is None else self._through([token], 0)

    def finish(self) -> bytes:
        """The rest of each step, through those behind it."""
        return b"".join(
            self._through(step.finish(), place) for place, step in enumerate(self._steps, start=1)
        )

    def _through(self, tokens: StepOutput, place: int) -> bytes:
        for step in self._steps[place:]:
            tokens = [made for token in tokens for made in step.push(token)]
        return "".join(tokens).encode()


def step_streams(steps: Sequence[DecoderStep]) -> list[StepStream]:
    """A stream for each step."""
    streams: list[StepStream] = []
    joined = False
    for step in steps:
        streams.append(_of_joined(step) if joined else _of_tokens(step))
        joined = joined or isinstance(step, ByteLevelDecoder | FuseDecoder | SpacesDecoder)
    return streams


def _of_tokens(step: DecoderStep) -> StepStream:
    if step.takes_tokens_alone:
        return EachToken(lambda token: step([token]))
    match step:
        case ByteLevelDecoder():
            return JoinedBytes()
        case FuseDecoder():
            return EachToken(lambda token: [token])
        case SpacesDecoder():
            return SpacesBetween()
        case ByteFallbackDecoder():
            return ByteRuns(step)
        case BPEDecoder():
            return OneBehind(step)
    return AfterAnother(step) if step.looks_back else HeldTokens(step, joined=False)


def _of_joined(step: DecoderStep) -> StepStream:
    """For a step behind one that joins, which sees one token."""
    match step:
        case FuseDecoder() | SpacesDecoder():
            return EachToken(lambda part: [part])
        case MetaspaceDecoder() if len(step.replacement) == 1:
            return EachToken(lambda part: step([part]))
        case ReplaceDecoder() if step.pattern.is_one_character:
            return EachToken(lambda part: step([part]))
        case StripDecoder() if len(step.content) == 1:
            return StrippedEnds(step)
    return HeldTokens(step, joined=True)


class EachToken:
    """What becomes of a token depends on it alone."""

    def __init__(self, change: Callable[[str], StepOutput]) -> None:
        self.push = change

    def finish(self) -> StepOutput:
        """Nothing is left."""
        return ()


class HeldTokens:
    """All tokens are seen at the end; ``joined`` says that they are parts of one."""

    def __init__(self, step: DecoderStep, *, joined: bool) -> None:
        self._step = step
        self._joined = joined
        self._tokens: list[str] = []

    def push(self, token: str) -> StepOutput:
        """Nothing yet."""
        self._tokens.append(token)
        return ()

    def finish(self) -> StepOutput:
        """What the step makes of them."""
        return self._step(["".join(self._tokens)] if self._joined else self._tokens)


class AfterAnother:
    """What becomes of a token depends on it and the one before it, or on there being none."""

    def __init__(self, step: DecoderStep) -> None:
        self._step = step
        self._before: list[str] = []

    def push(self, token: str) -> StepOutput:
        """What the step makes of it behind the one before."""
        known = len(self._step(self._before))
        made = self._step([*self._before, token])[known:]
        self._before = [token]
        return made

    def finish(self) -> StepOutput:
        """Nothing is left."""
        return ()


class OneBehind:
    """What becomes of a token depends on it and on whether one follows."""

    def __init__(self, step: DecoderStep) -> None:
        self._step = step
        self._last: list[str] = []

    def push(self, token: str) -> StepOutput:
        """The token before."""
        made = self._step([*self._last, ""])[: len(self._last)]
        self._last = [token]
        return made

    def finish(self) -> StepOutput:
        """The last one."""
        return self._step(self._last)


class ByteRuns:
    """A run of tokens for bytes is text or none as a whole, so it is held to its end."""

    def __init__(self, step: ByteFallbackDecoder) -> None:
        self._step = step
        self._run: list[str] = []

    def push(self, token: str) -> StepOutput:
        """What ends a run, and the run before it."""
        if token in byte_tokens():
            self._run.append(token)
            return ()
        return [*self.finish(), token]

    def finish(self) -> StepOutput:
        """The run."""
        run, self._run = self._run, []
        return self._step(run)


class JoinedBytes:
    """Tokens of the byte-level alphabet to text, a complete character at a time."""

    def __init__(self) -> None:
        self._text = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: str) -> StepOutput:
        """The characters that it completes."""
        return [self._text.decode(byte_level_bytes(token))]

    def finish(self) -> StepOutput:
        """U+FFFD for what is incomplete."""
        return [self._text.decode(b"", True)]


class SpacesBetween:
    """A space before every token but the first."""

    def __init__(self) -> None:
        self._space = ""

    def push(self, token: str) -> StepOutput:
        """The token behind its space."""
        space, self._space = self._space, " "
        return [space + token]

    def finish(self) -> StepOutput:
        """Nothing is left."""
        return ()


class StrippedEnds:
    """A character removed from both ends of the one token, up to so often."""

    def __init__(self, step: StripDecoder) -> None:
        self._step = step
        self._start = step.start  # how many may still be removed
        self._held = ""

    def push(self, token: str) -> StepOutput:
        """What is not stripped, but for what may turn out to be the end."""
        if self._start:
            kept = token.lstrip(self._step.content)
            removed = min(len(token) - len(kept), self._start)
            self._start = self._start - removed if not kept else 0
            token = token[removed:]
        text = self._held + token
        end = len(text) - min(len(text) - len(text.rstrip(self._step.content)), self._step.stop)
        self._held = text[end:]
        return [text[:end]]

    def finish(self) -> StepOutput:
        """What was held is the end, and falls."""
        return ()
