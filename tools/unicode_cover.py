"""Print what the learner ``unicode`` covers, and its bytes per token on FLORES beside BPE.

    PYTHONPATH=src python tools/unicode_cover.py DATA

DATA holds ``text/``, ``udhr/`` (learnt from) and ``flores_dev/`` (measured on): the figures of
docs/learners/unicode.md.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from pathlib import Path

from tokenry.learning import learn
from tokenry.learning.unicode_cover import covered
from tokenry.tokenizer import Tokenizer

SIZES = (65_536, 16_000)


def main(data: Path) -> None:
    """Learn both kinds at both sizes, and print a table of each."""
    files = sorted([*(data / "text").iterdir(), *(data / "udhr").iterdir()])
    documents = [path.read_text("utf-8", "replace") for path in files if path.is_file()]
    scripts: dict[str, list[str]] = defaultdict(list)
    for path in sorted((data / "flores_dev").iterdir()):
        scripts[path.stem.split("_")[1]].append(path.read_text("utf-8"))
    warnings.simplefilter("ignore")
    for size in SIZES:
        kinds = {k: learn(documents, kind=k, vocab_size=size) for k in ("bpe", "unicode")}
        print(f"\n{size} ids: {_cover(kinds['bpe'])} BPE, {_cover(kinds['unicode'])} unicode")
        print("script  languages  bytes a token: BPE, unicode")
        for script, texts in sorted(scripts.items(), key=lambda item: -len(item[1])):
            rates = [_rate(tokenizer, texts) for tokenizer in kinds.values()]
            print(f"{script:8}{len(texts):9}  {rates[0]:.2f} {rates[1]:.2f}")
        every = [text for texts in scripts.values() for text in texts]
        print("all", *(f"{_rate(tokenizer, every):.2f}" for tokenizer in kinds.values()))


def _cover(tokenizer: Tokenizer) -> str:
    own = tokenizer.vocabulary.matchable()
    wide = {piece for piece in own if piece and len(piece) > 1}
    shares = []
    for cover in ("bmp", "all"):
        characters = covered(cover)
        shares.append(
            f"{sum(each in wide for each in characters) / len(characters):.1%} of {cover}"
        )
    return ", ".join(shares)


def _rate(tokenizer: Tokenizer, texts: list[str]) -> float:
    size = sum(len(text.encode()) for text in texts)
    return size / int(tokenizer.count_batch(texts, threads=1).sum())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
