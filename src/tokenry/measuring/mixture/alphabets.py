"""Whether samples are written in the scripts of the merges.

Names and quotations bring letters of any script into any text: of GPT-2's merges most occur in
Chinese news, and a mixture of Chinese and Hindi would still say nothing of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from heapq import nlargest
from operator import itemgetter
from typing import Final

from tokenry.errors import CorpusError
from tokenry.measuring.mixture.categories import Category
from tokenry.measuring.mixture.merge_order import MergeOrder
from tokenry.measuring.vocabulary import scripts_of

WRITTEN: Final = 0.1  # of a category's letters: it is written in a script that has as many
STRANGE: Final = 0.9  # of the merges with letters
READ: Final = 5_000  # of the most frequent words of a category


def check_scripts(categories: Mapping[str, Category], order: MergeOrder) -> None:
    """Refuse samples that are written in other scripts than the merges.

    Raises:
        CorpusError: nine tenths of the merges with letters have none of a script of the samples.
    """
    pieces = [piece.decode("utf-8", "ignore") for piece in order.pieces()[len(order.base) :]]
    known = scripts_of("".join(pieces))
    merges = [found for piece in pieces if (found := {known[x] for x in piece if x in known})]
    written = set[str]().union(*(_written(each) for each in categories.values()))
    strange = [found for found in merges if not found & written]
    if merges and len(strange) > STRANGE * len(merges):
        (most, _), *_ = Counter(name for found in strange for name in found).most_common(1)
        raise CorpusError(
            f"{len(strange):,} of {len(merges):,} merges with letters, most of them {most}, are of "
            f"another alphabet than the samples ({', '.join(sorted(written)) or 'no letters'}); "
            "give samples of what the tokenizer was learnt from"
        )


def _written(category: Category) -> set[str]:
    """The scripts of a category's letters, without rare ones."""
    words = nlargest(READ, category.words.items(), key=itemgetter(1))
    texts = [(word.decode("utf-8", "ignore"), count) for word, count in words]
    known = scripts_of("".join(text for text, _ in texts))
    found: Counter[str] = Counter()
    for text, count in texts:
        for letter in text:
            if letter in known:
                found[known[letter]] += count
    return {name for name, count in found.items() if count >= WRITTEN * found.total()}
