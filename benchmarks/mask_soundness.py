"""Whether masks allow exactly what consuming accepts, over schemas and tokenizers.

    python -m benchmarks.mask_soundness SCHEMAS TOKENIZER... [--states N] [--seconds S]

Each schema becomes a constraint of llguidance and one of our own parser; texts that satisfy it are
begun at random, and in each state the masks of all tokenizers are held, id by id:

- our own masks, from a walk through the trie of pieces, to what our parser accepts when it is
  given the bytes of each id, one after the other (`Shared.consumed`; of all ids in every
  `ALONE`-th state, as that takes seconds, else of some);
- llguidance's masks to what our parser accepts, every id in every state. Where they differ
  llguidance's own parser of bytes is given the id, and has to accept what its mask allows.

The pieces of all tokenizers are walked once for a state. SchemaStore's repository is such a folder;
nothing of it is kept here.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer
from numpy.typing import NDArray

import tokenry
from benchmarks.parsers_agree import published
from tokenry.decoding.constrained.constraint import Constraint, State, advanced
from tokenry.decoding.constrained.engines import own_schema
from tokenry.decoding.constrained.guided import (
    END,
    Guided,
    GuidedMasks,
    GuidedVocabulary,
    ParsedState,
    guided_schema,
)
from tokenry.decoding.constrained.masks import TrieMasks
from tokenry.decoding.piece_levels import PieceLevels
from tokenry.decoding.piece_order import PieceOrder
from tokenry.decoding.spelling import writing
from tokenry.errors import ConstraintError, TokenryError

Mask = NDArray[np.bool_]
ALONE: Final = 50
SOME: Final = 300


class Shared:
    """The pieces of several vocabularies, each once."""

    def __init__(self, vocabularies: dict[str, tuple[bytes | None, ...]]) -> None:
        self.names = list(vocabularies)
        numbers: dict[bytes, int] = {}
        self._numbers = [
            np.array([numbers.setdefault(p, len(numbers)) if p else -1 for p in pieces])
            for pieces in vocabularies.values()
        ]
        self.pieces = tuple(numbers)
        self.levels = PieceLevels(PieceOrder(self.pieces), len(self.pieces))
        self.guided = [GuidedVocabulary(pieces) for pieces in vocabularies.values()]

    def of(self, mask: Mask, vocabulary: int) -> Mask:
        """A mask over all pieces as one over a vocabulary's ids."""
        return np.append(mask, False)[self._numbers[vocabulary]]

    def consumed(self, constraint: Constraint, state: State, numbers: list[int]) -> list[bool]:
        """Whether each piece is accepted byte by byte."""
        return [advanced(constraint, state, self.pieces[at]) is not None for at in numbers]


@dataclass
class Held:
    """What was held to each other.

    Attributes:
        schemas: that were read by both parsers.
        states: beginnings of texts.
        pairs: of a state and an id of a tokenizer.
        alone: pieces that were consumed one by one.
        otherwise: pieces on which the parsers differ, each sound for itself.
        unwritten: states whose text a vocabulary cannot write, so that llguidance has no mask.
        refused: schemas that one parser does not read.
        wrong: differences of a mask from what its own parser accepts.
    """

    schemas: int = 0
    states: int = 0
    pairs: int = 0
    alone: int = 0
    otherwise: Counter[bytes] = field(default_factory=Counter)
    unwritten: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


def states(own: Constraint, other: Guided, count: int, source: random.Random) -> Iterator[Any]:
    """States of texts that are begun at random, of both parsers: every few bytes of each."""
    pair: tuple[State | None, ParsedState | None] = own.start(), other.start()
    given = 0
    while given < count:
        if pair[0] is None or pair[1] is None:
            if given == 0:
                return
            pair = own.start(), other.start()  # this text can only end
        yield pair
        given += 1
        for _ in range(source.randint(1, 6)):
            assert pair[1] is not None
            allowed = np.flatnonzero(pair[1].allowed[:END]).tolist()
            # Signs of JSON as often as all letters together, so that strings end.
            signs = [byte for byte in allowed if chr(byte) in '{}[]",:']
            allowed = [byte for byte in allowed if byte != ord("\\")] or allowed
            if not allowed:
                pair = None, None
                break
            byte = source.choice(signs if signs and source.random() < 0.5 else allowed)
            pair = advanced(own, pair[0], bytes([byte])), other.advance(pair[1], byte)
            if pair[0] is None or pair[1] is None:
                break


def check(
    name: str,
    schema: dict[str, Any],
    shared: Shared,
    count: int,
    held: Held,
    seed: str = "1",
    alone: int = ALONE,
) -> None:
    """Hold the masks of one schema in so many states; in each ``alone``-th to every piece."""
    try:
        own, other = own_schema(schema), guided_schema(schema)
        guided = [GuidedMasks(other, vocabulary) for vocabulary in shared.guided]
        walked, source = TrieMasks(own, shared.pieces, shared.levels), random.Random(seed + name)
        for mine, its in states(own, other, count, source):
            every = held.states % alone == 0
            _own_state(name, (own, mine, walked), shared, held, None if every else source)
            _guided_state(name, walked.mask(mine), (other, its, guided), shared, held)
            held.states += 1
        held.schemas += 1
    except ConstraintError:
        held.refused += 1


def _own_state(
    name: str, own: Any, shared: Shared, held: Held, source: random.Random | None
) -> None:
    """Our own mask beside what our parser accepts piece by piece; of some by ``source``."""
    constraint, state, walked = own
    mask, numbers = walked.mask(state), list(range(len(shared.pieces)))
    if source is not None:
        drawn = source.sample(numbers, min(SOME, len(numbers)))
        numbers = [*drawn, *np.flatnonzero(mask)[:SOME].tolist()]
    accepted = np.array(shared.consumed(constraint, state, numbers))
    held.alone += len(numbers)
    for at in np.flatnonzero(accepted != mask[numbers]).tolist():
        held.wrong.append(f"{name}: our own mask, {shared.pieces[numbers[at]]!r}")


def _guided_state(name: str, mask: Mask, other: Any, shared: Shared, held: Held) -> None:
    """llguidance's masks beside what our parser accepts, or else its own."""
    constraint, state, every = other
    for number, masks in enumerate(every):
        try:
            found, pieces = masks.mask(state), masks.vocabulary.pieces
        except ConstraintError:
            held.unwritten += 1
            continue
        held.pairs += len(found)
        for id_ in np.flatnonzero(found != shared.of(mask, number)).tolist():
            held.otherwise[pieces[id_]] += 1
            if (advanced(constraint, state, pieces[id_]) is not None) != found[id_]:
                where = f"{name}, {shared.names[number]}, after {state.text!r}"
                held.wrong.append(f"{where}: {pieces[id_]!r}")


def opened(paths: list[str]) -> dict[str, tuple[bytes | None, ...]]:
    """Pieces of the tokenizers of files, FILE or FILE:PATTERN; others are said and left out."""
    found = {}
    for given in paths:
        path, _, pattern = given.partition(":")
        try:
            found[path] = writing(tokenry.load(path, pattern=pattern or None))
        except (TokenryError, ValueError) as error:
            print(f"left out: {Path(path).name}: {str(error)[:80]}")
    return found


def main(
    folder: Path,
    tokenizers: list[str],
    number: Annotated[int, typer.Option("--states", help="States of each schema.")] = 6,
    seconds: Annotated[float, typer.Option(help="Stop after so many.")] = 600.0,
    skip: Annotated[int, typer.Option(help="Schemas to leave out, done before.")] = 0,
) -> None:
    """Print how many schemas, states and pairs were held together."""
    shared, held = Shared(opened(tokenizers)), Held()
    print(f"{len(shared.names)} tokenizers, {len(shared.pieces):,} different pieces", flush=True)
    end = time.monotonic() + seconds
    for at, (name, schema) in enumerate(published(folder)):
        if at < skip:
            continue
        if time.monotonic() > end:
            print(f"stopped by the clock before schema {at}")
            break
        check(name, schema, shared, number, held)
    print(
        f"{held.schemas} schemas ({held.refused} that a parser does not read), {held.states:,} "
        f"states, {held.pairs:,} pairs of a state and an id; {held.alone:,} pieces one by one; "
        f"{held.otherwise.total():,} on which the parsers differ; {held.unwritten} masks of texts "
        f"that a vocabulary cannot write; unsound: {len(held.wrong)}"
    )
    print(f"pieces on which the parsers differ: {held.otherwise.most_common(12)}")
    for line in held.wrong[:40]:
        print(line)


if __name__ == "__main__":
    typer.run(main)
