"""The languages of code: their grammars, and how a file is told.

A grammar is a wheel of tree-sitter. What a leaf of its tree stands for follows from the name that
the grammar gives to the kind of the leaf (`KINDS`); which language a file is in follows from words
that the other languages do not have (`Language.cues`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.extras import require

EXTRA: Final = "domains"
KINDS: Final = (
    "var", "arr", "func", "field", "space", "type", "num", "str", "chr", "label", "macro", "other",
)  # fmt: skip
"""What a placeholder stands for; a name that is several of them is the last one named here."""
# The kind of a leaf, by what the name of its kind in the grammar contains; the first that fits.
_OF_NAMES: Final = (
    ("macro", ("preproc_arg",)),
    ("num", ("number_literal", "integer", "float", "literal_suffix", "boz_literal")),
    ("str", ("string", "filename", "hollerith")),
    ("chr", ("char_literal",)),
    ("label", ("statement_identifier", "statement_label")),
    ("space", ("namespace_identifier", "module_name")),
    ("type", ("type_identifier", "type_name")),
    ("field", ("field_identifier", "type_member", "method_name", "property_identifier")),
    ("var", ("identifier", "name")),
)


@dataclass(frozen=True)
class Language:
    """A language of programs.

    Attributes:
        name: how users call it.
        module: the wheel of its grammar.
        suffixes: how its files end.
        cues: a pattern of what its programs have and those of the others seldom.
        any_case: whether its words are the same in capitals.
        lines: whether the end of a line says something; ``indented``, and its indentation, too.
    """

    name: str
    module: str
    suffixes: tuple[str, ...]
    cues: re.Pattern[bytes]
    any_case: bool = False
    lines: str = ""


LANGUAGES: Final = {
    each.name: each
    for each in (
        Language(
            "c",
            "tree_sitter_c",
            (".c", ".h"),
            re.compile(
                rb"^[ \t]*#[ \t]*(?:include|define|ifn?def|endif)\b|[;{}][ \t\r]*$",
                re.M,
            ),
        ),
        Language(
            "cpp",
            "tree_sitter_cpp",
            (".cpp", ".cc", ".cxx", ".hpp", ".hh"),
            re.compile(
                rb"^[ \t]*(?:namespace\b|template[ \t]*<|class [^\n]*[{;]?\r?$|using [^\n]*;|"
                rb"public:|private:|protected:|virtual\b)|\bstd::|\bconstexpr\b|\bstatic_cast<|\bnullptr\b",
                re.M,
            ),
        ),
        Language(
            "fortran",
            "tree_sitter_fortran",
            (".f90", ".f", ".f95", ".f03", ".f08", ".for", ".F90", ".F"),
            re.compile(
                rb"^[ \t]*(?:(?:recursive[ ]|pure[ ])?subroutine[ ]|"
                rb"end[ ]?(?:subroutine|function|module|program|do|if)\b|implicit[ ]+none|"
                rb"(?:integer|real|logical|character|type|complex)\b[^\n;]*::|"
                rb"program[ ]\w+[ \t\r]*$|call[ ]\w+|use[ ]+\w+|module[ ]\w+)",
                re.M | re.I,
            ),
            any_case=True,
            lines="plain",
        ),
        Language(
            "python",
            "tree_sitter_python",
            (".py", ".pyi"),
            re.compile(
                rb"^[ \t]*(?:def \w+\(|class \w+[^\n]*:[ \t\r]*$|import \w[\w., ]*$|"
                rb"from [\w.]+ import |elif [^\n]*:|@\w[\w.]*|return\b[^;\n]*$|"
                rb"if [^\n;{]*:[ \t\r]*$|for \w[^\n]* in )",
                re.M,
            ),
            lines="indented",
        ),
    )
}
_LOOKED_AT: Final = 1 << 14  # bytes of a file


def told(data: bytes) -> list[str]:
    """Names of the languages that a file may be in, the likeliest first."""
    head = data[:_LOOKED_AT]
    found = {name: len(language.cues.findall(head)) for name, language in LANGUAGES.items()}
    if found["cpp"] and found["c"] >= found["python"]:
        found["cpp"] += found["c"]  # what C has, C++ has, too
    likely = sorted(found, key=lambda name: -found[name])
    return [name for name in likely if found[name]]


@dataclass(frozen=True)
class LanguageGrammar:
    """A grammar, ready to parse.

    Attributes:
        parser: of tree-sitter.
        kinds: of leaves by the number of their kind in the grammar, as an index of `KINDS`.
        whole: numbers of kinds that are leaves here though the grammar takes them apart: strings.
        apart: numbers of kinds that are no words of the program: comments, continued lines.
    """

    parser: Any
    kinds: tuple[int, ...]
    whole: frozenset[int]
    apart: frozenset[int]


@lru_cache(maxsize=len(LANGUAGES))
def grammar(name: str) -> LanguageGrammar:
    """The grammar of a language.

    Raises:
        UnsupportedError: there is no such language.
        MissingExtraError: tree-sitter or the grammar is not installed.
    """
    if name not in LANGUAGES:
        raise UnsupportedError(f"no grammar for {name!r}; there are {', '.join(LANGUAGES)}")
    language = LANGUAGES[name]
    binding = require("tree_sitter", EXTRA, "code")
    table = binding.Language(require(language.module, EXTRA, f"code in {name}").language())
    numbers = range(table.node_kind_count)
    names = [table.node_kind_for_id(number) or "" for number in numbers]
    named = [table.node_kind_is_named(number) for number in numbers]
    return LanguageGrammar(
        binding.Parser(table),
        tuple(KINDS.index(_kind(each)) for each in names),
        frozenset(n for n in numbers if named[n] and _is_whole(names[n])),
        frozenset(n for n in numbers if named[n] and _is_apart(names[n])),
    )


def _kind(name: str) -> str:
    for kind, parts in _OF_NAMES:
        if any(part in name for part in parts):
            return kind
    return "other"


def _is_whole(name: str) -> bool:
    return _kind(name) in ("str", "chr") and "concatenated" not in name


def _is_apart(name: str) -> bool:
    return "comment" in name or name == "line_continuation"
