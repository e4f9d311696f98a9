"""Files of data in two halves that share no document, for a second draw of the same kind.

Half 0 and half 1 of a file have the same form as the file, so an experiment reads either as it
reads the whole. What a document is hangs on the file: a stretch of 100,000 characters of running
text (of another book, mostly), a block of parallel sentences (the same lines in every language), an
article of a declaration, a row, a word of a list of words, a record. A file of one sample, such as
a capture, is not cut: `shared_out` gives every second of them. Published tokenizers and lexicons
are no sample of anything and stay whole; an experiment that draws from a folder in its own way,
by `Setting.draw`, names it in `Experiment.undivided`.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")
STRETCH: Final = 100_000  # characters of running text
BLOCK: Final = 20  # neighbouring parallel sentences come from one article
_ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)


def every_second(items: Sequence[T], half: int) -> list[T]:
    """Items 0, 2, 4, ... for half 0, the others for half 1.

    >>> every_second("abcde", 0), every_second("abcde", 1)
    (['a', 'c', 'e'], ['b', 'd'])
    """
    return list(items[half::2])


def _stretches(text: str, half: int) -> str:
    """Running text: stretches that end at an empty line, or at a line where there is none near."""
    found: list[str] = []
    at, size = 0, min(STRETCH, 1 + len(text) // 10)
    while at < len(text):
        end = at + size
        for mark in ("\n\n", "\n"):
            cut = text.find(mark, end, end + size // 10)
            if cut >= 0:
                end = cut + len(mark)
                break
        found.append(text[at:end])
        at = end
    return "".join(every_second(found, half))


def _blocks(text: str, half: int) -> str:
    """Parallel lines: blocks, the same in all languages."""
    lines = text.splitlines(keepends=True)
    blocks = [lines[at : at + BLOCK] for at in range(0, len(lines), BLOCK)]
    return "".join(chain.from_iterable(every_second(blocks, half)))


def _lines(text: str, half: int) -> str:
    return "".join(every_second(text.splitlines(keepends=True), half))


def _words(text: str, half: int) -> str:
    """Lines by a hash of their first word, so that all lines of a word stand in one half."""
    lines = text.splitlines(keepends=True)
    first, rest = (lines[:1], lines[1:]) if "," in lines[0] else ([], lines)
    return "".join([*first, *(line for line in rest if _side(line) == half)])


def _side(line: str) -> int:
    fields = re.split("[\t,]", line.strip())
    word = next((field for field in fields if not field.isdigit()), "")
    return hashlib.sha256(word.encode()).digest()[0] % 2


def _rows(text: str, half: int, delimiter: str) -> str:
    """Rows of a table, quoted line ends and all, under its heading."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([rows[0], *every_second(rows[1:], half)])
    return out.getvalue()


def _articles(text: str, half: int) -> str:
    found = _ARTICLE.findall(text)
    other = set(every_second(found, 1 - half))
    return _ARTICLE.sub(lambda match: "" if match.group() in other else match.group(), text)


def _json(text: str, half: int) -> str:
    content = json.loads(text)
    if isinstance(content, dict):
        return json.dumps(dict(every_second(list(content.items()), half)))
    return json.dumps(every_second(content, half))


def _genome(text: str, half: int) -> str:
    """A sequence: its first or its second half, under its name."""
    name, _, letters = text.partition("\n")
    lines = letters.splitlines(keepends=True)
    middle = len(lines) // 2
    return f"{name}\n" + "".join(lines[middle:] if half else lines[:middle])


Cut = Callable[[str, int], str]
WHOLE: Final = frozenset({"tokenizers", "models", "morphology/turkish"})
"""Folders of what is no sample."""
_BY_FOLDER: Final[dict[str, Cut]] = {"flores_dev": _blocks, "morphology": _words, "udhr": _articles}
_BY_ENDING: Final[dict[str, Cut]] = {
    ".txt": _stretches,
    ".jsonl": _lines,
    ".json": _json,
    ".csv": lambda text, half: _rows(text, half, ","),
    ".tsv": lambda text, half: _rows(text, half, "\t"),
    ".fna": _genome,
    ".fa": _genome,
}


def cut_of(name: str) -> Cut | None:
    """How a file is halved, by its path in the data folder; None where it is not."""
    if any(name.startswith(f"{folder}/") for folder in WHOLE):
        return None
    plain = Path(name.removesuffix(".gz"))
    return _BY_FOLDER.get(plain.parts[0]) or _BY_ENDING.get(plain.suffix)


def write_half(path: Path, out: Path, cut: Cut, half: int) -> None:
    """Write one half of a file, packed where the file is."""
    packed = path.suffix == ".gz"
    content = path.read_bytes()
    text = (gzip.decompress(content) if packed else content).decode("utf-8")
    found = cut(text, half).encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(gzip.compress(found, mtime=0) if packed else found)


def shared_out(paths: Sequence[Path], half: int) -> list[Path]:
    """Every second file, of samples that are a file each; one alone stays."""
    return every_second(paths, half) or list(paths)
