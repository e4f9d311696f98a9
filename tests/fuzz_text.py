"""Random text that looks for trouble: the shapes where splitters and encoders disagree.

The weights follow what has broken published engines: runs of mixed white space, contractions
(also with U+017F, the long s), digits, CJK, emoji, combining marks, unassigned code points, and
special tokens written out in the text. `fuzz_strings` is seeded and fast; `texts` is the same as a
hypothesis strategy; `fuzz_bytes` adds broken UTF-8.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
from hypothesis import strategies as st

from tokenry.text.unicode.character_sets import table

# fmt: off
WHITE = " \t\n\r\f\v\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000"
SPACES = (
    " ", "  ", "   ", "\n", "\n\n", " \n", "\n ", "\r\n", "\t", "\t\t", "\u3000", "\xa0",
    "\u2581",
)
CONTRACTIONS = (
    "'s", "'S", "'\u017f", "'t", "'T", "'re", "'RE", "'ve", "'Ve", "'m", "'ll", "'LL", "'d", "'D",
    "\u2019s", "''s", "'s's", "'l", "'r", "'v", "'\u212a", "'\u0131",
)
SPECIALS = (
    "<|endoftext|>", "<|fim_prefix|>", "<s>", "</s>", "<unk>", "[CLS]", "[SEP]", "[UNK]",
    "<|im_start|>", "<|begin_of_text|>", "<0x0A>", "##", "\u2581", "\u0120", "<pad>",
)
WORDS = (
    "the", "The", "THE", "ing", "Hello", "world", "camelCase", "HTTPServer", "aA", "Aa", "don",
    "I", "stra\u00dfe", "na\u00efve", "\u01c5", "\u01c5ungla", "\u02b0", "\u00aa",
    "\u043f\u0440\u0438\u0432\u0435\u0442", "\u041c\u0418\u0420", "\u03b1\u03b2\u03b3",
    "\u0130stanbul", "\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627",
    "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "\uc548\ub155",
)
MARKS = ("\u0301", "\u0308", "\u20dd", "\u093f", "\u0e31", "\ufe0f", "\u200d", "\u0483", "\u0903")
EMOJI = (
    "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea",
    "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "1\ufe0f\u20e3",
)
# unassigned, private use, non-characters, noncharacter edges, controls
ODD = (
    "\u0378", "\u0530", "\U0003ffff", "\U000e0fff", "\U0010ffff", "\ue000", "\uffff", "\ufffd",
    "\u0000", "\x7f", "\x1c", "\x1f", "\ufeff", "\u180e", "\u200b", "\u2060", "\u00ad", "\u1c89",
    "\ua7cb",
)
NUMBERS = (
    "0", "7", "12", "123", "1234", "1,234.56", "\u0663\u0664", "\u00bd", "\u2167", "\u00b2",
    "\u0968", "\U0001d7d9", "\u3007",
)
PUNCTUATION = (
    "!", "...", "?!", "/", "//", "/\n", ".\n", ",", "-", "--", "_", "=", "====", "{", "}", "(",
    ")", '"', "'", "''", "\u2019", "\u3002", "\uff0c", "\u2014", "#", "@", "\\n", "<", ">", "|",
    "$", "+", "~", "`", "\u20ac",
)
CJK = (
    "\u7684\u4e00\u662f\u4e0d\u4e86\u4eba\u6211\u5728\u6709\u4ed6\u9f98"
    "\u3042\u30ab\u30fc\uac00\U00020000"
)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZ"
# fmt: on


def _run(rng: random.Random, alphabet: str, longest: int) -> str:
    return "".join(rng.choices(alphabet, k=rng.randint(1, longest)))


def _any_code_point(rng: random.Random) -> str:
    limit = rng.choice((0x80, 0x250, 0x3000, 0x10000, 0x110000))
    point = rng.randrange(limit)
    return chr(point) if not 0xD800 <= point < 0xE000 else "\ufffd"


# (weight, a maker of one atom)
_ATOMS: tuple[tuple[int, Callable[[random.Random], str]], ...] = (
    (10, lambda rng: rng.choice(SPACES)),
    (6, lambda rng: _run(rng, WHITE, 5)),
    (8, lambda rng: _run(rng, LETTERS, 8)),
    (8, lambda rng: rng.choice(WORDS)),
    (7, lambda rng: rng.choice(CONTRACTIONS)),
    (5, lambda rng: rng.choice(NUMBERS)),
    (3, lambda rng: _run(rng, "0123456789", 9)),
    (7, lambda rng: rng.choice(PUNCTUATION)),
    (5, lambda rng: _run(rng, CJK, 6)),
    (3, lambda rng: rng.choice(EMOJI)),
    (4, lambda rng: rng.choice(MARKS)),
    (4, lambda rng: rng.choice(ODD)),
    (4, _any_code_point),
    (2, lambda rng: rng.choice(SPECIALS)),
    (1, lambda rng: rng.choice(LETTERS + "= \n\u7684") * rng.randint(10, 40)),
)
_MAKERS = tuple(maker for _, maker in _ATOMS)
_WEIGHTS = tuple(weight for weight, _ in _ATOMS)


def fuzz_string(rng: random.Random, longest: int = 12) -> str:
    """One string of up to ``longest`` atoms; never a lone surrogate."""
    return "".join(
        maker(rng) for maker in rng.choices(_MAKERS, _WEIGHTS, k=rng.randint(0, longest))
    )


def fuzz_strings(rng: random.Random, count: int, longest: int = 12) -> Iterator[str]:
    """``count`` strings, the same for the same seed."""
    for _ in range(count):
        yield fuzz_string(rng, longest)


def fuzz_bytes(rng: random.Random, count: int, longest: int = 12) -> Iterator[bytes]:
    """``count`` byte strings, most of them no longer UTF-8: cut, flipped or with stray bytes."""
    for text in fuzz_strings(rng, count, longest):
        data = bytearray(text.encode())
        for _ in range(rng.randint(0, 3)):
            at = rng.randint(0, len(data))
            change = rng.randrange(3)
            if change == 0:
                data[at:at] = rng.choice(
                    (b"\x80", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5", b"\xe2\x82")
                )
            elif change == 1:
                del data[at : at + 1]
            elif at < len(data):
                data[at] = rng.randrange(256)
        yield bytes(data)


def texts(longest: int = 12) -> st.SearchStrategy[str]:
    """The same shapes as a hypothesis strategy, so that failures shrink."""
    pools = (SPACES, CONTRACTIONS, SPECIALS, WORDS, MARKS, EMOJI, ODD, NUMBERS, PUNCTUATION)
    atoms = [st.sampled_from(pool) for pool in pools]
    atoms += [st.text(WHITE, min_size=1, max_size=5), st.text(CJK, min_size=1, max_size=6)]
    atoms += [st.text(LETTERS, min_size=1, max_size=8), st.text(max_size=3).map(without_surrogates)]
    return st.lists(st.one_of(atoms), max_size=longest).map("".join)


def without_surrogates(text: str) -> str:
    """``text`` with every lone surrogate as U+FFFD, which is how tiktoken reads it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def known_points(text: str) -> bool:
    """Whether the text has no code point that is newer than the Unicode of `tokenizers`."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    return not table("UNASSIGNED")[points].any()
