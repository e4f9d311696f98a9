"""Reading with a lexicon as the paper says it: the readable twin of the native LiB learner.

Every rank is looked for in a Python list, so it is for small data: some kilobytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from tokenry.text.segmenters.unigram import characters

MOST_STEPS = 32  # two readings that have not met by then are left undecided
Verdict = Literal["good", "bad", "open"]


class Parse(NamedTuple):
    """A chunk of the list; a byte, which is not listed; or an unknown character."""

    data: bytes
    listed: bool
    unknown: bool


@dataclass
class ReadableLib:
    """The same as `tokenry._native.LibLearner`, for the same options."""

    text: bytes
    ends: list[int]
    batches: list[int]
    seed: int
    memory_in: int
    memory_out: float
    update_rate: float
    life: int
    longest: int
    capacity: int
    memorising: bool = True
    chunks: list[bytes] = field(default_factory=list)
    lives: dict[bytes, int] = field(default_factory=dict)
    probation: set[bytes] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    order: list[int] = field(default_factory=list)

    def add(self, chunk: bytes) -> None:
        """Append a chunk."""
        self.chunks.append(chunk)
        self.lives[chunk] = self.life

    def random(self) -> int:
        """64 bits of splitmix64."""
        mask = 2**64 - 1
        self.seed = z = (self.seed + 0x9E3779B97F4A7C15) & mask
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        return z ^ (z >> 31)

    def read(self, count: int) -> None:
        """Read ``count`` batches."""
        for _ in range(count):
            batch = self.next_batch()
            self.seen.clear()
            first = self.batches[batch - 1] if batch else 0
            for unit in range(first, self.batches[batch]):
                self.read_unit(self.ends[unit - 1] if unit else 0, self.ends[unit])
            self.forget()

    def next_batch(self) -> int:
        """A pass takes all batches in a random order."""
        if not self.order:
            order = list(range(len(self.batches)))
            for i in range(len(order) - 1, 0, -1):
                j = self.random() % (i + 1)
                order[i], order[j] = order[j], order[i]
            self.order = order[::-1]
        return self.order.pop()

    def matches(self, at: int, end: int) -> list[bytes]:
        """Chunks that the text goes on with, the longest first."""
        sizes = range(min(end - at, self.longest), 0, -1)
        return [c for size in sizes if (c := self.text[at : at + size]) in self.lives]

    def alone(self, at: int, end: int) -> Parse:
        """What stands here if no chunk does."""
        _, width = next(characters(self.text[at : min(end, at + 4)]))
        return Parse(self.text[at : at + width], False, width > 1)

    def step(self, at: int, end: int) -> Parse:
        """The longest match."""
        found = self.matches(at, end)
        return Parse(found[0], True, False) if found else self.alone(at, end)

    def read_unit(self, at: int, end: int) -> None:
        """Read by longest match, re-evaluating and memorising after each chunk."""
        previous: bytes | None = None
        while at < end:
            chosen = self.step(at, end)
            at += len(chosen.data)
            if chosen.unknown:
                self.memorise(chosen.data)
                previous = None
                continue
            if chosen.listed:
                self.reconsider(at - len(chosen.data), end)
            if previous is not None:
                self.memorise(previous + chosen.data)
            previous = chosen.data

    def reconsider(self, at: int, end: int) -> None:
        """Move the chunk that was read, by comparison with the second longest."""
        longest, *others = self.matches(at, end)
        shorter = Parse(others[0], True, False) if others else self.alone(at, end)
        verdict: Verdict = "good"
        if len(shorter.data) < len(longest):
            verdict = self.compare(at, end, Parse(longest, True, False), shorter)
        if verdict == "good":
            self.forward(longest)
        if verdict == "bad":
            if shorter.listed:
                self.forward(shorter.data)
            self.back(longest)

    def compare(self, at: int, end: int, one: Parse, other: Parse) -> Verdict:
        """Whether the first is good, beside the reading that begins with the other."""
        ones, others = [one], [other]
        first, second = at + len(one.data), at + len(other.data)
        while first != second:
            if len(ones) + len(others) > MOST_STEPS:
                return "open"
            if first < second:
                ones.append(self.step(first, end))
                first += len(ones[-1].data)
            else:
                others.append(self.step(second, end))
                second += len(others[-1].data)
        return "bad" if self.costs(others) < self.costs(ones) else "good"

    def costs(self, steps: list[Parse]) -> tuple[int, int, int]:
        """Unknown characters, chunks, sum of ranks; the smaller is the better."""
        ranks = (self.chunks.index(s.data) if s.listed else len(self.chunks) for s in steps)
        return sum(s.unknown for s in steps), len(steps), sum(ranks)

    def forward(self, chunk: bytes) -> None:
        """A good use."""
        self.probation.discard(chunk)
        self.lives[chunk] = self.life
        rank = self.chunks.index(chunk)
        del self.chunks[rank]
        self.chunks.insert(max(0, rank - int(rank * self.update_rate) - 1), chunk)

    def back(self, chunk: bytes) -> None:
        """A bad use; past the end the chunk is forgotten."""
        rank = self.chunks.index(chunk)
        to = rank + int(rank * self.update_rate) + 1
        if to >= len(self.chunks):
            return self.erase(chunk)
        del self.chunks[rank]
        self.chunks.insert(to, chunk)

    def erase(self, chunk: bytes) -> None:
        """Forget a chunk."""
        self.chunks.remove(chunk)
        del self.lives[chunk]
        self.probation.discard(chunk)

    def memorise(self, data: bytes) -> None:
        """Learn what is met for the second time in a batch."""
        if not self.memorising or self.random() >= self.memory_in:
            return
        if len(data) > self.longest or data in self.lives:
            return
        if data not in self.seen:
            self.seen.add(data)
            return
        self.seen.remove(data)
        self.add(data)

    def forget(self) -> None:
        """Put the end of the list on probation; all that are on it lose a life."""
        size = len(self.chunks)
        last = int(size * self.memory_out) + 1 if self.memorising else 0
        last = max(last, size - self.capacity)
        self.probation.update(self.chunks[size - min(size, last) :])
        for chunk in sorted(self.probation):
            self.lives[chunk] -= 1
            if self.lives[chunk] == 0:
                self.erase(chunk)
