"""The tokens of a file, one by one, through the steps of its decoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tokenry.text.decoders.step_streams import StepOutput, StepStream
from tokenry.text.decoders.steps import DecoderStep


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
    """A stream for each step; behind one that joins, of one token in parts."""
    streams: list[StepStream] = []
    joined = False
    for step in steps:
        streams.append(step.stream_of_one() if joined else step.stream())
        joined = joined or step.joins
    return streams
