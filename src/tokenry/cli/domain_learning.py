"""``tokenry learn --domain``: which files, and what is made of them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import Any

import typer

from tokenry.cli.domain_files import tell_fallbacks
from tokenry.corpus.compression import open_bytes
from tokenry.domains.contract import Domain
from tokenry.domains.learning import learn_and_note
from tokenry.domains.naming import domain_named
from tokenry.errors import CorpusError, SmallerVocabularyWarning
from tokenry.progress import prefixed, progress_on_stderr


def learn_domain(
    name: str, data: Sequence[str], out: Path, kind: str, options: dict[str, Any], **others: Any
) -> dict[str, object]:
    """Learn the tokenizer of a domain and save it; what was learnt, as plain data.

    Raises:
        CorpusError: DATA names no file.
        DomainError: no such domain, or no such option of it.
        LearnError: the learner cannot learn from it.
    """
    domain = domain_named(name, **others)
    paths = data_files(data, domain)
    with progress_on_stderr() as progress, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SmallerVocabularyWarning)
        told = prefixed(progress, f"learning {kind} of {domain.name}")
        tokenizer, counted = learn_and_note(
            domain, map(_unpacked, paths), kind=kind, progress=told, **options
        )
    for warning in caught:
        typer.echo(f"tokenry: warning: {warning.message}", err=True)
    tokenizer.save(out)
    tell_fallbacks([f"{paths[number]}: {reason}" for number, reason in counted.fallbacks])
    return {
        "out": str(out), "kind": kind, "domain": domain.name, "files": len(paths),
        "fallbacks": len(counted.fallbacks), "vocabulary_size": tokenizer.n_vocab,
        "fingerprint": tokenizer.tokenizer.fingerprint(),
    }  # fmt: skip


def data_files(data: Sequence[str], domain: Domain) -> list[Path]:
    """Files that are named, those of globs, and in folders those with the domain's suffixes.

    Raises:
        CorpusError: a name stands for no file.
    """
    found: list[Path] = []
    for name in data:
        path = Path(name)
        files = _in_folder(path, domain) if path.is_dir() else _named(path)
        if not files:
            suffixes = ", ".join(domain.suffixes) or "any name"
            raise CorpusError(
                f"{name!r} stands for no file; in folders those with {suffixes} count"
            )
        found += files
    return found


def _named(path: Path) -> list[Path]:
    if path.exists():
        return [path]
    return [each for each in map(Path, sorted(glob(str(path), recursive=True))) if each.is_file()]  # noqa: PTH207


def _in_folder(folder: Path, domain: Domain) -> list[Path]:
    suffixes = tuple(each + packed for each in domain.suffixes for packed in ("", ".gz", ".zst"))
    files = (Path(top, name) for top, _, names in os.walk(folder) for name in sorted(names))
    return sorted(
        each
        for each in files
        if each.is_file() and each.name.lower().endswith(suffixes or ("",)) and each.stat().st_size
    )


def _unpacked(path: Path) -> bytes:
    with open_bytes(path) as stream:
        return stream.read()
