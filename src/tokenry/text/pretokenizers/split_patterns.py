r"""The regular expressions that cut text for known tokenizers.

``PATTERNS`` names them; `find_splitter` recognises the same expression in every spelling that
tiktoken and Hugging Face files use. `tokenry.text.pretokenizers.regular_expression` runs any
expression and is the readable twin of the native splitters, which
`tokenry.text.pretokenizers.native_splitter` runs. Behind a ``+`` a name may carry a number policy,
``o200k+r2l3`` (`tokenry.text.pretokenizers.number_policies`).

Sources: GPT-2 (Radford et al., 2019), tiktoken's ``openai_public.py`` (r50k, p50k, cl100k, o200k),
the tokenizer files of Llama 3, Qwen2/Qwen2.5/Qwen3 (also ``qwen.tiktoken``) and Qwen3.5, Mistral's
Tekken, Kimi K2's ``tokenization_kimi.py``, and SuperBPE (Liu et al., 2025, arXiv:2503.13423: the
expressions of its two stages).

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
from types import MappingProxyType
from typing import Final

from tokenry import _native
from tokenry.text.pretokenizers.number_policies import POLICIES, NumberPolicy

# Alternatives, each in all the spellings that mean the same where it stands in a known pattern.
# A possessive form is listed only where nothing after it could make the greedy form back off.
_CONTRACTIONS = "'s|'t|'re|'ve|'m|'ll|'d"


def _cased(ending: str = "", but: str = "") -> str:
    """Words of Word::cased (native/split/rules.hpp) before an ending, without some characters."""
    upper, lower = (
        rf"[\p{{Lu}}\p{{Lt}}\p{{Lm}}\p{{Lo}}\p{{M}}{but}]",
        rf"[\p{{Ll}}\p{{Lm}}\p{{Lo}}\p{{M}}{but}]",
    )
    first = r"[^\r\n\p{L}\p{N}]?"
    return f"{first}{upper}*{lower}+{ending}|{first}{upper}+{lower}*{ending}"


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
    "cased letters": (_cased(),),
    "cased letters, contraction": (_cased(rf"(?i:{_CONTRACTIONS})?"),),
    "han": (r"[\p{Han}]+", r"\p{Han}+"),
    "han but for what counts": (r"[\p{Han}&&[^\p{N}]]+",),
    "cased letters but han, contraction": (_cased(rf"(?i:{_CONTRACTIONS})?", r"&&[^\p{Han}]"),),
    "number": (r"\p{N}",),
    **{
        f"{most} numbers": (rf"\p{{N}}{{1,{most}}}", rf"\p{{N}}{{1,{most}}}+")
        for most in range(2, 10)
    },
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

_LETTERS: Final = {
    "spaced": "spaced letters",
    "prefixed": "letters",
    "marked": "letters and marks",
    "cased": "cased letters",
}
_OTHERS: Final = {  # of letters without marks, or with them
    (False, "none"): "spaced others",
    (False, "newlines"): "others, newlines",
    (False, "newlines or slashes"): "others, newlines or slashes",
    (True, "newlines"): "others but marks, newlines",
}
_ROWS: Final[Mapping[str, _native.SplitterRow]] = {row.name: row for row in _native.splitters()}


def _recipe(rules: _native.SplitRules) -> tuple[str, ...]:
    """The alternatives of a splitter of the GPT family, in order."""
    contraction = {"cased": "cased contraction", "caseless": "contraction"}.get(rules.contraction)
    suffix = " but han" if rules.han else ""
    suffix += ", contraction" if rules.contraction == "suffix" else ""
    numbers = {0: "spaced numbers", 1: "number"}.get(rules.digits, f"{rules.digits} numbers")
    return (
        *([contraction] if contraction else []),
        *(["han"] if rules.han else []),
        _LETTERS[rules.word] + suffix,
        numbers,
        _OTHERS[rules.word == "marked", rules.tail],
        *(["final space"] if rules.final_run else []),
        *(["newlines"] if rules.newlines else []),
        "space",
    )


# Names of splitters and what their alternatives are, in order.
_RECIPES: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: _recipe(row.rules) for name, row in _ROWS.items() if row.rules},
    "superbpe": ("superwords",),
}
# In GPT-2's pattern a run of white space at the end is one pretoken anyway.
_ALSO: Final[Mapping[tuple[str, ...], str]] = {
    (*_RECIPES["gpt2"][:-1], "final space", "space"): "gpt2",
}


def _numbered(name: str, policy: NumberPolicy) -> tuple[str, ...]:
    """The alternatives of a splitter with those of a policy in place of its numbers."""
    numbers = "number" if policy.grouping == "single" else policy.name
    if name == "superbpe":
        return (numbers, "superwords but numbers")
    exchanged = {"han": "han but for what counts"}  # some of these are numbers
    return tuple(
        numbers if "number" in each else exchanged.get(each, each) for each in _RECIPES[name]
    )


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
    base = name.partition("+")[0]
    return base in _ROWS and (_ROWS[base].leaves_text or name.startswith("whole+"))


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
