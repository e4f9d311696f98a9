"""Whether masks allow exactly what consuming accepts, over a folder of JSON schemas.

    python -m benchmarks.mask_soundness SCHEMAS TOKENIZER... [--states N] [--seconds S]

Every schema that llguidance reads becomes a constraint; texts that satisfy it are begun at random,
and in each state the mask of every id of a vocabulary (llguidance's walk) is held to what the
parser of bytes says when it is given the bytes of each id, one after the other. Schemas take the
tokenizers in turn. SchemaStore's repository is such a folder; nothing of it is kept here.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

import tokenry
from tokenry.decoding.constrained.guided import (
    END,
    Guided,
    GuidedMasks,
    ParsedState,
    bits,
    json_schema,
)
from tokenry.decoding.piece_order import PieceOrder, TrieNode
from tokenry.decoding.spelling import writing
from tokenry.errors import ConstraintError
from tokenry.tokenizer import Tokenizer


def accepted(state: ParsedState, order: PieceOrder, count: int) -> NDArray[np.bool_]:
    """Ids whose bytes the parser of bytes takes one by one, shape (count,)."""
    found = np.zeros(count, np.bool_)
    matcher = state.matcher.deep_copy()

    def walk(node: TrieNode) -> None:
        branches = order.branches(node)
        allowed = bits(matcher.compute_bitmask(), END + 1)
        if matcher.is_error():  # a limit of the parser, such as items of a row
            raise ConstraintError(matcher.get_error())
        places = np.flatnonzero(allowed[branches.bytes])
        for at in places.tolist():
            child = TrieNode(int(branches.starts[at]), int(branches.ends[at]), node.depth + 1)
            assert matcher.consume_token(int(branches.bytes[at])), matcher.get_error()
            found[order.ids[child.low : order.branches(child).first]] = True
            if order.branches(child).first < child.high:
                walk(child)
            assert matcher.rollback(1), matcher.get_error()

    walk(order.root)
    return found


def states(constraint: Guided, count: int, source: random.Random) -> Iterator[ParsedState]:
    """States of texts that are begun at random: every few bytes of each."""
    state = constraint.start()
    for _ in range(count):
        if state is None:
            return
        yield state
        for _ in range(source.randint(1, 6)):
            allowed = np.flatnonzero(state.allowed[:END])
            if not len(allowed):
                return
            # Signs of JSON as often as all letters together, so that strings end.
            signs = [byte for byte in allowed.tolist() if chr(byte) in '{}[]",:']
            byte = source.choice(signs if signs and source.random() < 0.5 else allowed.tolist())
            after = constraint.advance(state, byte)
            assert after is not None, "a byte that the mask allows is not accepted"
            state = after


class Vocabulary:
    """Pieces of a tokenizer, once in order."""

    def __init__(self, name: str, pieces: tuple[bytes | None, ...]) -> None:
        self.name, self.pieces, self.order = name, pieces, PieceOrder(pieces)

    @classmethod
    def of(cls, tokenizer: Tokenizer, name: str = "") -> Vocabulary:
        """The ids of a tokenizer that write."""
        return cls(name, writing(tokenizer))


def check(schema: dict[str, Any], vocabulary: Vocabulary, count: int, seed: str) -> tuple[int, int]:
    """States and (state, id) pairs of one schema; an AssertionError names a difference."""
    constraint = json_schema(schema)
    masks = GuidedMasks(constraint, vocabulary.pieces)
    number = 0
    for state in states(constraint, count, random.Random(seed)):
        found = masks.mask(state)
        wanted = accepted(state, vocabulary.order, len(vocabulary.pieces))
        wrong = np.flatnonzero(found != wanted)
        assert not len(wrong), (state.text, [(vocabulary.pieces[i], found[i]) for i in wrong[:5]])
        number += 1
    return number, number * len(vocabulary.pieces)


def main(
    folder: Path,
    tokenizers: list[str],
    number: Annotated[int, typer.Option("--states", help="States of each schema.")] = 8,
    seconds: Annotated[float, typer.Option(help="Stop after so many.")] = 300.0,
    skip: Annotated[int, typer.Option(help="Files to leave out, done before.")] = 0,
) -> None:
    """Print how many schemas, states and pairs were held together."""
    vocabularies = [Vocabulary.of(tokenry.load(path), Path(path).name) for path in tokenizers]
    used = pairs = every = refused = 0
    wrong: list[str] = []
    end = time.monotonic() + seconds
    for path in sorted(folder.rglob("*.json"))[skip:]:
        try:
            schema = json.loads(path.read_bytes())
        except ValueError:
            continue
        if not isinstance(schema, dict) or not {"properties", "$ref", "type"} & schema.keys():
            continue
        if time.monotonic() > end:
            print("stopped by the clock")
            break
        try:
            done, held = check(schema, vocabularies[used % len(vocabularies)], number, path.name)
            used, every, pairs = used + 1, every + done, pairs + held
        except ConstraintError:
            refused += 1
        except AssertionError as error:
            used += 1
            wrong.append(f"{path.name}: {str(error)[:300]}")
    names = ", ".join(each.name for each in vocabularies)
    print(
        f"{used} schemas ({refused} that llguidance does not read), {every} states, {pairs:,} pairs"
    )
    print(f"tokenizers: {names}; schemas with a difference: {len(wrong)}")
    for line in wrong:
        print(line)


if __name__ == "__main__":
    typer.run(main)
