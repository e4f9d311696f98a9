"""Real text that every machine has: the interpreter's own library and babel's CLDR strings.

The library gives three kinds of documents that share no text, so that holding one out leaks
nothing: modules without their docstrings, the docstrings of each module, and the topics of the
language reference that ``help()`` shows. CLDR (Unicode Common Locale Data Repository) gives the
names of territories, languages and scripts in many languages: line-aligned parallel text, short
lines of names rather than sentences.
"""

from __future__ import annotations

import ast
import importlib
import os
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from tokenry.corpus.documents import Document
from tokenry.errors import CorpusError, MissingExtraError

# Tests hold generated and broken files; encodings are tables of code points; the topics of
# pydoc_data come as documents of their own.
_SKIPPED = frozenset(
    ("site-packages", "dist-packages", "test", "tests", "idle_test", "pydoc_data", "encodings")
)

BUNDLED = "the standard library of the Python interpreter"
"""What the source of these documents is called."""

# Languages whose CLDR names are nearly complete, in 25 scripts.
LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "nl", "sv", "pl", "cs", "ro", "hu", "fi", "tr", "vi"),
    *("id", "sw", "zu", "ru", "uk", "bg", "el", "hy", "ka", "he", "ar", "fa", "ur", "hi", "mr"),
    *("bn", "gu", "ta", "te", "kn", "ml", "si", "th", "lo", "my", "km", "am", "kk", "mn"),
    *("zh", "ja", "ko"),
)


_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def standard_library() -> Iterator[Document]:
    """Documents of the domains ``code``, ``docstrings`` and ``documentation``, in a fixed order."""
    yield from _modules(Path(sysconfig.get_paths()["stdlib"]))
    yield from _topics()


def cldr_names(languages: tuple[str, ...] = LANGUAGES) -> dict[str, list[str]]:
    """Names of territories, languages and scripts, by language code, aligned by line.

    Only names that CLDR has in all ``languages`` are used. Line 1 is the same name in each.

    Raises:
        MissingExtraError: babel is not installed.
        CorpusError: CLDR does not know one of the languages.
    """
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        raise MissingExtraError("babel", "study", "parallel text from CLDR") from None
    names: dict[str, dict[tuple[str, str], str]] = {}
    for language in languages:
        try:
            locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            raise CorpusError(
                f"CLDR has no language {language!r}; see babel's documentation"
            ) from None
        tables = {"territory": locale.territories, "language": locale.languages}
        tables["script"] = locale.scripts
        names[language] = {
            (kind, code): str(name)
            for kind, table in tables.items()
            for code, name in table.items()
        }
    shared = sorted(set.intersection(*(set(table) for table in names.values())))
    return {language: [table[key] for key in shared] for language, table in names.items()}


def _modules(root: Path) -> Iterator[Document]:
    for path in _python_files(root):
        found = separate_docstrings(path.read_bytes())
        if found is None:
            continue
        code, docstrings = found
        name = path.relative_to(root).as_posix()
        if code.strip():
            yield Document(code, name, "code")
        if len(docstrings) >= 200:  # a module of one-line docstrings is no text
            yield Document(docstrings, f"{name}:docstrings", "docstrings")


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - _SKIPPED)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".py"))


def separate_docstrings(source: bytes) -> tuple[bytes, bytes] | None:
    """A module's code without its docstrings, and its docstrings; None if it does not compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in old modules
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    lines = source.splitlines(keepends=True)
    docstrings: list[str] = []
    for node in _documented(tree):
        text = ast.get_docstring(node)
        if text is None:
            continue
        docstrings.append(text)
        literal = node.body[0]
        for row in range(literal.lineno - 1, literal.end_lineno or literal.lineno):
            lines[row] = b""
    joined = "\n\n".join(docstrings).encode("utf-8", "replace")
    return b"".join(lines), joined


def _documented(tree: ast.Module) -> Iterator[_Documented]:
    """Everything that may have a docstring; looks into statements only, 8 times faster than all."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, _Documented):
            yield node
        for part in ("body", "orelse", "handlers", "finalbody"):
            pending.extend(getattr(node, part, ()))


def _topics() -> Iterator[Document]:
    try:
        topics: dict[str, str] = importlib.import_module("pydoc_data.topics").topics
    except ImportError:  # some distributions leave it out
        return
    for name in sorted(topics):
        text = topics[name].encode()
        if text.strip():
            yield Document(text, f"pydoc_data/topics:{name}", "documentation")
