"""A tokenizers.Tokenizer whose encode methods are ours while its object stays what it is.

Its instances have a ``__dict__``, so methods put there are found first; copies and pickles of the
object do not have them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.compat.huggingface.backend import Backend
from tokenry.compat.huggingface.encoding import Encoding
from tokenry.compat.huggingface.frame import Frame
from tokenry.compat.huggingface.layout import NotNativeError, Padding, Truncation
from tokenry.compat.huggingface.places import ASK_BELOW
from tokenry.compat.huggingface.sequence import Batch, PlacelessBatch, TextBatch, WordBatch
from tokenry.compat.huggingface.sheet import Call, Sheet
from tokenry.errors import TokenryError, UnsupportedError

Places = NDArray[np.int64]
CANARY = "Ab \u00c9 12"
# Below so many characters tokenizers is as quick.
SMALL = ASK_BELOW
# The canary tells a changed model. A changed component is seen as it is printed, on every call.
MEDIUM = 1_000
# A charsmap is printed in 150 us; from so many characters on that is nothing.
LARGE = 10_000
SHADOWED = ("encode", "encode_batch", "encode_batch_fast")
GROWING = ("add_tokens", "add_special_tokens")


@dataclass(slots=True)
class State:
    """What was read of a tokenizer, and by what a change of it is noticed.

    Attributes:
        look: how many ids it has, and its components as it prints them.
        backend: what encodes in its place; None where it has to do so itself.
        reason: why there is no backend.
        frames: its templates, by whether specials are added and how many sequences there are.
        canaries: what it gives for the canary under settings that were seen.
        odd: ids whose token may be spelled otherwise in a text.
        unheard: calls of fewer characters do not ask the canary.
        literal: the token for the unknown, where a model may find it in text.
    """

    look: tuple[Any, ...]
    backend: Backend | None = None
    reason: str = ""
    frames: dict[tuple[bool, int], Frame | None] = field(default_factory=dict)
    canaries: dict[Any, list[int]] = field(default_factory=dict)
    odd: frozenset[int] = frozenset()
    literal: str = ""
    unheard: int = 0


class Shadow:
    """Stands in for the encode methods of one tokenizers.Tokenizer.

    Args:
        theirs: the object; its methods are shadowed until `remove`.
    """

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        self._kind = type(theirs)
        self._lock = threading.RLock()
        self._state: State | None = None
        # Short texts go to them before ours is called: see native/bindings/short_calls.cpp.
        self._own = self._kind.encode.__get__(theirs)
        self._own_batch = self._kind.encode_batch.__get__(theirs)
        self._own_fast = self._kind.encode_batch_fast.__get__(theirs)
        ways = ((self._own, False, False), (self._own, True, True), (self._own_fast, True, False))
        for name, way in zip(SHADOWED, ways, strict=True):
            own, listed, alone = way
            ours = getattr(self, name)
            setattr(theirs, name, _native.short_first(own, ours, SMALL, listed, alone))
        for name in GROWING:
            setattr(theirs, name, getattr(self, name))

    def remove(self) -> None:
        """Give the object its own methods back."""
        for name in (*SHADOWED, *GROWING):
            self.theirs.__dict__.pop(name, None)

    # The methods of tokenizers.Tokenizer

    def add_tokens(self, tokens: Any) -> int:
        """Add tokens; what was read of the tokenizer is read again."""
        self._state = None
        return self._kind.add_tokens(self.theirs, tokens)  # type: ignore[no-any-return]

    def add_special_tokens(self, tokens: Any) -> int:
        """Add specials; what was read of the tokenizer is read again."""
        self._state = None
        return self._kind.add_special_tokens(self.theirs, tokens)  # type: ignore[no-any-return]

    def encode(
        self,
        sequence: Any,
        pair: Any = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
    ) -> Any:
        """One encoding; see tokenizers.Tokenizer.encode."""
        given = sequence if pair is None else (sequence, pair)
        short = type(given) is str and len(given) < SMALL
        found = None if short else self._encode([given], is_pretokenized, add_special_tokens)
        if found is not None:
            return found[0]
        return self._own(sequence, pair, is_pretokenized, add_special_tokens)

    def encode_batch(
        self, input: Any, is_pretokenized: bool = False, add_special_tokens: bool = True
    ) -> list[Any]:
        """An encoding for each input; see tokenizers.Tokenizer.encode_batch."""
        # A call of transformers for one text comes here; a batch of one takes 0.4 us longer.
        alone = input[0] if type(input) is list and len(input) == 1 else None
        if type(alone) is str and len(alone) < SMALL and not is_pretokenized:
            return [self._own(alone, None, False, add_special_tokens)]
        found = self._encode(input, is_pretokenized, add_special_tokens)
        if found is not None:
            return found
        return self._own_batch(  # type: ignore[no-any-return]
            input, is_pretokenized, add_special_tokens
        )

    def encode_batch_fast(
        self, input: Any, is_pretokenized: bool = False, add_special_tokens: bool = True
    ) -> list[Any]:
        """`encode_batch` without offsets, words and tokens; see tokenizers.Tokenizer."""
        alone = input[0] if type(input) is list and len(input) == 1 else None
        short = type(alone) is str and len(alone) < SMALL
        found = None if short else self._encode(input, is_pretokenized, add_special_tokens, True)
        if found is not None:
            return found
        return self._own_fast(  # type: ignore[no-any-return]
            input, is_pretokenized, add_special_tokens
        )

    # How

    def _encode(
        self, given: Any, is_pretokenized: bool, specials: bool, fast: bool = False
    ) -> list[Any] | None:
        """Encodings of a batch; None where tokenizers has to make them."""
        split = self.theirs.encode_special_tokens
        try:
            rows, size = _rows(given, is_pretokenized)
            state = self._current(size, specials)
            backend, frame = state.backend, state.frames.get((specials, len(rows[0])))
            if backend is None or frame is None:
                return None
            if (split or state.literal) and self._is_odd(state, rows, is_pretokenized, split):
                return None
            make = self._word_batch if is_pretokenized else self._text_batch
            return self._lay(state, frame, make(backend, rows, split), len(rows[0]), fast)
        except (NotNativeError, UnicodeEncodeError):
            return None

    def _is_odd(self, state: State, rows: Sequence[Any], words: bool, split: bool) -> bool:
        """Whether the model may find in text what we never do: a special, or the unknown token."""
        if split and type(self.theirs.model).__name__ == "Unigram":
            return True
        texts = chain.from_iterable(rows)
        for text in chain.from_iterable(texts) if words else texts:
            if state.literal and state.literal in text:
                return True
            if split and state.backend and state.backend.special_matcher.find(text.encode()):
                return True
        return False

    def _text_batch(self, backend: Backend, rows: Sequence[tuple[str, ...]], split: bool) -> Batch:
        texts = _utf8([*chain.from_iterable(rows)])
        ids = backend.route(split).encode_batch(texts, _threads())
        return TextBatch(texts, ids, backend, split, self._asking(split))

    def _word_batch(
        self, backend: Backend, rows: Sequence[tuple[Sequence[str], ...]], split: bool
    ) -> Batch:
        every = [*chain.from_iterable(rows)]
        texts = _utf8([*chain.from_iterable(every)])
        ids = backend.route(split).encode_batch(texts, _threads())
        return WordBatch(every, ids, backend, self._asking(split))

    def _lay(
        self, state: State, frame: Frame, batch: Batch, sequences: int, fast: bool = False
    ) -> list[Encoding]:
        truncation = Truncation.of(self.theirs.truncation)
        padding = Padding.of(self.theirs.padding)
        call = Call(frame, truncation, padding, self.theirs.id_to_token, state.odd)
        if fast:
            batch = PlacelessBatch(batch)
            call = Call(frame, truncation, padding, _unspelled, frozenset())
        begins = batch.bounds[:-1].reshape(-1, sequences)
        ends = batch.bounds[1:].reshape(-1, sequences)
        rooms: dict[int, list[int]] = {}
        if truncation is not None:
            begins, ends, rooms = _cut(truncation, frame, begins, ends)
        sheet = Sheet(call, batch, 0, begins, ends)
        if padding is not None:
            sheet.width = padding.width(sheet.sizes)
        return [Encoding(sheet, at, rooms.get(at)) for at in range(len(sheet))]

    # What tokenizers says

    def _current(self, size: int, specials: bool) -> State:
        """What is known of the tokenizer as it is now; ``size`` is in characters.

        Raises:
            NotNativeError: it gives for the canary what we would not.
        """
        look = self._look(size)
        state = self._state
        if state is None or state.look[: len(look)] != look:
            state = self._read()
        if state.backend is None or (state.canaries and size < state.unheard):
            return state
        theirs = self.theirs
        key = (specials, theirs.encode_special_tokens, str(theirs.truncation), str(theirs.padding))
        expected = state.canaries.get(key)
        given = self._own(CANARY, add_special_tokens=specials).ids
        if given == expected:
            return state
        if expected is not None:
            state = self._read()
        ours = self._canary(state, specials)
        if ours != given:
            raise NotNativeError
        state.canaries[key] = given
        return state

    def _canary(self, state: State, specials: bool) -> list[int] | None:
        frame = state.frames.get((specials, 1))
        if state.backend is None or frame is None:
            return None
        split = self.theirs.encode_special_tokens
        batch = self._text_batch(state.backend, [(CANARY,)], split)
        return self._lay(state, frame, batch, 1)[0].ids

    def _look(self, size: int) -> tuple[Any, ...]:
        """What tells a change; the last part takes long where a normalizer has a table."""
        theirs = self.theirs
        quick = (
            theirs.get_vocab_size(True),
            getattr(theirs.model, "dropout", None),
            repr(theirs.pre_tokenizer),
            repr(theirs.post_processor),
        )
        if size < LARGE and self._state is not None and len(self._state.look[-1]) > LARGE:
            return quick
        return *quick, repr(theirs.normalizer)

    def _read(self) -> State:
        """Read the tokenizer again."""
        with self._lock:
            state = State(self._look(LARGE))
            with self._plainly(split=False), _declining() as refusal:
                if getattr(self.theirs.model, "dropout", None):
                    raise UnsupportedError("dropout gives other ids at every call")
                state.frames = self._frames()
                document = self.theirs.to_str().encode()
                state.backend = Backend(document, self._plain_encoding)
            state.reason = refusal.get("reason", "")
            state.odd = _odd(state.backend)
            state.literal = self._literal(state.backend)
            state.unheard = 0 if len(state.look[-1]) > LARGE else MEDIUM
            self._state = state
            return state

    def _frames(self) -> dict[tuple[bool, int], Frame | None]:
        """What it puts around the canary, by whether it does, and around two of them."""
        ranged = self.theirs.post_processor is not None
        return {
            (specials, len(given)): Frame.of(self._own(*given, add_special_tokens=specials), ranged)
            for specials in (False, True)
            for given in ((CANARY,), (CANARY, CANARY))
        }

    def _literal(self, backend: Backend | None) -> str:
        if backend is None or type(self.theirs.model).__name__ != "Unigram":
            return ""
        unknown = backend.pipeline.segmenter.unknown
        if unknown is None or any(each.id == unknown for each in backend.pipeline.added_tokens):
            return ""
        return self.theirs.id_to_token(unknown) or ""

    def _plain_encoding(self, given: Any) -> Any:
        words = not isinstance(given, str)
        return self._own(given, is_pretokenized=words, add_special_tokens=False)

    def _asking(self, split: bool) -> Callable[[Any], Any]:
        def ask(given: Any) -> Any:
            with self._lock, self._plainly(split):
                return self._plain_encoding(given)

        return ask

    @contextmanager
    def _plainly(self, split: bool) -> Iterator[None]:
        """The tokenizer without truncation and padding, for a moment."""
        theirs = self.theirs
        truncation, padding, before = (
            theirs.truncation, theirs.padding, theirs.encode_special_tokens,
        )  # fmt: skip
        theirs.no_truncation()
        theirs.no_padding()
        theirs.encode_special_tokens = split
        try:
            yield
        finally:
            theirs.encode_special_tokens = before
            if truncation is not None:
                theirs.enable_truncation(**truncation)
            if padding is not None:
                theirs.enable_padding(**padding)


@contextmanager
def _declining() -> Iterator[dict[str, str]]:
    """Notes why a tokenizer is not read: we refuse its kind, or it refuses a text of ours."""
    noted: dict[str, str] = {}
    try:
        yield noted
    except Exception as error:
        # tokenizers raises Exception itself where a model has no id for a character
        if type(error) is not Exception and not isinstance(error, TokenryError):
            raise
        noted["reason"] = str(error)


def _unspelled(id_: int) -> str:
    return ""


def _rows(given: Any, words: bool) -> tuple[list[tuple[Any, ...]], int]:
    """Inputs as tuples of one or two sequences, and how many characters there are.

    Raises:
        NotNativeError: they are of other types, of both kinds, or too small.
    """
    kinds = set(map(type, given)) if isinstance(given, list | tuple) else set()
    if not words and kinds == {str}:
        size = sum(map(len, given))
        rows = [(text,) for text in given]
    elif not words and kinds and kinds <= {list, tuple}:
        rows = [tuple(pair) for pair in given]
        if set(map(len, rows)) != {2} or set(map(type, chain.from_iterable(rows))) != {str}:
            raise NotNativeError
        size = sum(len(text) for row in rows for text in row)
    elif words and kinds and kinds <= {list, tuple}:
        rows, size = _word_rows(given)
    else:
        raise NotNativeError
    if size < SMALL:
        raise NotNativeError
    return rows, size


def _word_rows(given: Sequence[Any]) -> tuple[list[tuple[Any, ...]], int]:
    kinds = set(map(type, chain.from_iterable(given)))
    rows = [(words,) for words in given] if kinds == {str} else [tuple(pair) for pair in given]
    if kinds != {str} and (not kinds <= {list, tuple} or set(map(len, rows)) != {2}):
        raise NotNativeError
    texts = [text for row in rows for words in row for text in words]
    if set(map(type, texts)) != {str}:
        raise NotNativeError
    return rows, sum(map(len, texts))


def _utf8(texts: list[str]) -> list[str]:
    """The texts; a lone surrogate raises UnicodeEncodeError, where our routes would mend it."""
    for text in texts:
        if not text.isascii():
            text.encode()
    return texts


def _cut(
    truncation: Truncation, frame: Frame, begins: Places, ends: Places
) -> tuple[Places, Places, dict[int, list[int]]]:
    """Windows as truncation leaves them, and the rooms of the rows that it cuts."""
    begins, ends, rooms = begins.copy(), ends.copy(), {}
    lengths = ends - begins
    long = np.flatnonzero(lengths.sum(1) + frame.added > truncation.max_length).tolist()
    pairs = len(frame.type_ids) == 2
    if long and pairs and (frame.type_ids == (0, 0) or not frame.ranged):
        # tokenizers gives type 1 to some of what overflows, and 0 to the rest; or sequence 0 to all
        raise NotNativeError
    for row in long:
        given = lengths[row].tolist()
        rooms[row] = truncation.rooms(given, frame.added)
        kept = np.array([*map(truncation.kept, given, rooms[row])])
        begins[row], ends[row] = begins[row] + kept[:, 0], begins[row] + kept[:, 1]
    return begins, ends, rooms


def _odd(backend: Backend | None) -> frozenset[int]:
    if backend is None:
        return frozenset()
    added = {
        token.id
        for token in backend.pipeline.added_tokens
        if token.lstrip or token.rstrip or token.normalized
    }
    unknown = backend.pipeline.segmenter.unknown
    return frozenset(added if unknown is None else added | {unknown})


def _threads() -> int:
    """As many as tokenizers would take."""
    if os.environ.get("TOKENIZERS_PARALLELISM", "").lower() in (
        "0",
        "false",
        "off",
        "f",
        "n",
        "no",
    ):
        return 1
    return _native.default_threads()
