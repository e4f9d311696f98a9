"""Programs as the leaves of their syntax trees, with names and literals as typed placeholders.

Source: Kadosh et al. 2023, "Scope is all you need: Transforming LLMs for HPC Code",
arXiv:2308.09440 (Tokompiler).

1. tree-sitter parses C, C++, Fortran or Python; the leaves of the tree are the words.
2. What a language reserves is a mark of its own; every other leaf is a placeholder, a mark for its
   kind (variable, function, type, string, ...) and one for its number in order of first use.
3. The table of names, and spaces and comments where they are not as foretold (`spacing`), stand
   aside, so the file comes back byte for byte.

Tokompiler drops names, comments and layout, and draws numbers at random; here dropping is asked
for, and the order of use numbers, which gives equal programs equal ids. Names are told apart by
file, not by scope. What does not parse stands in the run as it is, behind ``broken``; a file that
is mostly so is refused, and a tokenizer takes it as bare bytes. The parser sets the pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np

from tokenry.domains.code import words
from tokenry.domains.code.body import (
    NOTHING,
    Body,
    Marks,
    of_parsed,
    to_parsed,
)
from tokenry.domains.code.grammars import KINDS, LANGUAGES, told
from tokenry.domains.code.leaves import BROKEN, Leaves, best_leaves
from tokenry.domains.code.names import Names, named
from tokenry.domains.code.spacing import NO_LINE, gaps_of, surprises, usual_gaps
from tokenry.domains.code.spans import Spans
from tokenry.domains.contract import Domain, Promise
from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import pack_arrays, unpack_arrays
from tokenry.errors import DomainError

_NUMBER = 24  # bits of the number of a placeholder
_LITERALS = {b"num": b"%d", b"str": b'"str_%d"', b"chr": b"'%d'"}  # others as var_3
MOST_BROKEN = 0.5  # of a file's bytes; above it is no program of this language
# Of the leaves of a file of which most does not parse, as much must be reserved by the language: in
# C that one macro breaks it is 0.64, in English between semicolons 0.14 to 0.34.
FEWEST_WORDS = 0.45


@dataclass(frozen=True, kw_only=True)
class Code(Domain):
    """Options of the domain.

    Attributes:
        language: of all files; ``auto`` tells it from each.
        names: where names and literals stand: ``aside``, out of a model's sight; ``inline``, behind
            their first placeholder; or ``dropped``, which loses them.
        spacing: where spaces and comments stand: ``aside``, or ``dropped``, which loses them.
    """

    language: Literal["auto", "c", "cpp", "fortran", "python"] = "auto"
    names: Literal["aside", "inline", "dropped"] = "aside"
    spacing: Literal["aside", "dropped"] = "aside"

    name: ClassVar[str] = "code"
    suffixes: ClassVar[tuple[str, ...]] = tuple(
        suffix for language in LANGUAGES.values() for suffix in language.suffixes
    )
    promise: ClassVar[Promise] = Promise(
        lossless="every file: programs through their leaves, what does not parse as it stands",
        dropped="names and literals with names=dropped, spaces and comments with spacing=dropped",
        ids="structure, languages, kinds of placeholders, their digits, words of all languages; "
        "then bytes and what was learnt of names, literals and comments",
    )

    @property
    def marks(self) -> tuple[str, ...]:
        """Structure, languages, kinds, digits and words; see `tokenry.domains.code.words`."""
        return words.MARKS

    @property
    def lossless(self) -> bool:
        """Whether nothing is dropped."""
        return "dropped" not in (self.names, self.spacing)

    def recognises(self, data: bytes) -> bool:
        """Whether words of one of the languages stand in it."""
        return bool(told(data))

    def read(self, data: bytes) -> Parsed:
        """The leaves of a program.

        Raises:
            DomainError: no language is told, or most of the file does not parse.
            MissingExtraError: the grammar is not installed.
        """
        likely = told(data) if self.language == "auto" else [self.language]
        if not likely:
            raise DomainError(
                f"nothing in these {len(data)} bytes speaks for {', '.join(LANGUAGES)}; name the "
                "language with language=, or take another domain"
            )
        language, found = best_leaves(data, likely)
        if found.broken() > MOST_BROKEN * len(data):
            raise DomainError(
                f"{found.broken():,} of {len(data):,} bytes are no words of {language}; name the "
                "language with language= if it is another"
            )
        parsed = self._parsed(data, language, found)
        if found.unparsed > MOST_BROKEN * len(data):
            share = float((parsed.marks >= words.FIRST_WORD).sum() / max(len(found.kinds), 1))
            if share < FEWEST_WORDS:
                raise DomainError(
                    f"{found.unparsed:,} of {len(data):,} bytes do not parse as {language}, and "
                    f"only {share:.0%} of the words there are its own; is it text?"
                )
        return parsed

    def _parsed(self, data: bytes, language: str, found: Leaves) -> Parsed:
        begins, ends = found.spans.T
        texts = Spans.of(data, begins, ends)
        gaps = Spans.of(data, np.append(0, ends), np.append(begins, len(data)))
        leading, capitals = _words(texts, found.kinds, language)
        places = np.flatnonzero(leading == NOTHING)
        behind = np.append(leading, NOTHING)[places + 1]
        names = named(Spans(texts.numbers[places], texts.texts), found.kinds[places], behind)
        leading[places] = words.FIRST_KIND + names.kinds()
        numbers = np.full(len(leading), NOTHING, np.int64)
        numbers[places] = names.numbers()
        spelt = leading == words.BROKEN
        spelt[places[names.first]] = self.names == "inline"
        at = np.flatnonzero(spelt)
        said = dict(zip(at.tolist(), texts[at], strict=True))
        body = Body(leading, numbers, _levels(gaps, LANGUAGES[language].lines), said)
        residue = self._residue(names, gaps, body, capitals)
        return to_parsed(body, words.FIRST_LANGUAGE + [*LANGUAGES].index(language), residue)

    def _residue(self, names: Names, gaps: Spans, body: Body, capitals: Marks) -> bytes:
        arrays = {"capitals": capitals}
        texts: list[bytes] = []
        if self.names == "aside":
            arrays |= {"names": names.counts, "sizes": np.array([*map(len, names.texts)], np.int64)}
            texts += names.texts
        if self.spacing == "aside":
            arrays["skips"], said = surprises(gaps, body.pairs())
            arrays["gaps"] = np.array([*map(len, said)], np.int64)
            texts += said
        return pack_arrays(arrays, b"".join(texts))

    def write(self, parsed: Parsed) -> bytes:
        """The program again; what was dropped, or never there, is written in the usual form.

        Raises:
            DomainError: marks, bytes and what stands aside are no program.
        """
        body = of_parsed(parsed)
        aside, texts = _unpacked(parsed.residue)
        names = texts[: len(aside["sizes"])]
        if "skips" in aside:
            gaps = _gaps(aside["skips"], texts[len(names) :], body)
        else:
            gaps = usual_gaps(body.leading, body.levels)
        found = _texts(body, aside, names)
        both = [b""] * (2 * len(found) + 1)
        both[::2], both[1::2] = gaps, found
        return b"".join(both)

    def training(self, parsed: Parsed) -> Parsed:
        """What is spelt out, names, literals and comments."""
        _, texts = _unpacked(parsed.residue)
        bounds = parsed.bounds().astype(np.int64).tolist()
        spelt = [parsed.run[begin:end] for begin, end in pairwise(bounds)]
        found = [text for text in (*spelt, *texts) if text]
        cuts = np.cumsum([len(text) for text in found]).astype(np.uint64)
        return Parsed(run=b"".join(found), cuts=cuts[:-1])


def _words(texts: Spans, kinds: Marks, language: str) -> tuple[Marks, Marks]:
    """The mark of each leaf that is a word, and which words are in capitals."""
    known = words.marks_of_words(language)
    found = np.array([known.get(text, NOTHING) for text in texts.texts], np.int64)
    capital = np.zeros(len(found), bool)
    if LANGUAGES[language].any_case:
        small = np.array([known.get(text.lower(), NOTHING) for text in texts.texts], np.int64)
        capital = np.array([text.isupper() for text in texts.texts], bool)
        capital &= (found == NOTHING) & (small != NOTHING)
        found[capital] = small[capital]
    leading = found[texts.numbers]
    broken = kinds == BROKEN
    leading[broken] = words.BROKEN
    return leading, np.flatnonzero(capital[texts.numbers] & ~broken)


def _levels(gaps: Spans, lines: str) -> Marks:
    """For each leaf, how its line stands to the one before, or `NO_LINE`."""
    levels = np.full(len(gaps.numbers) - 1, NO_LINE, np.int64)
    if not lines:
        return levels
    begins = np.flatnonzero(np.array([b"\n" in text for text in gaps.texts])[gaps.numbers[:-1]])
    levels[begins] = 0
    if lines == "indented":
        indents = np.array([*map(_indent, gaps.texts)])[gaps.numbers[begins]]
        stack = [0]
        levels[begins] = [_step(stack, indent) for indent in indents.tolist()]
    return levels


def _indent(gap: bytes) -> int:
    tail = gap[gap.rfind(b"\n") + 1 :]
    return len(tail) - len(tail.lstrip(b" \t"))


def _step(stack: list[int], indent: int) -> int:
    """By how many levels a line is further in than the last one; the stack follows."""
    if indent > stack[-1]:
        stack.append(indent)
        return 1
    depth = len(stack)
    while indent < stack[-1]:
        stack.pop()
    return len(stack) - depth


def _unpacked(residue: bytes) -> tuple[dict[str, Marks], list[bytes]]:
    """The arrays that stand aside, and names and gaps in one row."""
    arrays, content = unpack_arrays(residue)
    aside = dict.fromkeys(("names", "sizes", "gaps", "capitals"), np.zeros(0, np.int64)) | arrays
    sizes = np.concatenate([aside["sizes"], aside["gaps"]])
    if np.any(sizes < 0) or sizes.sum() != len(content):
        raise DomainError("what stands aside of a program is damaged: its sizes do not add up")
    ends = np.cumsum(sizes).tolist()
    return aside, [content[a:b] for a, b in zip([0, *ends], ends, strict=False)]


def _gaps(skips: Marks, texts: list[bytes], body: Body) -> list[bytes]:
    if len(skips) != len(texts):
        raise DomainError("the spaces of a program are damaged: they are not as many as is said")
    try:
        return gaps_of(skips, texts, body.pairs())
    except ValueError as error:
        raise DomainError(f"the spaces of a program are damaged: {error}") from error


def _texts(body: Body, aside: dict[str, Marks], names: list[bytes]) -> list[bytes]:
    """The bytes of each leaf."""
    keys = body.leading << _NUMBER | np.maximum(body.numbers, 0)
    distinct, at = np.unique(keys, return_inverse=True)
    table = _table(aside["names"], names)
    table |= {key: text for where, text in [*body.spelt.items()][::-1] if (key := int(keys[where]))}
    known = [table[key] if key in table else _usual(key) for key in distinct.tolist()]
    found = [known[number] for number in at.tolist()]
    for where, text in body.spelt.items():
        found[where] = text
    for where in aside["capitals"].tolist():
        if not 0 <= where < len(found):
            raise DomainError(f"word {where} is said to be in capitals, but there are {len(found)}")
        found[where] = found[where].upper()
    return found


def _table(counts: Marks, names: list[bytes]) -> dict[int, bytes]:
    """Names by key: the mark of their kind, and their number."""
    if counts.sum() != len(names) or len(counts) > len(KINDS) or np.any(counts < 0):
        raise DomainError("the table of names is damaged: its counts do not add up")
    kinds = np.repeat(np.arange(len(counts)), counts)
    numbers = np.arange(len(names)) - np.repeat(np.cumsum(counts) - counts, counts)
    keys = (words.FIRST_KIND + kinds) << _NUMBER | numbers
    return dict(zip(keys.tolist(), names, strict=True))


def _usual(key: int) -> bytes:
    """A word, or what stands for a name that nobody said."""
    mark, number = key >> _NUMBER, key & (1 << _NUMBER) - 1
    if mark >= words.FIRST_WORD:
        return words.SPELT[mark - words.FIRST_WORD]
    kind = b"" if mark == words.BROKEN else KINDS[mark - words.FIRST_KIND].encode()
    return _LITERALS.get(kind, b"%b_%%d" % kind) % number if kind else b""
