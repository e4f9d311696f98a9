"""What the oracles know of Unicode: their tables are older than ours, so comparisons leave out the
code points whose class differs, and nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import regex
import tiktoken
import tokenizers

from shares import SHARE
from tokenry import _native

CLASSES = (
    *(rf"\p{{{name}}}" for name in ("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "N", "Nd", "P")),
    r"\s",
)
Find = Callable[[str, str], str]  # (pattern, text) -> the characters of text that match


# Planes in which no version of Unicode has assigned anything; their classes are looked at where all
# of the generated input is tried.
UNUSED = range(0x40000, 0xE0000)


def _everything() -> str:
    points = (i for i in range(0x110000) if not 0xD800 <= i < 0xE000)
    return "".join(chr(i) for i in points if SHARE == 1 or i not in UNUSED)


def _with_regex(pattern: str, text: str) -> str:
    return "".join(regex.findall(pattern, text))


def _with_tiktoken(pattern: str, text: str) -> str:
    encoding = tiktoken.Encoding(
        "bytes",
        pat_str=pattern,
        mergeable_ranks={bytes([i]): i for i in range(256)},
        special_tokens={},
    )
    return bytes(encoding.encode_ordinary(text)).decode()


def _with_tokenizers(pattern: str, text: str) -> str:
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(f"(?:{pattern})+"), "isolated")
    cut = [piece for piece, _ in split.pre_tokenize_str("\0" + text)]
    return "".join(cut[1::2])  # U+0000 is in no class, so the matches are the odd ones


FINDERS: dict[str, Find] = {
    "regex": _with_regex,
    "tiktoken": _with_tiktoken,
    "tokenizers": _with_tokenizers,
}
# fmt: off
_NAMES = (
    "Cn", "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl",
    "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs",
    "Cc",
)
# fmt: on


def _ours(pattern: str) -> set[str]:
    records = _native.unicode_records() & 31
    if pattern == r"\s":
        wanted = {27, 28, 29, 30}
    else:
        wanted = {i for i, name in enumerate(_NAMES) if name.startswith(pattern[3:-1])}
    return {chr(i) for i, record in enumerate(records.tolist()) if record in wanted}


@functools.cache
def differing(oracle: str) -> frozenset[str]:
    """Characters to which ``oracle`` (a name in FINDERS) gives another class than the core."""
    text = _everything()
    looked_at = set(text)
    find = FINDERS[oracle]
    differences: set[str] = set()
    for pattern in CLASSES:
        differences |= set(find(pattern, text)) ^ (_ours(pattern) & looked_at)
    return frozenset(differences)


def comparable(text: str, oracle: str) -> str:
    """``text`` without the characters about which ``oracle`` disagrees with the core."""
    return text.translate(_removal(oracle))


@functools.cache
def _removal(oracle: str) -> dict[int, None]:
    return dict.fromkeys(map(ord, differing(oracle)))
