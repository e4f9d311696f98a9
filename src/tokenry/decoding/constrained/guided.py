"""JSON schemas and grammars as constraints, by llguidance.

Its parser reads bytes: it is given a vocabulary of 256 single bytes, so that a grammar is a
predicate over bytes like every other constraint. For the ids of a vocabulary `GuidedMasks` asks it
directly, which is faster than walking the trie of pieces through Python.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from tokenry.decoding.constrained.constraint import State, advanced
from tokenry.decoding.constrained.masks import Mask
from tokenry.errors import ConstraintError
from tokenry.extras import require

END: Final = 256
FREE: Final = '%llguidance {"no_forcing": true}'
"""Without it, a mask has one id where the next bytes are the only ones possible, though others
would write them too; what a mask allows would not be what is accepted."""


@dataclass(frozen=True, eq=False)
class ParsedState:
    """A beginning of a text and the parser after it; equal where the texts are.

    Attributes:
        text: the bytes so far.
        matcher: llguidance's, which nobody may move.
        allowed: the bytes that may follow, and the end, shape (257,).
    """

    text: bytes
    matcher: Any = field(repr=False)
    allowed: Mask = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ParsedState) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


class Guided:
    """A `tokenry.decoding.constrained.constraint.Constraint` by a grammar of llguidance.

    Args:
        grammar: Lark's notation as llguidance reads it; see `guided_grammar`.

    Raises:
        MissingExtraError: llguidance is not installed.
        ConstraintError: the grammar cannot be read; the message is llguidance's.
    """

    def __init__(self, grammar: str) -> None:
        self.grammar = grammar
        self._tokenizer = guidance_tokenizer(
            [bytes([byte]) for byte in range(256)] + [b"<end>"], END
        )
        self._first = new_matcher(self._tokenizer, grammar)

    def __repr__(self) -> str:
        return f"Guided({self.grammar[:60]!r})"

    def start(self) -> ParsedState | None:
        """See `Constraint`."""
        return self._state(b"", self._first)

    def advance(self, state: State, byte: int) -> ParsedState | None:
        """See `Constraint`."""
        assert isinstance(state, ParsedState)
        if not state.allowed[byte]:
            return None
        matcher = state.matcher.deep_copy()
        matcher.consume_token(byte)
        return self._state(state.text + bytes([byte]), matcher)

    def is_complete(self, state: State) -> bool:
        """See `Constraint`."""
        assert isinstance(state, ParsedState)
        return bool(state.matcher.is_accepting())

    def _state(self, text: bytes, matcher: Any) -> ParsedState | None:
        allowed = bits(matcher.compute_bitmask(), END + 1)
        if matcher.is_error():
            raise ConstraintError(f"llguidance stopped after {text!r}: {matcher.get_error()}")
        return ParsedState(text, matcher, allowed) if allowed.any() else None


def guided_schema(schema: Mapping[str, Any] | bool, **options: Any) -> Guided:
    """A JSON schema as a constraint.

    Args:
        schema: as an object.
        options: llguidance's, such as ``whitespace_flexible=False``.

    Raises:
        MissingExtraError: llguidance is not installed.
        ConstraintError: the schema asks for what llguidance does not do; the message says what.
    """
    content: dict[str, Any] = {"allOf": [schema]} if isinstance(schema, bool) else {**schema}
    if options:
        content = {**content, "x-guidance": {**content.get("x-guidance", {}), **options}}
    return guided_grammar(f"start: %json {json.dumps(content)}")


def guided_grammar(grammar: str) -> Guided:
    """A context-free grammar in Lark's notation, as llguidance reads it, as a constraint.

    Raises:
        MissingExtraError: llguidance is not installed.
        ConstraintError: it cannot be read; the message is llguidance's.
    """
    return Guided(grammar if "%llguidance" in grammar else f"{FREE}\n{grammar}")


class GuidedVocabulary:
    """The pieces of a vocabulary as llguidance takes them; one serves every grammar.

    Args:
        pieces: bytes by id; None for ids that write nothing, which are never allowed.
    """

    def __init__(self, pieces: Sequence[bytes | None]) -> None:
        self.pieces = pieces
        self.silent = np.array([not piece for piece in pieces])
        self.numbers = {piece: id_ for id_, piece in enumerate(pieces) if piece}
        # The end is an id of its own behind all others.
        tokens = [piece or b"<silent>" for piece in pieces] + [b"<end>"]
        self.tokenizer = guidance_tokenizer(
            tokens, len(pieces), np.flatnonzero(self.silent).tolist()
        )


class GuidedMasks:
    """Masks of a `Guided` constraint, by llguidance's own walk over the vocabulary.

    Args:
        constraint: whose grammar is followed.
        pieces: bytes by id; None for ids that write nothing, which are never allowed.
    """

    def __init__(
        self, constraint: Guided, pieces: Sequence[bytes | None] | GuidedVocabulary
    ) -> None:
        given = pieces if isinstance(pieces, GuidedVocabulary) else GuidedVocabulary(pieces)
        self._constraint, self.vocabulary, self._pieces = constraint, given, given.pieces
        self._first = new_matcher(given.tokenizer, constraint.grammar)
        self._matchers: dict[bytes, Any] = {b"": self._first}

    def mask(self, state: State) -> Mask:
        """See `tokenry.decoding.constrained.masks.Masks`."""
        assert isinstance(state, ParsedState)
        matcher = self._matcher(state)
        found: Mask = bits(matcher.compute_bitmask(), len(self._pieces)) & ~self.vocabulary.silent
        return found

    def consume(self, state: State, id_: int) -> State | None:
        """See `tokenry.decoding.constrained.masks.Masks`."""
        piece = self._pieces[id_]
        return advanced(self._constraint, state, piece) if piece else None

    def _matcher(self, state: ParsedState) -> Any:
        """The parser over this vocabulary after the state's text, from the nearest one known."""
        found = self._matchers.get(state.text)
        if found is not None:
            return found
        at = len(state.text)
        while state.text[:at] not in self._matchers:
            at -= 1
        found = self._matchers[state.text[:at]].deep_copy()
        ids = self._ids(state.text[at:])
        if not found.consume_tokens(ids):
            raise ConstraintError(f"llguidance stopped in {state.text!r}: {found.get_error()}")
        while len(self._matchers) > 256:
            self._matchers.pop(next(key for key in self._matchers if key))
        self._matchers[state.text] = found
        return found

    def _ids(self, text: bytes) -> list[int]:
        """Ids that write a text, found byte by byte, or by the longest pieces."""
        known = self.vocabulary.numbers
        if all(bytes([byte]) in known for byte in text):
            return [known[bytes([byte])] for byte in text]
        ways: list[list[int] | None] = [[]] + [None] * len(text)
        for end in range(1, len(text) + 1):
            for start in range(end):
                way = ways[start]
                if way is not None and text[start:end] in known:
                    ways[end] = [*way, known[text[start:end]]]
                    break
        way = ways[-1]
        if way is None:
            raise ConstraintError(f"no ids write {text!r}, so no mask can be asked for behind it")
        return way


def guidance_tokenizer(tokens: Sequence[bytes], end: int, silent: Sequence[int] = ()) -> Any:
    """A vocabulary as llguidance takes it."""
    module = require("llguidance", "constrained", "a grammar")
    given = _Vocabulary(tokens, end, [*silent, end])
    return module.LLTokenizer(module.TokenizerWrapper(given))


def new_matcher(tokenizer: Any, grammar: str) -> Any:
    """A parser at the beginning of a text.

    Raises:
        ConstraintError: the grammar cannot be read.
    """
    module = require("llguidance", "constrained", "a grammar")
    matcher = module.LLMatcher(tokenizer, grammar, log_level=0)
    if matcher.is_error():
        raise ConstraintError(f"llguidance cannot read this grammar: {matcher.get_error()}")
    return matcher


def bits(packed: bytes, count: int) -> Mask:
    """A mask of bits as booleans."""
    words = np.frombuffer(packed, np.uint8)
    found: Mask = np.unpackbits(words, bitorder="little", count=count).view(np.bool_)
    return found


class _Vocabulary:
    """What llguidance asks of a tokenizer."""

    def __init__(self, tokens: Sequence[bytes], end: int, silent: list[int]) -> None:
        self.tokens, self.eos_token_id, self.bos_token_id = list(tokens), end, None
        self.special_token_ids = silent
        self._by_byte = {token: id_ for id_, token in enumerate(tokens) if len(token) == 1}

    def __call__(self, text: bytes | str) -> list[int]:
        data = text.encode() if isinstance(text, str) else text
        return [self._by_byte.get(bytes([byte]), 0) for byte in data]
