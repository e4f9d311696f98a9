"""Whether our parser and llguidance's allow the same, over a folder of JSON schemas.

    python -m benchmarks.parsers_agree SCHEMAS [--states N] [--seconds S]

Texts are begun at random. In each state the bytes that each parser lets follow, and whether the
text may end, are held to each other; texts that end are given to the jsonschema package. Names that
llguidance lets be written by escapes of printable characters (``"\\u0061"`` for a name that the
schema has, whose value it then does not hold to the schema) are not begun. SchemaStore's repository
is such a folder.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tokenry.decoding.constrained.constraint import Constraint, State
from tokenry.decoding.constrained.engines import own_schema
from tokenry.decoding.constrained.guided import END, ParsedState, guided_schema
from tokenry.errors import ConstraintError

CLOSING = b'"}],:'


@dataclass
class Agreement:
    """What was held to each other.

    Attributes:
        schemas: that both read.
        states: beginnings of texts.
        whole: texts that ended, and satisfied the schema by jsonschema.
        refused: schemas that one of them does not read, by who.
        apart: what was found.
    """

    schemas: int = 0
    states: int = 0
    whole: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    apart: list[str] = field(default_factory=list)


PACKAGES = ("nbformat", "jsonschema_specifications", "cmake", "setuptools", "scikit_build_core")
"""Packages that bring schemas."""


def installed() -> list[tuple[str, dict[str, Any]]]:
    """Schemas of installed packages and our own, by the name of the file."""
    folders = [Path(__file__).parents[1] / "docs" / "formats"]
    for name in PACKAGES:
        spec = find_spec(name)
        folders += [Path(each) for each in spec.submodule_search_locations or ()] if spec else []
    paths = [path for folder in folders for path in sorted(folder.rglob("*.json"))]
    contents = [(path.name, json.loads(path.read_bytes())) for path in paths]
    return [(name, each) for name, each in contents if isinstance(each, dict) and "$schema" in each]


def published(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Schemas of a folder, by the name of the file."""
    for path in sorted(folder.rglob("*.json")):
        try:
            schema = json.loads(path.read_bytes())
        except ValueError:
            continue
        if isinstance(schema, dict) and {"properties", "$ref", "type"} & schema.keys():
            yield path.name, schema


def following(constraint: Constraint, state: State) -> list[int]:
    """Bytes that may follow, and the end."""
    if isinstance(state, ParsedState):
        found = np.flatnonzero(state.allowed[:END]).tolist()
    else:
        found = [byte for byte in range(END) if constraint.advance(state, byte) is not None]
    return [*found, END] if constraint.is_complete(state) else found


def drawn(own: Constraint, other: Constraint, source: random.Random, longest: int) -> Iterator[Any]:
    """Beginnings of one text with what each lets follow; at last the text, where it ended."""
    text, states = b"", (own.start(), other.start())
    while len(text) < longest:
        pairs = zip((own, other), states, strict=True)
        allowed = [[] if state is None else following(which, state) for which, state in pairs]
        yield text, allowed
        left = [byte for byte in allowed[0] if byte != ord("\\") and byte in allowed[1]]
        ends = [byte for byte in left if byte == END or byte in CLOSING]
        if not left:
            return
        byte = source.choice(ends if ends and source.random() < 0.5 else left)
        if byte == END:
            yield text, None
            return
        text += bytes([byte])
        states = (own.advance(states[0], byte), other.advance(states[1], byte))


def check(name: str, schema: dict[str, Any], count: int, found: Agreement, seed: str) -> None:
    """Hold both parsers of a schema to each other in so many states."""
    readers = {"own": own_schema, "llguidance": guided_schema}
    made: dict[str, Constraint] = {}
    for who, reader in readers.items():
        try:
            made[who] = reader(schema)
        except ConstraintError as error:
            found.refused[who] += 1
            if who == "own":
                found.refused[f"own: {str(error)[:50]}"] += 1
    if len(made) < 2:
        return
    source, left = random.Random(f"{seed} {name}"), count
    found.schemas += 1
    try:
        while left > 0:
            for text, allowed in drawn(made["own"], made["llguidance"], source, 2 * count):
                if allowed is None:
                    _validate(name, schema, text, found)
                elif allowed[0] != allowed[1]:
                    differing = sorted({*allowed[0]} ^ {*allowed[1]})
                    found.apart.append(f"{name}: after {text!r}: {differing}")
                    return
                left -= 1
                found.states += 1
    except ConstraintError:
        found.refused["a limit of llguidance"] += 1


def _validate(name: str, schema: dict[str, Any], text: bytes, found: Agreement) -> None:
    import jsonschema

    kind = jsonschema.validators.validator_for(schema, jsonschema.Draft202012Validator)
    problems = list(kind(schema).iter_errors(json.loads(text)))
    if problems:
        found.apart.append(f"{name}: {text!r} is not valid: {problems[0].message[:200]}")
    found.whole += 1


def main(
    folder: Path,
    states: Annotated[int, typer.Option(help="States of each schema.")] = 60,
    seconds: Annotated[float, typer.Option(help="Stop after so many.")] = 300.0,
    skip: Annotated[int, typer.Option(help="Schemas to leave out.")] = 0,
) -> None:
    """Print how many schemas, states and texts agreed."""
    found, end = Agreement(), time.monotonic() + seconds
    for number, (name, schema) in enumerate(published(folder)):
        if number < skip:
            continue
        if time.monotonic() > end:
            print(f"stopped by the clock before schema {number}")
            break
        check(name, schema, states, found, "1")
    print(
        f"{found.schemas} schemas that both read, {found.states} states, {found.whole} whole "
        f"texts; apart: {len(found.apart)}"
    )
    for line in (*found.apart, *(f"{count} {why}" for why, count in found.refused.most_common(30))):
        print(line)


if __name__ == "__main__":
    typer.run(main)
