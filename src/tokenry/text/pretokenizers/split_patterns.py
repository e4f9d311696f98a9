r"""Cutting text into pretokens with the regular expressions of known tokenizers.

``PATTERNS`` names them; `find_splitter` recognises the same expression in every spelling that
tiktoken and Hugging Face files use. `RegexPretokenizer` runs any expression with the ``regex``
module and is the readable twin of the native splitters, which `NativePretokenizer` runs. Behind a
``+`` a name may carry a number policy, ``o200k+r2l3``
(`tokenry.text.pretokenizers.number_policies`).

Sources: GPT-2 (Radford et al., 2019), tiktoken's ``openai_public.py`` (r50k, p50k, cl100k, o200k),
the tokenizer files of Llama 3, Qwen2/Qwen2.5/Qwen3 (also ``qwen.tiktoken``) and Qwen3.5, Mistral's
Tekken, and SuperBPE (Liu et al., 2025, arXiv:2503.13423: the expressions of its two stages).

Dialects. Files write for Rust's ``fancy-regex`` (tiktoken) or Oniguruma (``tokenizers``); with
``regex`` these agree on every expression of the table: ``\s`` is White_Space (25 code points, so
neither U+180E nor U+001C..U+001F), ``(?i:'s)`` also matches U+017F, and ``$`` only follows a
possessive run of white space, where it can only mean the end of the text. They differ in the age
of their Unicode tables: ``regex`` 2026.11.15 and the native core have Unicode 18.0, tiktoken 0.14
and tokenizers 0.23.3 have 16.0. 17,565 code points, all unassigned in 16.0 but U+0295 (which turned
from Lo to Ll), have another class there; tests/oracles.py lists them for any oracle. We follow the
current Unicode. One spelling means two things: Oniguruma reads ``{1,3}+`` as a repetition of
``{1,3}``, Rust as possessive; it is read as Rust does, for it is tiktoken that writes it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np

from tokenry import _native
from tokenry.errors import UnsupportedError
from tokenry.text.components import Components, Spelling, byte_level, cannot_say, split
from tokenry.text.parts import Normalizer, Pretokenizer, Pretokens, Segmenter
from tokenry.text.pretokenizers.number_policies import POLICIES, NumberPolicy
from tokenry.text.raw_words import (
    SPACE_SPLITTERS,
    RawWords,
    words_before_spaces,
    words_of_sentences,
)
from tokenry.text.saved_parts import saved_as

Behaviour = Literal["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"]
# Splitters that cut at most where no piece crosses.
UNCUT: Final = ("whole", "space_prefix", "metaspace")
SIGNS: Final = "+signs"
Span = tuple[int, int, bool]  # start, end, whether the pattern matched it

# Alternatives, each in all the spellings that mean the same where it stands in a known pattern.
# A possessive form is listed only where nothing after it could make the greedy form back off.
_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_CASED = rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+%s|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*%s"
_CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d"
_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "cased contraction": (_CONTRACTIONS, rf"(?:{_CONTRACTIONS})", "'(?:[sdmt]|ll|ve|re)"),
    "contraction": (rf"(?i:{_CONTRACTIONS})", "'(?i:[sdmt]|ll|ve|re)"),
    "spaced letters": (r" ?\p{L}+", r" ?\p{L}++", r" ?[\p{L}]+"),
    "spaced numbers": (r" ?\p{N}+", r" ?\p{N}++", r" ?[\p{N}]+"),
    "spaced others": (r" ?[^\s\p{L}\p{N}]+", r" ?[^\s\p{L}\p{N}]++"),
    "letters": (
        r"[^\r\n\p{L}\p{N}]?\p{L}+",
        r"[^\r\n\p{L}\p{N}]?+\p{L}+",
        r"[^\r\n\p{L}\p{N}]?\p{L}++",
        r"[^\r\n\p{L}\p{N}]?+\p{L}++",
    ),
    "letters and marks": (r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+",),
    "cased letters": (_CASED % ("", ""),),
    "cased letters, contraction": (
        _CASED % (rf"(?i:{_CONTRACTIONS})?", rf"(?i:{_CONTRACTIONS})?"),
    ),
    "number": (r"\p{N}",),
    "3 numbers": (r"\p{N}{1,3}", r"\p{N}{1,3}+"),
    "others, newlines": (
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r" ?[^\s\p{L}\p{N}]++[\r\n]*",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*+",
        r" ?[^\s\p{L}\p{N}]++[\r\n]*+",
    ),
    "others but marks, newlines": (r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*",),
    "others, newlines or slashes": (r" ?[^\s\p{L}\p{N}]+[\r\n/]*",),
    "final space": (r"\s++$",),
    "newlines": (r"\s*[\r\n]+", r"\s*[\r\n]"),
    "space": (r"\s+(?!\S)|\s+", r"\s+(?!\S)|\s"),
    "superwords": (r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)",),
    "superwords but numbers": (r" ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)",),
    **{policy.name: (policy.pattern,) for policy in POLICIES if policy.grouping != "single"},
}

# Names of splitters and what their alternatives are, in order.
_RECIPES: Final[Mapping[str, tuple[str, ...]]] = {
    "gpt2": ("cased contraction", "spaced letters", "spaced numbers", "spaced others", "space"),
    "cl100k": (
        "contraction",
        "letters",
        "3 numbers",
        "others, newlines",
        "final space",
        "newlines",
        "space",
    ),
    "llama3": ("contraction", "letters", "3 numbers", "others, newlines", "newlines", "space"),
    "qwen2": ("contraction", "letters", "number", "others, newlines", "newlines", "space"),
    "qwen3.5": (
        "contraction",
        "letters and marks",
        "number",
        "others but marks, newlines",
        "newlines",
        "space",
    ),
    "o200k": (
        "cased letters, contraction",
        "3 numbers",
        "others, newlines or slashes",
        "newlines",
        "space",
    ),
    "tekken": ("cased letters", "number", "others, newlines or slashes", "newlines", "space"),
    "superbpe-1": (
        "cased letters",
        "3 numbers",
        "others, newlines or slashes",
        "newlines",
        "space",
    ),
    "superbpe": ("superwords",),
}
# In GPT-2's pattern a run of white space at the end is one pretoken anyway.
_ALSO: Final[Mapping[tuple[str, ...], str]] = {
    (*_RECIPES["gpt2"][:-1], "final space", "space"): "gpt2",
}
_NUMBERS: Final = ("number", "3 numbers", "spaced numbers")


def _numbered(name: str, policy: NumberPolicy) -> tuple[str, ...]:
    """The alternatives of a splitter with those of a policy in place of its numbers."""
    numbers = "number" if policy.grouping == "single" else policy.name
    if name == "superbpe":
        return (numbers, "superwords but numbers")
    return tuple(numbers if each in _NUMBERS else each for each in _RECIPES[name])


_NAMES: Final[Mapping[tuple[str, ...], str]] = {
    **{
        _numbered(name, policy): f"{name}+{policy.name}" for policy in POLICIES for name in _RECIPES
    },
    **{(policy.name,): f"whole+{policy.name}" for policy in POLICIES},
    ("number",): "whole+single",
    **{recipe: name for name, recipe in _RECIPES.items()},
    **_ALSO,
}

PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: "|".join(_SPELLINGS[alternative][0] for alternative in recipe)
        for name, recipe in _RECIPES.items()
    }
)
"""Splitter name -> its regular expression, in the spelling of the ``tokenizers`` files."""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "r50k": "gpt2",
        "p50k": "gpt2",
        "r50k_base": "gpt2",
        "p50k_base": "gpt2",
        "cl100k_base": "cl100k",
        "o200k_base": "o200k",
        "o200k_harmony": "o200k",
        "gpt-4": "cl100k",
        "gpt-4o": "o200k",
        "qwen": "qwen2",
        "qwen3": "qwen2",
        "llama4": "o200k",
        "superbpe-2": "superbpe",
    }
)
"""Other names of the same splitters."""


def pattern_of(name: str) -> str | None:
    """The regular expression that cuts as the native splitter of this name does, or None.

    >>> pattern_of("whole+l2r3")
    '\\\\p{Nd}{1,3}|[\\\\p{Nl}\\\\p{No}]'
    """
    base, plus, policy = name.partition("+")
    if not plus:
        return PATTERNS.get(name)
    numbers = NumberPolicy.named(policy)
    if numbers.signs or base not in {*_RECIPES, "whole"}:
        return None
    if base == "whole":
        return numbers.pattern
    own = {numbers.name: numbers.pattern}
    return "|".join(own.get(each) or _SPELLINGS[each][0] for each in _numbered(base, numbers))


def run_pattern(name: str, numbers: bool) -> str | None:
    """The regular expression that cuts as that of ``name`` does, with neighbouring words joined.

    Words are what its alternatives of letters match and, where asked, of numbers. None where the
    splitter has no such alternatives.

    >>> run_pattern("gpt2", False).split(" ")[0]
    "(?:'s|'t|'re|'ve|'m|'ll|'d|"
    """
    recipe = _RECIPES.get(name, ())
    kinds = ("letters", "contraction") + (("number",) if numbers else ())
    words = [each for each in recipe if any(kind in each for kind in kinds)]
    # In all recipes they come first, so putting them together keeps the order of alternatives.
    if not words or tuple(words) != recipe[: len(words)]:
        return None
    rest = [_SPELLINGS[each][0] for each in recipe[len(words) :]]
    return "|".join([f"(?:{'|'.join(_SPELLINGS[each][0] for each in words)})+", *rest])


def leaves_text(name: str) -> bool:
    """Whether the pattern of this splitter leaves text between its matches, as pretokens too.

    Where such a pattern says what is kept (tiktoken), that text is dropped.
    """
    return name.partition("+")[0] == "superbpe" or name.startswith("whole+")


@functools.cache
def _longest_first() -> tuple[tuple[str, str], ...]:
    pairs = [(text, name) for name, texts in _SPELLINGS.items() for text in texts]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _alternatives(pattern: str) -> Iterator[str]:
    """Names of the alternatives of ``pattern``; ends with an empty name at an unknown one."""
    while pattern:
        for text, name in _longest_first():
            rest = pattern[len(text) :]
            if pattern.startswith(text) and rest[:1] in ("", "|"):
                yield name
                if rest == "|":
                    yield ""  # an empty alternative
                pattern = rest[1:]
                break
        else:
            yield ""
            return


@functools.lru_cache(maxsize=256)
def find_splitter(pattern: str) -> str | None:
    """Name of the native splitter that cuts exactly as ``pattern`` does, or None.

    >>> find_splitter(r"'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++"
    ...               r"|\\s++$|\\s+(?!\\S)|\\s")
    'gpt2'
    """
    return _NAMES.get(tuple(_alternatives(pattern)))


@functools.lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    import regex  # takes longer to import than a tokenizer to load

    try:
        return regex.compile(pattern)
    except regex.error as error:
        raise UnsupportedError(
            f"the split pattern {pattern!r} is not one that tokenry knows, and the regex module "
            f"cannot compile it ({error}); rewrite it in the syntax of that module"
        ) from error


def _cut(pattern: str, text: str) -> Iterator[Span]:
    """``text`` as matches of ``pattern`` and the stretches between them."""
    position = 0
    for match in _compiled(pattern).finditer(text):
        start, end = match.span()
        if position < start:
            yield position, start, False
        if start < end:
            yield start, end, True
        position = end
    if position < len(text):
        yield position, len(text), False


def _joined(spans: list[Span], behaviour: Behaviour) -> Iterator[Span]:
    """Spans put together as ``behaviour`` asks; forward only."""
    previous: Span | None = None
    for span in spans:
        if previous is None:
            previous = span
        elif (behaviour == "contiguous" and span[2] == previous[2]) or (
            behaviour == "merged_with_previous" and span[2] and not previous[2]
        ):
            previous = (previous[0], span[1], span[2])
        else:
            yield previous
            previous = span
    if previous is not None:
        yield previous


def _reversed(spans: list[Span]) -> list[Span]:
    return [(-end, -start, matched) for start, end, matched in reversed(spans)]


def _arranged(spans: list[Span], behaviour: Behaviour) -> list[Span]:
    if behaviour == "isolated":
        return spans
    if behaviour == "removed":
        return [span for span in spans if not span[2]]
    if behaviour == "merged_with_next":
        return _reversed(list(_joined(_reversed(spans), "merged_with_previous")))
    return list(_joined(spans, behaviour))


def _byte_offsets(text: str, data: bytes) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Byte offset of each character of ``text`` in ``data``, and of its end."""
    if len(text) == len(data):
        return np.arange(len(text) + 1, dtype=np.int64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    escaped = (codes >= 0xDC80) & (codes <= 0xDCFF)
    widths = 1 + (codes >= 0x80) + (codes >= 0x800) + (codes >= 0x10000).astype(np.int64)
    widths[escaped] = 1
    return np.concatenate(([0], np.cumsum(widths)))


def regex_split(pattern: str, behavior: str = "Isolated", *, invert: bool = False) -> Components:
    """The component of a tokenizer.json that splits by a pattern.

    Raises:
        UnsupportedError: the engine of tokenizers reads the pattern otherwise.
    """
    from tokenry.text.oniguruma import TextPattern  # knows a dialect that loading does not need

    return split(TextPattern(pattern).to_tokenizer_json(), behavior, invert=invert)


@saved_as("splitting.RegexPretokenizer")
@dataclass(frozen=True, slots=True)
class RegexPretokenizer(Pretokenizer):
    """Cuts with any regular expression, as a ``Split`` of a tokenizer.json does.

    ``behaviour`` says what becomes of matches; ``invert`` exchanges matches and the rest.
    tiktoken keeps only what its pattern matches: ``behaviour="removed", invert=True``. A byte that
    is not UTF-8 is one lone surrogate to the pattern.

    Raises `UnsupportedError` when ``pattern`` does not compile.
    """

    pattern: str
    behaviour: Behaviour = "isolated"
    invert: bool = False

    def __post_init__(self) -> None:
        _compiled(self.pattern)
        if self.behaviour not in Behaviour.__args__:  # type: ignore[attr-defined]
            raise UnsupportedError(
                f"split behaviour {self.behaviour!r}; expected one of "
                f"{', '.join(Behaviour.__args__)}"  # type: ignore[attr-defined]
            )

    @property
    def lossless(self) -> bool:
        """Whether all text is in pretokens."""
        return self.behaviour != "removed" or self.native is not None

    @property
    def native(self) -> str | None:
        """The native splitter that does the same, if there is one."""
        name = find_splitter(self.pattern)
        everything_kept = self.behaviour == "isolated" or (
            self.behaviour == "removed" and self.invert and not leaves_text(name or "")
        )
        return name if everything_kept else None

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``."""
        text = data.decode("utf-8", "surrogateescape")
        spans = [
            (start, end, matched != self.invert) for start, end, matched in _cut(self.pattern, text)
        ]
        kept = _arranged(spans, self.behaviour)
        offsets = _byte_offsets(text, data).astype(np.uint64)
        starts = np.fromiter((start for start, _, _ in kept), dtype=np.int64, count=len(kept))
        ends = np.fromiter((end for _, end, _ in kept), dtype=np.int64, count=len(kept))
        return Pretokens(data, offsets[starts], offsets[ends])

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        if spelling != "bytes":
            cannot_say(self, " for a model that is not byte-level")
        behavior = self.behaviour.title().replace("_", "")
        cut = regex_split(self.pattern, behavior, invert=self.invert)
        reason = "tokenizers reads the split pattern with another regex engine"
        return cut + byte_level() + Components(reasons=(reason,))


@saved_as("splitting.NativePretokenizer")
@dataclass(frozen=True, slots=True)
class NativePretokenizer(Pretokenizer):
    """Cuts with a splitter of the native core, by its name or an alias of it.

    Raises `UnsupportedError` when there is none of that name.
    """

    name: str

    def __post_init__(self) -> None:
        base, plus, policy = self.native.partition("+")
        if base not in _native.splitter_names():
            raise UnsupportedError(
                f"no splitter is named {self.name!r}; there are "
                f"{', '.join([*_native.splitter_names(), *ALIASES])}, and each with a number "
                "policy behind it, as in o200k+r2l3"
            )
        if plus:
            NumberPolicy.named(policy)

    @property
    def native(self) -> str:
        """The name that the core knows."""
        base, plus, policy = self.name.partition("+")
        return ALIASES.get(base, base) + plus + policy

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        """Cut ``data``; every byte of it is in a pretoken."""
        ends = _splitter(self.native).split(data)
        starts = np.concatenate((np.zeros(1, dtype=np.uint64), ends[:-1]))[: len(ends)]
        return Pretokens(data, starts, ends)

    def to_tokenizer_json(self, spelling: Spelling) -> Components:
        """What a tokenizer.json says of it."""
        name = self.native
        if spelling != "bytes" and name in UNCUT:
            return Components()
        if name == "whole":
            return byte_level()
        if name == "gpt2" and spelling == "bytes":
            return byte_level(use_regex=True)
        pattern = pattern_of(name.removesuffix(SIGNS))
        if pattern is None:
            cannot_say(self, f" {name!r} for this model")
        reason = "a split pattern cannot set the signs of numbers apart"
        said = Components(reasons=(reason,) if name.endswith(SIGNS) else ())
        cut = regex_split(pattern) + said
        return cut + byte_level() if spelling == "bytes" else cut

    def raw_words(self, normalizer: Normalizer | None, segmenter: Segmenter) -> RawWords | None:
        """Words before spaces, or of whole texts, where a normalizer changes them."""
        changes = None if normalizer is None else normalizer.word_changes()
        if changes is None:
            return None
        if self.native in SPACE_SPLITTERS:
            return words_before_spaces(segmenter.native(), self.native, changes)
        words = segmenter.sentence_words(changes) if self.native == "whole" else None
        return None if words is None else words_of_sentences(words, changes)


@functools.cache
def _splitter(name: str) -> _native.Splitter:
    return _native.Splitter(name)
