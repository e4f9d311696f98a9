"""Fuzz the core against the libraries that it must equal, many cases a second.

`tools/fuzz` runs it on a core built with sanitizers; `test_fuzz.py` is its small form. Contests
take turns, batch by batch. It is seeded: a failure prints the text and the seed of its batch.
By hand: `PYTHONPATH=tests python tests/exactness/fuzz.py --cases 100000`.
"""

from __future__ import annotations

import argparse
import pydoc_data.topics
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import regex
from small_models import HUGGING_FACE, SENTENCEPIECE, train_sentencepiece

from fuzz_text import fuzz_bytes, fuzz_strings
from malformed_files import survives, valid_files
from oracles import differing
from peers import (
    PATTERNS,
    Oracle,
    as_text,
    byte_level_ranks,
    from_hugging_face,
    from_sentencepiece,
    from_tiktoken,
    write_ranks,
)
from tokenry import _native, load
from tokenry.errors import TokenryError
from tokenry.text.pretokenizers import split_patterns as splitting
from tokenry.tokenizer import Tokenizer

TURN = 200_000  # cases of all contests together before each has another batch
# One batch: a seeded generator and a number of cases.
Batch = Callable[[random.Random, int], None]
Make = Callable[[random.Random, int], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Contest:
    """One thing to hold to another, and its share of the cases."""

    name: str
    share: int
    batch: Batch


class FoundError(AssertionError):
    """A case on which we differ."""


# Splitters against the `regex` module


@dataclass(frozen=True, slots=True)
class Expression:
    """Cuts by a regular expression; bytes that are not UTF-8 count as unassigned code points."""

    pattern: str

    def __call__(self, data: bytes) -> list[int]:
        """The end of each stretch; matches and the gaps between them are stretches."""
        text = data.decode("utf-8", "surrogateescape")
        places = {0, len(text)}
        for match in _compiled(self.pattern).finditer(text):
            places.update(match.span())
        cuts = sorted(places)
        sizes = (_size(text[a:b]) for a, b in pairwise(cuts))
        return np.cumsum(list(sizes), dtype=np.int64).tolist() if len(cuts) > 1 else []


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    """With set operations where there are some, and then without full case folding."""
    if "&&" in pattern:
        return regex.compile(f"(?-f){pattern}", regex.VERSION1)
    return regex.compile(pattern, regex.VERSION0)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def splitter_rules() -> dict[str, Callable[[bytes], list[int]]]:
    """Each native splitter that has a rule of its own here."""
    patterns = {**splitting.PATTERNS, **PATTERNS}  # those of peers.py are written independently
    rules: dict[str, Callable[[bytes], list[int]]] = {
        name: Expression(pattern) for name, pattern in patterns.items()
    }
    rules["whole"] = lambda data: [len(data)] if data else []
    rules["space_prefix"] = Expression(r" *[^ ]+(?= )| *[^ ]+| +")
    rules["metaspace"] = Expression(r" [^ ]*|[^ ]+")
    return {name: rules[name] for name in _native.splitter_names() if name in rules}


def split_contest(
    name: str, simd: str, make: Callable[[random.Random, int], Iterator[bytes]]
) -> Batch:
    """The native splitter `name` on one vector path against its rule."""
    splitter, rule = _native.Splitter(name, simd=simd), splitter_rules()[name]

    def batch(rng: random.Random, count: int) -> None:
        for data in make(rng, count):
            given, expected = splitter.split(data).tolist(), rule(data)
            if given != expected:
                raise FoundError(f"splitter {name} on {data!r}: ends {given}, expected {expected}")

    return batch


def _encoded(rng: random.Random, count: int) -> Iterator[bytes]:
    """Strings of up to 12 atoms and, one in ten, up to 100: many blocks of 64 bytes."""
    long = count // 10
    yield from (text.encode() for text in fuzz_strings(rng, long, longest=100))
    yield from (text.encode() for text in fuzz_strings(rng, count - long))


# Encoders against tiktoken


def encode_contest(ours: Tokenizer, oracle: Oracle, avoid: frozenset[str]) -> Batch:
    """Batch encoding, counting, spans and decoding against another library."""

    def batch(rng: random.Random, count: int) -> None:
        texts = [as_text(ours, text) for text in fuzz_strings(rng, count) if avoid.isdisjoint(text)]
        rows = ours.encode_batch(texts, threads=1)
        for number, text in enumerate(texts):
            expected = oracle.encode(text)
            if rows[number].tolist() != expected:
                raise FoundError(f"ids of {text!r}: {rows[number].tolist()}, expected {expected}")
            if number % 4 == 0:
                _check_forms(ours, text, expected)

    return batch


def _check_forms(ours: Tokenizer, text: str, expected: list[int]) -> None:
    ids, spans = ours.encode_with_spans(text)
    if (
        ids.tolist() != expected
        or ours.encode(text) != expected
        or ours.count(text) != len(expected)
    ):
        raise FoundError(f"the ways of encoding {text!r} differ")
    if ours.lossless and ours.decode_bytes(ids) != text.encode():
        raise FoundError(f"{text!r} does not come back")
    if len(spans) and (np.diff(spans[:, 0]) < 0).any():
        raise FoundError(f"spans of {text!r} go backwards: {spans.tolist()}")


def bytes_contest(ours: Tokenizer) -> Batch:
    """Bytes that are not UTF-8 come back, and the spans are the pieces."""

    def batch(rng: random.Random, count: int) -> None:
        for data in fuzz_bytes(rng, count):
            ids, spans = ours.encode_with_spans(data)
            pieces = [data[begin:end] for begin, end in spans.tolist()]
            if ours.decode_bytes(ids) != data or pieces != [
                ours.vocabulary[i] for i in ids.tolist()
            ]:
                raise FoundError(f"{data!r} does not come back")

    return batch


def twin_contest(ours: Tokenizer) -> Batch:
    """The readable Python segmenter against the native one, a pretoken at a time."""
    engine = _native.Engine(ours.segmenter.native(), _native.Splitter("whole"))

    def batch(rng: random.Random, count: int) -> None:
        for text in fuzz_strings(rng, count, longest=4):
            data = text.encode()
            given = engine.encode(data).tolist()
            expected = list(ours.segmenter.segment(data)) if data else []
            if given != expected:
                raise FoundError(f"pretoken {data!r}: {given}, its twin gives {expected}")

    return batch


def decode_contest(ours: Tokenizer) -> Batch:
    """Any ids decode, and ids that do not exist are our error."""

    def batch(rng: random.Random, count: int) -> None:
        size = len(ours.vocabulary)
        for _ in range(count):
            ids = [rng.randrange(size) for _ in range(rng.randrange(8))]
            ours.decode(np.array(ids, dtype=np.uint32))
            try:
                ours.decode_bytes([*ids, rng.choice((size, size + 7, 2**31, 2**32 - 1))])
            except TokenryError:
                continue
            raise FoundError(f"an id beyond {size} decodes")

    return batch


def file_contest(folder: Path) -> Batch:
    """Damaged tokenizer files: our error or a tokenizer that works."""
    files = list(valid_files().values())

    def batch(rng: random.Random, count: int) -> None:
        for _ in range(count):
            name, data, options = rng.choice(files)
            damaged = bytearray(data)
            for _ in range(rng.choice((1, 1, 2, 4, 16))):
                at = rng.randrange(len(damaged))
                if rng.random() < 0.3:
                    del damaged[at : at + rng.choice((1, 2, 50))]
                    damaged = damaged or bytearray(b"\0")
                else:
                    damaged[at] = rng.randrange(256)
            (folder / name).write_bytes(damaged)
            survives(folder / name, **options)

    return batch


def contests(folder: Path) -> list[Contest]:
    """All contests that the core allows; the small models are learnt here."""
    trouble = "\n".join(fuzz_strings(random.Random(3), 4000)).replace("\0", "")
    # No merge may make a special, or the byte 0x0A, out of text that only names it.
    trouble = trouble.replace("<", " ").replace("[", " ")
    text = "\n".join([*sorted(pydoc_data.topics.topics.values())[:40], trouble])
    return [
        *_splitters(),
        *_byte_level(folder, text),
        *_hugging_face(folder, text),
        *_sentencepiece(folder, text),
        Contest("damaged files", 4, file_contest(folder)),
    ]


def _splitters() -> Iterator[Contest]:
    for name, simd in product(splitter_rules(), _native.simd_paths()):
        yield Contest(f"split {name}, {simd}", 3, split_contest(name, simd, _encoded))
        yield Contest(f"split bytes {name}, {simd}", 1, split_contest(name, simd, fuzz_bytes))


def _byte_level(folder: Path, text: str) -> Iterator[Contest]:
    ranks = byte_level_ranks(HUGGING_FACE["byte-level"](text))
    path = write_ranks(ranks, folder / "small.tiktoken")
    for pattern in PATTERNS:
        ours, oracle = load(path, pattern=pattern), from_tiktoken(ranks, pattern, {})
        yield Contest(f"ids {pattern}", 16, encode_contest(ours, oracle, differing("tiktoken")))
    ours = load(path, pattern="o200k")
    yield Contest("bytes come back", 10, bytes_contest(ours))
    yield Contest("twin bpe", 6, twin_contest(ours))
    yield Contest("decode", 6, decode_contest(ours))


def _hugging_face(folder: Path, text: str) -> Iterator[Contest]:
    for name in ("digits", "unknown-pattern", "metaspace", "wordpiece", "unigram"):
        model = HUGGING_FACE[name](text)
        model.save(str(folder / "tokenizer.json"))
        ours, oracle = load(folder / "tokenizer.json"), from_hugging_face(model)
        contest = encode_contest(ours, oracle, differing("tokenizers"))
        yield Contest(f"ids tokenizer.json {name}", 3, contest)


def _sentencepiece(folder: Path, text: str) -> Iterator[Contest]:
    for name in SENTENCEPIECE:
        path = train_sentencepiece(name, text.splitlines(), folder)
        ours, oracle = load(path), from_sentencepiece(path)
        # sentencepiece stops at a NUL in some of its Python entry points
        contest = encode_contest(ours, oracle, frozenset("\0"))
        yield Contest(f"ids sentencepiece {name}", 6, contest)
        yield Contest(f"twin sentencepiece {name}", 3, twin_contest(ours))


def run(cases: int, seconds: float, seed: int, only: str = "") -> dict[str, int]:
    """Batches of all contests in turn until enough cases or no time is left."""
    with tempfile.TemporaryDirectory() as folder:
        field = [contest for contest in contests(Path(folder)) if only in contest.name]
        done = dict.fromkeys((contest.name for contest in field), 0)
        total, end, turn = sum(contest.share for contest in field), time.monotonic() + seconds, 0
        while sum(done.values()) < cases and time.monotonic() < end:
            for contest in field:
                count = 1 + min(TURN, cases) * contest.share // total
                key = f"{seed} {turn} {contest.name}"
                try:
                    contest.batch(random.Random(key), count)
                except Exception as error:
                    raise FoundError(f"{contest.name}, batch seed {key!r}: {error}") from error
                done[contest.name] += count
            turn += 1
    return done


def main() -> int:
    """Run and print the counts; 1 where fewer cases than asked for fitted in the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="contests whose name contains this")
    given = parser.parse_args()
    begin = time.monotonic()
    done = run(given.cases, given.seconds, given.seed, given.only)
    for name, count in done.items():
        print(f"{count:>9,}  {name}")
    total, spent = sum(done.values()), time.monotonic() - begin
    print(f"{total:>9,}  cases, no difference, {spent:.0f} s, core: {_native.simd()}")
    return 0 if total >= given.cases else 1


if __name__ == "__main__":
    sys.exit(main())
