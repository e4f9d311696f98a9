"""The text of the races: the shared data where given, else what Python installations bundle."""

from __future__ import annotations

import ast
import hashlib
import pydoc_data.topics
import sysconfig
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

CACHE = Path("build/bench")
KINDS = ("english", "code", "multilingual", "chinese")
_SHARED = {"english": "english_books", "multilingual": "multilingual", "chinese": "chinese"}
_MORE = {
    # Without the English (eng) and the two Chinese (zho) of FLORES.
    "multilingual": tuple(f"flores_dev/{names}*.txt" for names in ("[!ez]", "e[!n]", "z[!h]")),
    "chinese": ("flores_dev/zho*.txt",),
}


def text(kind: str, data: str | None) -> tuple[str, str]:
    """Text of one of KINDS and where it is from."""
    if kind == "code":
        return "".join(paragraphs(python_sources("stdlib"))), "the interpreter's standard library"
    if data is not None:
        path = Path(data) / "text" / f"{_SHARED[kind]}.txt"
        return path.read_text(encoding="utf-8"), f"shared text/{path.name}"
    return _bundled(kind)


def stream_text(kind: str, data: str | None, size: int) -> tuple[str, str]:
    """About `size` bytes of one of KINDS, or as much as there is: more than `text` gives."""
    if kind == "code":
        sources = chain(python_sources("stdlib"), python_sources("purelib"))
        note = "Python sources: the standard library and installed packages"
    elif data is None:
        return first(text(kind, None)[0], size), text(kind, None)[1]
    elif kind == "english":
        sources, note = english(data), "shared English (books first), documentation, docstrings"
    else:
        patterns = (f"text/{_SHARED[kind]}.txt", *_MORE[kind])
        sources, note = _shared_files(data, patterns), f"shared {kind} text and FLORES"
    return "".join(_until(filter(_assigned, paragraphs(sources)), size)), note


def _assigned(body: str) -> bool:
    """Whether Python's Unicode knows all of it: engines disagree on what was assigned since."""
    return all(unicodedata.category(character) != "Cn" for character in set(body))


def _until(texts: Iterable[str], size: int) -> Iterator[str]:
    """Texts while they are less than `size` bytes together."""
    total = 0
    for body in texts:
        total += len(body.encode())
        if total > size:
            return
        yield body


def _bundled(kind: str) -> tuple[str, str]:
    if kind == "english":
        return "".join(paragraphs(_english())), "Python's documentation topics and docstrings"
    names = _cldr_names("zh" if kind == "chinese" else "")
    return "".join(paragraphs(names)), "names of the CLDR (babel)"


def cut(body: str, size: int) -> list[str]:
    """Pieces of about `size` bytes, cut after a line end."""
    pieces, begin = [], 0
    step = max(1, int(size * len(body) / max(1, len(body.encode()))))
    while begin < len(body):
        end = body.find("\n", begin + step)
        end = len(body) if end < 0 else end + 1
        pieces.append(body[begin:end])
        begin = end
    return pieces


def first(body: str, size: int) -> str:
    """About the first `size` bytes."""
    return cut(body[: size + 10_000], size)[0] if len(body) > size else body


def paragraphs(texts: Iterable[str]) -> Iterator[str]:
    """Blocks between blank lines, each the first time that it occurs."""
    seen: set[bytes] = set()
    for body in texts:
        for block in body.split("\n\n"):
            key = hashlib.blake2b(block.strip().encode(), digest_size=12).digest()
            if block.strip() and key not in seen:
                seen.add(key)
                yield block + "\n\n"


def python_sources(scheme: str, pattern: str = "*.py") -> Iterator[str]:
    """Files of the standard library ("stdlib") or of installed packages ("purelib"), by name."""
    folder = Path(sysconfig.get_path(scheme))
    for path in sorted(folder.rglob(pattern)):
        if scheme == "stdlib" and "site-packages" in path.parts:
            continue
        try:
            yield path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue


def docstrings(scheme: str) -> Iterator[str]:
    """The prose that Python modules carry: every docstring, in file order."""
    for source in python_sources(scheme):
        if '"""' not in source:
            continue
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = (ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, holders))
        yield "\n\n".join(each for each in found if each)


def _english() -> Iterator[str]:
    topics = pydoc_data.topics.topics
    yield from (topics[name] for name in sorted(topics))
    yield from docstrings("stdlib")


def _cldr_names(language: str) -> Iterator[str]:
    import babel

    for code in sorted(babel.localedata.locale_identifiers()):
        if code.startswith(language):
            locale = babel.Locale.parse(code)
            tables = (locale.languages, locale.territories, locale.scripts, locale.currencies)
            yield "\n\n".join(" ".join(map(str, table.values())) for table in tables)


def _shared_files(data: str | None, patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns if data is not None else ():
        for path in sorted(Path(data or "").glob(pattern)):
            yield path.read_text(encoding="utf-8", errors="replace")


def mixed(data: str | None) -> Iterator[str]:
    """English, other languages, Chinese and code, in this order, for learning BPE."""
    yield from _shared_files(data, ("text/*.txt", "flores_dev/*.txt", "udhr/**/*.txt"))
    yield from _english()
    yield from python_sources("stdlib")
    yield from python_sources("purelib")


def english(data: str | None) -> Iterator[str]:
    """English prose for learning SuperBPE: books, domain texts, documentation, docstrings."""
    yield from _shared_files(data, ("text/english_books.txt", "gsm8k/*.jsonl", "legalbench/*.tsv"))
    yield from _shared_files(data, ("pubmedqa/*.json", "mts_dialog_clinical/*", "tatqa_finance/*"))
    yield from _english()
    yield from docstrings("purelib")


def folder(
    name: str, source: Callable[[str | None], Iterator[str]], size: int, data: str | None
) -> Path:
    """`size` bytes of `source` as files of about a megabyte, made once and kept in CACHE.

    Exact duplicate paragraphs are dropped. The content depends on the packages that are installed.
    """
    target = CACHE / f"{name}-{size // 1_000_000}mb{'-shared' if data else ''}"
    if size_of(target):
        return target
    target.mkdir(parents=True, exist_ok=True)
    total = 0
    for number, block in enumerate(_blocks(paragraphs(source(data)), size)):
        (target / f"{number:03}.txt").write_bytes(block)
        total += len(block)
    target.with_suffix(".size").write_text(f"{total}\n")
    return target


def size_of(target: Path) -> int:
    """Bytes of a corpus that `folder` made; 0 where it is not complete."""
    record = target.with_suffix(".size")
    return int(record.read_text()) if record.exists() else 0


def _blocks(texts: Iterable[str], size: int) -> Iterator[bytes]:
    held, total = bytearray(), 0
    for body in texts:
        held += body.encode()
        if total + len(held) >= size:
            break
        if len(held) >= 1_000_000:
            yield bytes(held)
            total += len(held)
            held.clear()
    if held:
        yield bytes(held)
