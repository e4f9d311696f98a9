"""Text to ids for one pipeline, by the quickest way that gives the ids of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from typing import Final, Literal, TypeVar

from tokenry import _native
from tokenry.arguments import FAILURES, explain
from tokenry.errors import VocabularyError
from tokenry.spans import Spans
from tokenry.text.added_tokens import AddedMatcher, HeadMatcher
from tokenry.text.engines import Engines, thread_count
from tokenry.text.parts import HeadToken
from tokenry.text.pipeline import Pipeline
from tokenry.text.preprocessing import Preprocessor, segment_by_hand
from tokenry.text.ragged import Ids, Ragged
from tokenry.text.routes import (
    CoreRoute,
    Route,
    StepRoute,
    TokenRoute,
    UnchangedRoute,
    WordRoute,
)
from tokenry.text.unicode.utf8 import join_surrogates, to_utf8

Allowed = AbstractSet[str] | Literal["all"]
T = TypeVar("T")
M = TypeVar("M", bound=Callable[..., object])
NONE_ALLOWED: frozenset[str] = frozenset()
ALONE: Final = 1  # thread, told by its identity: True and 1.0 are equal to it
MOST_ROUTES = 64  # kept; more sets of allowed specials are prepared anew at each call


class Encoder:
    """Text to ids for one pipeline; without its template.

    ``allowed_special`` names the specials that are recognised in text; "all" allows every one. For
    each set of them there is one `Route`, chosen when it is first asked for.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.specials = pipeline.specials()
        self._routes: dict[frozenset[str], Route] = {}

    @cached_property
    def engines(self) -> Engines:
        """The core's part of it, built when first needed, so that loading is quick."""
        return Engines.of(self.pipeline)

    @cached_property
    def _usual(self) -> Route:
        return self._make_route(NONE_ALLOWED)

    @cached_property
    def usual(self) -> Callable[[str | bytes], list[int]]:
        """`encode_list` where no special is recognised, which mends and explains nothing."""
        return _straight(self._usual).encode_list

    @cached_property
    def with_all(self) -> Callable[[str | bytes], list[int]]:
        """The same where all specials are."""
        return _straight(self.route("all")).encode_list

    @cached_property
    def usual_array(self) -> Callable[[str | bytes], Ids]:
        """`encode` where no special is recognised, which mends and explains nothing."""
        return _straight(self._usual).encode

    @cached_property
    def with_all_array(self) -> Callable[[str | bytes], Ids]:
        """The same where all specials are."""
        return _straight(self.route("all")).encode

    @cached_property
    def _every(self) -> frozenset[str]:
        return frozenset(self.specials)

    def encode(
        self,
        text: str | bytes,
        allowed_special: Allowed = NONE_ALLOWED,
        threads: int | None = ALONE,
    ) -> Ids:
        """Ids of ``text``, shape (k,), on ``threads`` threads where it is large."""
        try:
            route = self.route(allowed_special)
            if threads is ALONE:
                return _mending(route.encode, text)
            many = thread_count(threads)
            return _mending(lambda given: route.encode(given, many), text)
        except FAILURES as error:
            explain(Encoder.encode, locals(), error)
            raise

    def encode_list(
        self,
        text: str | bytes,
        allowed_special: Allowed = NONE_ALLOWED,
        threads: int | None = ALONE,
    ) -> list[int]:
        """Ids of ``text`` as a list."""
        try:
            route = self.route(allowed_special)
            if threads is not ALONE:
                many = thread_count(threads)
                return _mending(lambda given: route.encode_list(given, many), text)
            return _mending(route.encode_list, text)
        except FAILURES as error:
            explain(Encoder.encode_list, locals(), error)
            raise

    def count(self, text: str | bytes, allowed_special: Allowed = NONE_ALLOWED) -> int:
        """How many ids `encode` gives."""
        try:
            return _mending(self.route(allowed_special).count, text)
        except FAILURES as error:
            explain(Encoder.count, locals(), error)
            raise

    def encode_with_spans(
        self, text: str | bytes, allowed_special: Allowed = NONE_ALLOWED
    ) -> tuple[Ids, Spans]:
        """Ids, shape (k,), and their byte spans of the UTF-8 input, shape (k, 2)."""
        return _mending(self.route(allowed_special).encode_with_spans, text)

    def encode_batch(
        self,
        texts: Iterable[str | bytes],
        allowed_special: Allowed = NONE_ALLOWED,
        threads: int | None = None,
    ) -> Ragged:
        """Ids of many texts, on ``threads`` threads (None: TOKENRY_THREADS, else one a core)."""
        route = self.route(allowed_special)
        many = thread_count(threads)
        given = tuple(texts)  # what the core holds: it copies a list
        try:
            return route.encode_batch(given, many)
        except UnicodeEncodeError:
            return route.encode_batch([*map(_mended, given)], many)

    def encode_pretokens(self, pretokens: Sequence[bytes]) -> Ragged:
        """Ids of each pretoken as it stands: nothing is normalised, split or looked for."""
        return self.engines.encode_pretokens(pretokens)

    def encode_by_hand(
        self, text: str | bytes, allowed_special: Allowed = NONE_ALLOWED
    ) -> list[int]:
        """What `encode` gives, found by readable Python instead of the native core; slow."""
        parts, preprocessor = self.pipeline, self.preprocessor(allowed_special)
        return segment_by_hand(preprocessor, parts.pretokenizer, parts.segmenter, to_utf8(text))

    def route(self, allowed_special: Allowed = NONE_ALLOWED) -> Route:
        """The way of text for a choice of specials.

        Raises:
            VocabularyError: ``allowed_special`` names something that is no special.
        """
        if not allowed_special and allowed_special is not None:
            return self._usual
        if allowed_special == "all":
            allowed = self._every
        elif isinstance(allowed_special, frozenset) and allowed_special in self._routes:
            allowed = allowed_special  # seen before: a call takes 0.3 us, and its check 1
        else:
            allowed = self.allowed(allowed_special)
        route = self._routes.get(allowed)
        if route is None:
            route = self._make_route(allowed)
            if len(self._routes) < MOST_ROUTES:
                self._routes[allowed] = route
        return route

    def allowed(self, allowed_special: Allowed) -> frozenset[str]:
        """The specials that are named, all of them for "all".

        Raises:
            VocabularyError: something else is named.
        """
        if isinstance(allowed_special, str) and allowed_special != "all":
            raise VocabularyError(
                f"allowed_special {allowed_special!r}; expected a set of specials, "
                f"{{{allowed_special!r}}}, or 'all'"
            )
        named = frozenset(self.specials if allowed_special == "all" else allowed_special)
        unknown = named - self.specials.keys()
        if unknown:
            raise VocabularyError(
                f"allowed_special names {sorted(unknown)}, which are no specials of this "
                f"tokenizer; it has {sorted(self.specials)}"
            )
        return named

    def _make_route(self, allowed: frozenset[str]) -> Route:
        normalizer, usual = self.pipeline.normalizer, self._usual_route(allowed)
        tokens = [token for token in self.pipeline.added_tokens if token.normalized]
        if normalizer is None or not tokens or not normalizer.leaves_parts:
            return usual
        if self.engines.words is not None and not self.preprocessor(allowed).finds_tokens:
            return usual
        core = normalizer.native()
        if core is None or not all(core.leaves(token.content) for token in tokens):
            return usual
        return UnchangedRoute(core, self._unnormalized.route(allowed), usual)

    @cached_property
    def _unnormalized(self) -> Encoder:
        """For texts that the normalizer leaves as they are, and tokens that it would change."""
        parts = replace(self.pipeline, normalizer=None)
        encoder = Encoder(parts)
        if parts.pretokenizer.raw_words(None, parts.segmenter) is None:
            encoder.engines = self.engines
        return encoder

    def _usual_route(self, allowed: frozenset[str]) -> Route:
        preprocessor, engines = self.preprocessor(allowed), self.engines
        steps = StepRoute(preprocessor, engines)
        if not preprocessor.finds_tokens:
            return self._without_tokens(preprocessor, steps)
        finder = preprocessor.finder
        if finder is None:
            return steps
        without = preprocessor.without_tokens()
        in_core = self._cuts_in_core and without.runs_in_core
        if in_core and finder.is_plain and engines.words is None:
            return self._core_route(without.core, steps, finder.core)
        direct = self._without_tokens(without, StepRoute(without, engines))
        others = TokenRoute(finder.core, direct, steps)
        words = engines.words
        if words is None or not finder.is_plain or self.pipeline.pretokenizer.begins_input:
            return others
        return WordRoute(words, others, finder.core)

    def _without_tokens(self, preprocessor: Preprocessor, steps: Route) -> Route:
        """The way of text in which no token is looked for."""
        engines, direct = self.engines, steps
        if self._cuts_in_core and preprocessor.runs_in_core:
            direct = self._core_route(preprocessor.core, steps)
        return direct if engines.words is None else WordRoute(engines.words, direct)

    @property
    def _cuts_in_core(self) -> bool:
        """Whether the core cuts text as it is."""
        return self.engines.pretokenizer is None and not self.pipeline.pretokenizer.changes_text

    def _core_route(
        self,
        normalizer: _native.Normalizer | None,
        steps: Route,
        tokens: _native.TokenFinder | None = None,
    ) -> CoreRoute:
        tells_spans = not self.pipeline.pretokenizer.drops_text
        return CoreRoute(self.engines.text, normalizer, steps, tokens, tells_spans=tells_spans)

    def preprocessor(self, allowed_special: Allowed = NONE_ALLOWED) -> Preprocessor:
        """What happens to text before it is cut into pretokens."""
        allowed = self.allowed(allowed_special)
        added, normalizer = self.pipeline.added_tokens, self.pipeline.normalizer
        active = [each for each in added if not each.special or each.content in allowed]
        heads = [token for token in active if isinstance(token, HeadToken)]
        active = [token for token in active if not isinstance(token, HeadToken)]
        raw = [token for token in active if not token.normalized]
        normalized = [token for token in active if token.normalized]
        return Preprocessor(
            normalizer,
            AddedMatcher(raw) if raw else None,
            AddedMatcher(normalized, normalizer) if normalized else None,
            HeadMatcher(heads) if heads else None,
        )


def direct(usual: str, with_all: str) -> Callable[[M], M]:
    """Of a method of a tokenizer, the same one that costs a third less.

    Where it is given one text and no option, or ``allowed_special="all"``, an attribute of its
    encoder answers (``usual``, ``with_all``). Whatever else is asked, or fails, the method does.
    """
    return lambda method: _native.direct_method(method, usual, with_all)


def _straight(route: Route) -> Route | _native.EngineCall:
    return route.straight() if isinstance(route, CoreRoute) else route


def _mending(run: Callable[[str | bytes], T], text: str | bytes) -> T:
    """``run(text)``; where a str has surrogates, again with them joined or replaced."""
    try:
        return run(text)
    except UnicodeEncodeError:
        return run(_mended(text))


def _mended(text: str | bytes) -> str | bytes:
    return join_surrogates(text) if isinstance(text, str) else text
