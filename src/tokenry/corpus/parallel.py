"""Parallel text: one file a language, or the names that CLDR has in many languages."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tokenry.corpus.bundled import cldr_names
from tokenry.errors import CorpusError

_ENGLISH = ("en", "eng", "eng_Latn", "english", "English")


@dataclass(frozen=True)
class ParallelText:
    """Lines by language, aligned: line i says the same in each."""

    lines: dict[str, list[str]]
    labels: dict[str, str]  # what to call each language in a report
    reference: str
    source: str


def read_parallel(folder: str | os.PathLike[str], reference: str | None = None) -> ParallelText:
    """Read a folder with one text file a language.

    Raises:
        CorpusError: fewer than two files, a file that is not UTF-8, or unequal line counts.
    """
    folder = Path(folder)
    lines = read_languages(folder)
    _check_equal(folder, {file.name: len(lines[_language(file)]) for file in _files(folder)})
    chosen = pick_reference(lines, reference)
    return ParallelText(lines, _labels(lines), chosen, folder.resolve().name)


def read_languages(folder: str | os.PathLike[str]) -> dict[str, list[str]]:
    """Lines of each file of a folder, by the name of its language, aligned or not.

    Raises:
        CorpusError: fewer than two files, or one that is not UTF-8.
    """
    folder = Path(folder)
    files = _files(folder)
    lines = {_language(file): _lines(file) for file in files}
    if len(lines) < 2 or len(lines) < len(files):
        raise CorpusError(
            f"{folder} holds {len(files)} file(s) of {len(lines)} language(s); parallel text needs "
            "one text file a language, at least two, each named after its language"
        )
    return lines


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CorpusError(f"{folder} is no folder; parallel text is one text file a language in it")
    return sorted(each for each in folder.iterdir() if each.is_file() and each.name[0] != ".")


def _language(file: Path) -> str:
    return file.name.split(".")[0]


def cldr_parallel(reference: str | None = None) -> ParallelText:
    """Names of territories, languages and scripts in CLDR."""
    lines = cldr_names()
    source = "CLDR names of territories, languages and scripts (lists of names, not sentences)"
    return ParallelText(lines, _labels(lines), pick_reference(lines, reference), source)


def pick_reference(lines: dict[str, list[str]], wanted: str | None) -> str:
    """The language asked for, or English, or the first."""
    if wanted is not None:
        if wanted not in lines:
            raise CorpusError(
                f"the reference language {wanted!r} is not among: {', '.join(sorted(lines))}"
            )
        return wanted
    return next((name for name in _ENGLISH if name in lines), min(lines))


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{file} is not UTF-8 at byte {error.start}; parallel text is one UTF-8 text file a "
            "language, aligned by line"
        ) from None
    lines = text.split("\n")
    return lines[:-1] if lines and lines[-1] == "" else lines


def _check_equal(folder: Path, counts: dict[str, int]) -> None:
    if len(set(counts.values())) == 1:
        return
    values = sorted(counts.values())
    usual = max(set(values), key=values.count)
    odd = [f"{name} has {count}" for name, count in counts.items() if count != usual]
    raise CorpusError(
        f"parallel text in {folder} is not aligned: most files have {usual} lines, but "
        f"{', '.join(odd[:8])}; give files where line i says the same in each"
    )


def _labels(lines: dict[str, list[str]]) -> dict[str, str]:
    """English names of the languages where CLDR knows the code, the code itself otherwise."""
    try:
        from babel import Locale
        from babel.core import get_global
    except ImportError:
        return {name: name for name in lines}
    names = {code: str(name) for code, name in Locale("en").languages.items()}
    shorter = get_global("language_aliases")  # eng -> en
    codes = {name: name.split("_")[0] for name in lines}
    labels = {
        name: names.get(code) or names.get(shorter.get(code, code), name)
        for name, code in codes.items()
    }
    repeated = {label for label in labels.values() if list(labels.values()).count(label) > 1}
    return {
        name: f"{label} ({name})" if label in repeated else label for name, label in labels.items()
    }
