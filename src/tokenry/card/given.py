"""What a caller gives to be measured, and on what: objects in memory, or paths."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from tokenry.card.options import CardOptions
from tokenry.corpus.corpus import Corpus, as_corpus
from tokenry.corpus.documents import Document
from tokenry.corpus.passages import reader
from tokenry.errors import ArgumentError, CorpusError, StudyError
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import NamedTokenizer, free_name, load_named

PathLike: TypeAlias = str | os.PathLike[str]
Texts: TypeAlias = Corpus | PathLike | Iterable[str | bytes | Document | os.PathLike[str]]
On: TypeAlias = Texts | Mapping[str, Texts] | None
IN_MEMORY = "texts in memory"


def name_tokenizers(given: Sequence[Tokenizer | PathLike]) -> list[NamedTokenizer]:
    """Tokenizers from memory and from files, under names that differ.

    Raises:
        ArgumentError: something else.
        FileNotFoundError, FormatError, UnsupportedError: a file cannot be used.
    """
    found: list[NamedTokenizer] = []
    for each in given:
        taken = [named.name for named in found]
        if isinstance(each, Tokenizer):
            name = free_name(each.name or "tokenizer", taken)
            found.append(NamedTokenizer(name, None, None, each))
        elif isinstance(each, str | os.PathLike):
            found += load_named((os.fspath(each),), taken)
        else:
            raise ArgumentError(f"tokenizers: {each!r:.60}; expected tokenizers, or paths of them")
    return found


def card_options(
    named: Sequence[NamedTokenizer], on: On, options: Mapping[str, Any]
) -> CardOptions:
    """The options of a card of these tokenizers; paths may be texts."""
    loose = dict(options)
    for name in ("parallel", "words", "morphemes"):
        if loose.get(name) is not None:
            loose[name] = Path(loose[name])
    gold = loose.get("gold", ())
    loose["gold"] = tuple(map(Path, [gold] if isinstance(gold, str | os.PathLike) else gold))
    known = {each.name for each in fields(CardOptions)} - {"tokenizers", "on"}
    for name in loose:
        if name not in known:
            raise StudyError(
                f"{name!r} is no option of a card; they are {', '.join(sorted(known))}"
            )
    names = tuple(each.name if each.path is None else str(each.path) for each in named)
    return CardOptions(tokenizers=names, on=labels_of(on), **loose)


def labels_of(on: On) -> tuple[str, ...]:
    """What to call the data: the paths, the domains, or texts in memory; nothing for None."""
    if on is None:
        return ()
    if isinstance(on, Mapping):
        return tuple(on)
    return tuple(map(str, paths_of(on))) or (IN_MEMORY,)


def documents_of(on: On, field: str = "text") -> Iterator[Document] | None:
    """The documents; None for no data, or for paths, which the options name.

    Raises:
        CorpusError: a path does not exist, or a text in a list is the name of a file.
    """
    if isinstance(on, Mapping):
        return chain.from_iterable(_domain(name, texts, field) for name, texts in on.items())
    return None if on is None or paths_of(on) else iter(_texts(on))


def paths_of(texts: Texts) -> list[Path]:
    """The paths that were given; none where texts were."""
    if texts == "":
        raise ArgumentError("on ''; expected a path, texts in a list, or a mapping of domains")
    if isinstance(texts, str | os.PathLike):
        return [Path(texts)]
    if isinstance(texts, Sequence) and all(isinstance(each, os.PathLike) for each in texts):
        return [Path(each) for each in texts if isinstance(each, os.PathLike)]
    return []


def _domain(name: str, texts: Texts, field: str) -> Iterator[Document]:
    paths = paths_of(texts)
    documents = reader([str(path) for path in paths], field)() if paths else _texts(texts)
    for document in documents:
        yield replace(document, domain=name)


def _texts(texts: Texts) -> Iterable[Document]:
    if isinstance(texts, Sequence):
        named = next((each for each in texts if isinstance(each, str) and _is_file(each)), None)
        if named is not None:
            raise CorpusError(
                f"{named!r} in a list is a text, and there is a file of that name; give "
                f"pathlib.Path({named!r}) for the file"
            )
    return as_corpus(texts, "on")  # type: ignore[arg-type]


def _is_file(text: str) -> bool:
    return 0 < len(text) < 256 and "\n" not in text and Path(text).exists()
