"""The text of `tokenry.learning.parity` by language: documents, and parallel lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from tokenry.corpus import Corpus, Document
from tokenry.errors import LearnError

# The language of a document: a function of it, a mapping from its domain, the name of its file, or
# its domain.
Languages = Mapping[str, str] | Callable[[Document], str] | Literal["file"] | None
Dev = Mapping[str, Sequence[str]] | str | os.PathLike[str]


def by_language(corpus: Corpus, languages: Languages) -> dict[str, Iterator[bytes]]:
    """The documents of each language, sorted by its name; the corpus is read again for each."""
    names = sorted({language_of(each, languages) for each in corpus})
    return {name: _documents(corpus, languages, name) for name in names}


def _documents(corpus: Corpus, languages: Languages, name: str) -> Iterator[bytes]:
    return (each.data for each in corpus if language_of(each, languages) == name)


def language_of(document: Document, languages: Languages) -> str:
    """The language of a document; a domain that no mapping has is its own language."""
    if callable(languages):
        return languages(document)
    if languages == "file":
        return Path(document.source).name.partition(".")[0]
    if isinstance(languages, Mapping):
        return languages.get(document.domain, document.domain)
    return document.domain


def parallel_lines(dev: Dev | None, names: Sequence[str]) -> list[list[bytes]]:
    """Parallel lines of each language; none where there is no ``dev``.

    Raises:
        LearnError: a language has none, or as for `read_dev`.
    """
    if dev is None:
        return []
    lines = read_dev(dev)
    if missing := [name for name in names if not lines.get(name)]:
        raise LearnError(
            f"dev has no lines of {', '.join(missing[:8])}; give lines of every language of "
            f"the corpus ({len(names)}), or leave dev out"
        )
    return [[line.encode() for line in lines[name]] for name in names]


def read_dev(dev: Dev) -> dict[str, list[str]]:
    """Lines by language, from a mapping or from a folder with a file a language.

    Raises:
        LearnError: it is not a folder, or languages have different numbers of lines.
    """
    if isinstance(dev, Mapping):
        lines = {name: list(each) for name, each in dev.items()}
    else:
        folder = Path(dev)
        if not folder.is_dir():
            raise LearnError(f"dev {str(dev)!r} is no folder; give one with a file a language")
        found: Iterable[Path] = sorted(path for path in folder.iterdir() if path.is_file())
        lines = {
            each.name.partition(".")[0]: each.read_text("utf-8").splitlines() for each in found
        }
    lengths = {len(each) for each in lines.values()}
    if len(lengths) > 1:
        raise LearnError(
            f"dev has from {min(lengths)} to {max(lengths)} lines a language; expected parallel "
            "text with one line for each line of the others"
        )
    return lines
