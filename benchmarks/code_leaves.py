"""How far the lexer of programs finds the leaves that tree-sitter's trees have.

    python -m benchmarks.code_leaves LANGUAGE FILE...

Of the files that tree-sitter parses without an error: the share of leaves that begin and end alike,
of names whose kind is the same, and of files whose marks are all equal. Of the others: how many of
their bytes tree-sitter cannot parse, and how many the lexer marks as broken.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tokenry.domains.code import words
from tokenry.domains.code.grammars import KINDS, LANGUAGES
from tokenry.domains.code.leaves import BROKEN, leaves


def main(language: str, files: Annotated[list[Path], typer.Argument(exists=True)]) -> None:
    """Compare the leaves of files of one language."""
    counts: Counter[str] = Counter()
    for path in files:
        counts += compared(path.read_bytes(), language)
    print(f"{language}: {counts['files']} files, {counts['bytes'] / 1e6:.1f} MB")
    print(f"  parsed by tree-sitter: {counts['parsed']} files, {counts['leaves']:,} leaves")
    for of, what in (("leaves", "leaves alike"), ("names", "names of one kind")):
        share = counts[f"same {of}"] / max(counts[of], 1)
        print(f"  {what}: {share:.2%} of {counts[of]:,}")
    print(f"  files with the same marks: {counts['same marks']} of {counts['parsed']}")
    print(
        f"  bytes that do not parse: {counts['unparsed']:,} with tree-sitter, "
        f"{counts['marked']:,} marked by the lexer"
    )


def compared(data: bytes, language: str) -> Counter[str]:
    """What is equal in one file."""
    native, number = words.native(), [*LANGUAGES].index(language)
    tree = leaves(data, language)
    begins, ends, kinds, marked = native.leaves(data, number)
    counts = Counter(files=1, bytes=len(data), unparsed=tree.unparsed, marked=marked)
    if tree.unparsed or np.any(tree.kinds == BROKEN):
        return counts
    spans = {*zip(begins.tolist(), ends.tolist(), strict=True)}
    expected = {*map(tuple, tree.spans.tolist())}
    arrays = np.ascontiguousarray(tree.spans.T)
    ours = native.mark(data, number, False, begins, ends, kinds)
    theirs = native.mark(data, number, False, *arrays, tree.kinds.astype(np.uint8))
    named, of_tree = _kinds(ours), _kinds(theirs)
    return counts + Counter(
        {
            "parsed": 1,
            "leaves": len(expected),
            "same leaves": len(expected & spans),
            "names": len(of_tree),
            "same names": sum(named.get(name) == kind for name, kind in of_tree.items()),
            "same marks": int(np.array_equal(ours["marks"], theirs["marks"])),
        }
    )


def _kinds(found: dict[str, Any]) -> dict[bytes, str]:
    """The kind of each name."""
    ends = np.cumsum(found["sizes"]).tolist()
    texts = (found["names"][begin:end] for begin, end in zip([0, *ends], ends, strict=False))
    return dict(zip(texts, np.repeat(KINDS, found["counts"]).tolist(), strict=True))


if __name__ == "__main__":
    typer.run(main)
