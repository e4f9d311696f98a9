"""JSON schemas, grammars and masks by llguidance where it is installed, by our own parser else.

Both read the same schemas and allow the same texts, but for what docs/constraints.md names;
llguidance is compiled, and reads some keywords and notations more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from tokenry.arguments import checked
from tokenry.decoding.constrained.constraint import Constraint
from tokenry.decoding.constrained.grammars.lark import read_lark
from tokenry.decoding.constrained.grammars.parsed import GrammarConstraint
from tokenry.decoding.constrained.guided import (
    Guided,
    GuidedMasks,
    guided_grammar,
    guided_schema,
)
from tokenry.decoding.constrained.masks import Masks, TrieMasks
from tokenry.decoding.constrained.schemas.writing import document_of, schema_grammar


@checked
def json_schema(schema: Mapping[str, Any] | bool | str, **options: Any) -> Constraint:
    """A JSON schema as a constraint.

    Args:
        schema: as an object, or as text.
        options: see `tokenry.decoding.constrained.schemas.options.SchemaOptions`; llguidance has
            more.

    Raises:
        ConstraintError: it is malformed, or asks for what is not read; the message says what.
    """
    content = document_of(schema)
    return guided_schema(content, **options) if _guided() else own_schema(content, **options)


@checked
def lark_grammar(grammar: str) -> Constraint:
    """A context-free grammar in Lark's notation as a constraint.

    Raises:
        ConstraintError: it is malformed, or has what is not read; the message says what.
    """
    return guided_grammar(grammar) if _guided() else own_grammar(grammar)


def own_schema(schema: Mapping[str, Any] | bool | str, **options: Any) -> GrammarConstraint:
    """The same as `json_schema`, whatever is installed."""
    return GrammarConstraint(schema_grammar(schema, **options))


def own_grammar(grammar: str) -> GrammarConstraint:
    """The same as `lark_grammar`, whatever is installed."""
    return GrammarConstraint(read_lark(grammar, schema_grammar))


def masks_of(constraint: Constraint, pieces: Sequence[bytes | None]) -> Masks:
    """Masks of a constraint over a vocabulary.

    Args:
        constraint: what is asked.
        pieces: bytes by id; None for ids that write nothing.
    """
    if isinstance(constraint, Guided):
        return GuidedMasks(constraint, pieces)
    return TrieMasks(constraint, pieces)


def _guided() -> bool:
    return find_spec("llguidance") is not None
