"""The race of `tokenry.learning.parity`: an index a language, and who is worst off."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tokenry import _native
from tokenry.errors import LearnError
from tokenry.learning.checkpoint import Step
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import NO_LIMIT, native_errors
from tokenry.results import Json

Dev = Mapping[str, Sequence[str]] | str | os.PathLike[str]
_ALL_PAIRS = 2**40  # merges expected: so many that the index leaves no pair out
_STEP = 64  # merges between two reports of progress


@dataclass(frozen=True)
class Indexed:
    """Words of one language: the index of their pairs, their bytes, their tokens now."""

    index: _native.PairIndex
    size: int
    tokens: int


def indexed(counter: _native.WordCounter, learnt: MergeList, longest: int | None) -> Indexed:
    """Words with all merges so far; takes them out of ``counter``."""
    _, offsets, counts = counter.words()
    size = int((np.diff(offsets).astype(np.int64) * counts.astype(np.int64)).sum())
    base = MergeList(learnt.specials, learnt.alphabet)
    with native_errors():
        index = _native.PairIndex.of_words(
            counter,
            *base.packed(),
            base.byte_ids(),
            base.table(),
            1,
            longest or NO_LIMIT,
            _ALL_PAIRS,
        )
    merged = sum(index.merge(left, right) for left, right in learnt.merges)
    return Indexed(index, size, size - merged)


@dataclass
class Choices:
    """What is learnt so far, and the languages of the last merges."""

    learnt: MergeList
    recent: deque[int]

    def snapshot(self) -> Callable[[], Json]:
        """See `tokenry.learning.checkpoint.State`."""
        recent, merges = list(self.recent), self.learnt.snapshot()
        return lambda: {"recent": recent} | merges()

    def restore(self, saved: Json) -> None:
        """Go back to a snapshot."""
        self.learnt.restore(saved)
        self.recent.extend(int(each) for each in saved["recent"])


class Race:
    """Indexes of all languages, kept in step; the worst language makes the next merge.

    Args:
        choices: grow with each merge.
        train: an index a language, of what merges are chosen by.
        dev: an index a language, of what tokens are counted on; empty: the same as ``train``.
        lines: of each language in ``dev``.
        least: a pair that occurs less often is not merged.
        most: the share of the last merges above which a language is passed over.
    """

    def __init__(
        self,
        choices: Choices,
        train: Sequence[Indexed],
        dev: Sequence[Indexed],
        lines: Sequence[int],
        *,
        least: int,
        most: float,
    ) -> None:
        self.choices = choices
        self.train = [each.index for each in train]
        self.dev = [each.index for each in dev]
        self.tokens = np.array([each.tokens for each in dev or train], dtype=np.float64)
        self.sizes = np.array(lines or [each.size for each in train], dtype=np.float64)
        self.least = least
        self.most = most

    def run(self, size: int) -> Iterator[Step]:
        """Merge until there are ``size`` ids or no language has a pair left."""
        learnt = self.choices.learnt
        while len(learnt) < size and self._step():
            if len(learnt) % _STEP == 0:
                yield "merge", len(learnt), size
        yield "merge", len(learnt), size

    def _step(self) -> bool:
        """Merge the pair of the worst language everywhere; False where there is none."""
        rates = self.sizes / np.maximum(self.tokens, 1)
        order: list[int] = np.argsort(rates, kind="stable").tolist()
        resting = [each for each in order if self._is_resting(each)]
        for language in [each for each in order if each not in resting] + resting:
            best = self.train[language].best()
            if best is not None and best[2] >= self.least:
                self.choices.recent.append(language)
                self._merge(best[0], best[1])
                self.choices.learnt.add(*best)
                return True
        return False

    def _is_resting(self, language: int) -> bool:
        recent = self.choices.recent
        return bool(recent.maxlen) and recent.count(language) > self.most * (recent.maxlen or 1)

    def _merge(self, left: int, right: int) -> None:
        made = [index.merge(left, right) for index in self.train]
        if self.dev:
            made = [index.merge(left, right) for index in self.dev]
        self.tokens -= made


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
