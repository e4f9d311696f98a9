"""Programs as their words, with names and literals as typed placeholders.

Source: Kadosh et al. 2023, "Scope is all you need: Transforming LLMs for HPC Code",
arXiv:2308.09440 (Tokompiler).

1. A lexer of the core finds the words of C, C++, Fortran or Python, the leaves of their syntax
   trees, and what each name is from the words around it; ``parser=tree-sitter`` parses instead.
2. What a language reserves is a mark of its own; every other leaf is a placeholder, a mark for its
   kind (variable, function, type, string, ...) and one for its number in order of first use.
3. The table of names, and spaces and comments where they are not as foretold, stand aside, so the
   file comes back byte for byte (native/domains/program_marks.hpp).

Tokompiler drops names, comments and layout, and draws numbers at random; here dropping is asked
for, and the order of use numbers, which gives equal programs equal ids. Names are told apart by
file, not by scope. What cannot be stands in the run as it is, behind ``broken``: the lexer sees
bytes that no word has, brackets without partner and names in a row, tree-sitter all that does not
parse. A file that is mostly so is refused, and a tokenizer takes it as bare bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from tokenry.domains.code import words
from tokenry.domains.code.grammars import LANGUAGES, told
from tokenry.domains.code.leaves import leaves
from tokenry.domains.contract import Domain, Promise
from tokenry.domains.parsed import Parsed
from tokenry.domains.residue import Array, pack_arrays, unpack_arrays
from tokenry.errors import DomainError

MOST_BROKEN = 0.5  # of a file's bytes; above it is no program of this language
# Of the leaves of a file of which most does not parse, as much must be reserved by the language: in
# C that one macro breaks it is 0.64, in English between semicolons 0.14 to 0.34.
FEWEST_WORDS = 0.45
TRIED = 2  # languages of a file that names none
ENOUGH = 0.05  # of a file that may not parse before another language is tried
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, kw_only=True)
class Code(Domain):
    """Options of the domain.

    Attributes:
        language: of all files; ``auto`` tells it from each.
        names: where names and literals stand: ``aside``, out of a model's sight; ``inline``, behind
            their first placeholder; or ``dropped``, which loses them.
        spacing: where spaces and comments stand: ``aside``, or ``dropped``, which loses them.
        parser: what finds the leaves: the lexer of the core, or the parser of tree-sitter, which
            takes ten times as long.
    """

    language: Literal["auto", "c", "cpp", "fortran", "python"] = "auto"
    names: Literal["aside", "inline", "dropped"] = "aside"
    spacing: Literal["aside", "dropped"] = "aside"
    parser: Literal["lexer", "tree-sitter"] = "lexer"

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
        likely: list[str] = told(data) if self.language == "auto" else [self.language]
        if not likely:
            raise DomainError(
                f"nothing in these {len(data)} bytes speaks for {', '.join(LANGUAGES)}; name the "
                "language with language=, or take another domain"
            )
        language, found = self._best(data, likely)
        if found["broken"] > MOST_BROKEN * len(data):
            raise DomainError(
                f"{found['broken']:,} of {len(data):,} bytes are no words of {language}; name the "
                "language with language= if it is another"
            )
        if found["unparsed"] > MOST_BROKEN * len(data):
            share = _share_of_words(found["marks"])
            if share < FEWEST_WORDS:
                raise DomainError(
                    f"{found['unparsed']:,} of {len(data):,} bytes do not parse as {language}, and "
                    f"only {share:.0%} of the words there are its own; is it text?"
                )
        return Parsed(
            run=found["run"],
            marks=found["marks"],
            places=found["places"],
            residue=self._residue(found),
        )

    def _best(self, data: bytes, likely: list[str]) -> tuple[str, Mapping[str, Any]]:
        """The language in which most of a file parses, and its marks there.

        Languages are tried in this order, and no more where nearly all of a file parses.
        """
        best: tuple[str, Mapping[str, Any]] | None = None
        for language in likely[:TRIED]:
            found = self._marked(data, language)
            if best is None or found["unparsed"] < best[1]["unparsed"]:
                best = language, found
            if best[1]["unparsed"] <= ENOUGH * len(data):
                break
        assert best is not None, "a language to try"
        return best

    def _marked(self, data: bytes, language: str) -> Mapping[str, Any]:
        native, number = words.native(), [*LANGUAGES].index(language)
        inline = self.names == "inline"
        try:
            if self.parser == "lexer":
                return native.read(data, number, inline)
            found = leaves(data, language)
            begins, ends = np.ascontiguousarray(found.spans.T)
            kinds = found.kinds.astype(np.uint8)
            marked = native.mark(data, number, inline, begins, ends, kinds)
        except ValueError as error:
            raise DomainError(str(error)) from error
        return marked | {"unparsed": found.unparsed}

    def _residue(self, found: Mapping[str, Any]) -> bytes:
        arrays = {"capitals": found["capitals"]}
        texts = b""
        if self.names == "aside":
            arrays |= {"names": found["counts"], "sizes": found["sizes"]}
            texts += found["names"]
        if self.spacing == "aside":
            arrays |= {"skips": found["skips"], "gaps": found["gaps"]}
            # An array of nothing is not written: where all is foretold, this says so.
            arrays |= {"close": _NONE if len(found["skips"]) else np.ones(1, np.int64)}
            texts += found["spaces"]
        return pack_arrays(arrays, texts)

    def write(self, parsed: Parsed) -> bytes:
        """The program again; what was dropped, or never there, is written in the usual form.

        Raises:
            DomainError: marks, bytes and what stands aside are no program.
        """
        aside, names, spaces = _unpacked(parsed.residue)
        spaced = len(aside["skips"]) > 0 or len(aside["close"]) > 0
        try:
            return words.native().write(
                parsed.marks.astype(np.uint16),
                parsed.places.astype(np.uint64),
                parsed.run,
                aside["names"],
                aside["sizes"],
                names,
                aside["skips"] if spaced else None,
                aside["gaps"],
                spaces,
                aside["capitals"],
            )
        except ValueError as error:
            raise DomainError(str(error)) from error

    def training(self, parsed: Parsed) -> Parsed:
        """What is spelt out, names, literals and comments."""
        aside, names, spaces = _unpacked(parsed.residue)
        sizes = np.concatenate([aside["sizes"], aside["gaps"]])
        cuts = np.cumsum(sizes) + len(parsed.run)
        return Parsed(
            run=parsed.run + names + spaces,
            cuts=np.concatenate([parsed.places, cuts[:-1].astype(np.uint64)]),
        )


def _share_of_words(marks: Array) -> float:
    """Of the leaves, how many the language reserves."""
    own = int((marks >= words.FIRST_WORD).sum())
    kinds = int(((marks >= words.FIRST_KIND) & (marks < words.FIRST_DIGIT)).sum())
    return own / max(own + kinds + int((marks == words.BROKEN).sum()), 1)


def _unpacked(residue: bytes) -> tuple[dict[str, Array], bytes, bytes]:
    """The arrays that stand aside, the bytes of names, and those of spaces and comments."""
    arrays, content = unpack_arrays(residue)
    aside = dict.fromkeys(("names", "sizes", "skips", "gaps", "close", "capitals"), _NONE) | arrays
    sizes = aside["sizes"]
    if np.any(sizes < 0) or int(sizes.sum()) + int(aside["gaps"].sum()) != len(content):
        raise DomainError("what stands aside of a program is damaged: its sizes do not add up")
    of_names = int(sizes.sum())
    return aside, content[:of_names], content[of_names:]
