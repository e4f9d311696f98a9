"""What each stage of encoding costs: `python -m benchmarks.stages [--data DIR] [KIND...]`.

Not a race: only ours, CPU time of one core, the best of several rounds. Stages are differences of
whole runs, so they include what a stage does to the caches of the processor.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise

from benchmarks import report
from benchmarks.corpora import KINDS, first, text
from benchmarks.timing import pin
from benchmarks.vocabularies import vocabularies
from tokenry import _native, load
from tokenry.tokenizer import Tokenizer

SIZE = 3_000_000
ROUNDS = 9
COLUMNS = (
    "text", "bytes/pretoken", "split", "look up, store", "misses", "a miss", "spans/id",
    "decode/id",
)  # fmt: skip


def best(run: Callable[[], object]) -> float:
    """The least CPU nanoseconds of ROUNDS calls: what others on the machine do not add to."""
    spent = []
    for _ in range(ROUNDS):
        begin = time.process_time_ns()
        run()
        spent.append(time.process_time_ns() - begin)
    return float(min(spent))


def stages(tokenizer: Tokenizer, data: bytes) -> list[str]:
    """The row of COLUMNS for a text, without its name."""
    splitter = _native.Splitter(str(tokenizer.pretokenizer.native))
    engine = _native.Engine(tokenizer.segmenter.native(), splitter)
    ends = splitter.split(data).tolist()
    pieces = set(tokenizer.vocabulary.pieces)
    missed = {data[a:b] for a, b in pairwise([0, *ends])} - pieces
    ids = engine.encode(data)

    def cold() -> None:
        engine.clear_cache()
        engine.encode(b"a")  # makes the cache, which is no part of a miss
        begin = time.process_time_ns()
        engine.encode(data)
        unseen.append(time.process_time_ns() - begin)

    unseen: list[int] = []
    best(cold)
    split = best(lambda: splitter.count(data))
    encode = best(lambda: engine.encode(data))
    spans = best(lambda: engine.encode_spans(data)) - encode
    decode = best(lambda: engine.decode(ids))
    each = len(ends)
    return [
        f"{len(data) / each:.2f}",
        f"{split / each:.2f}",
        f"{(encode - split) / each:.2f}",
        f"{len(missed) / each:.1%}",
        f"{(min(unseen) - encode) / max(1, len(missed)):.0f}",
        f"{spans / len(ids):.2f}",
        f"{decode / len(ids):.2f}",
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print a table for each vocabulary."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    given = parser.parse_args(arguments)
    if unknown := [kind for kind in given.kinds if kind not in KINDS]:
        parser.error(f"no kind of text is called {', '.join(unknown)}")
    pin()
    machine = report.machine()
    print(f"ns on {machine['processor']}, {machine['simd']}; misses: first-seen pretokens that are")
    print("no piece of the vocabulary, as a part of all in 3 MB")
    for vocabulary in vocabularies(given.data):
        options = {"pattern": vocabulary.pattern} if vocabulary.path.suffix == ".tiktoken" else {}
        tokenizer = load(str(vocabulary.path), **options)
        print(f"\n### {vocabulary.name}\n\n| {' | '.join(COLUMNS)} |\n{'| --- ' * len(COLUMNS)}|")
        for kind in given.kinds or KINDS:
            data = first(text(kind, given.data)[0], SIZE).encode()
            print(f"| {kind} | {' | '.join(stages(tokenizer, data))} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
