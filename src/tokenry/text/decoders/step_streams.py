"""Kinds of work on tokens that come one by one, by what has to be known of a token's neighbours.

A decoder step sees either tokens, or one token in parts, once a step before it has joined all of
them. Which kind a step is, it says itself (`tokenry.text.decoders.steps`).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from typing import Protocol

from tokenry.text.decoders.token_bytes import byte_level_bytes, byte_tokens

Step = Callable[[list[str]], list[str]]
StepOutput = Iterable[str]


class StepStream(Protocol):
    """A step that is given tokens, or parts of the one token, as they come."""

    def push(self, token: str) -> StepOutput:
        """What one more settles."""

    def finish(self) -> StepOutput:
        """The rest."""


class EachToken:
    """What becomes of a token depends on it alone."""

    def __init__(self, change: Callable[[str], StepOutput]) -> None:
        self.push = change

    def finish(self) -> StepOutput:
        """Nothing is left."""
        return ()


class HeldTokens:
    """All tokens are seen at the end; ``joined`` says that they are parts of one."""

    def __init__(self, step: Step, *, joined: bool = False) -> None:
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

    def __init__(self, step: Step) -> None:
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

    def __init__(self, step: Step) -> None:
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

    def __init__(self, step: Step) -> None:
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

    def __init__(self, content: str, start: int, stop: int) -> None:
        self._content = content
        self._start = start  # how many may still be removed
        self._stop = stop
        self._held = ""

    def push(self, token: str) -> StepOutput:
        """What is not stripped, but for what may turn out to be the end."""
        if self._start:
            kept = token.lstrip(self._content)
            removed = min(len(token) - len(kept), self._start)
            self._start = self._start - removed if not kept else 0
            token = token[removed:]
        text = self._held + token
        end = len(text) - min(len(text) - len(text.rstrip(self._content)), self._stop)
        self._held = text[end:]
        return [text[:end]]

    def finish(self) -> StepOutput:
        """What was held is the end, and falls."""
        return ()
