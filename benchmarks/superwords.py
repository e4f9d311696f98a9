"""Superwords beside words: `python -m benchmarks.superwords [--data DIR] [--size MB]`.

A SuperBPE and a BPE of one size encode the same held-out English, a megabyte at a time and in
turns: as a stream that neither has seen (caches are empty before), and when all of it was seen.
CPU time of one core; the ids are those of merging in one step, which runs beside them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.corpora import cut, stream_text
from benchmarks.result import Measurement
from benchmarks.timing import check_equal, pin, speeds, stream_seconds
from tokenry import _native
from tokenry.learning import Bpe, SuperBpe
from tokenry.tokenizer import Tokenizer

VOCABULARY = 32_000
MEGABYTE = 1_000_000
ROUNDS = 5  # over text that was seen

Engines = dict[str, _native.Engine]


def superword_engines(tokenizer: Tokenizer) -> Engines:
    """In two steps, as users get it, and in one."""
    segmenter = tokenizer.segmenter
    return {
        "superwords": _engine(tokenizer, segmenter.native()),
        "superwords in one step": _engine(tokenizer, segmenter.in_one_step()),
    }


def word_engines(tokenizer: Tokenizer) -> Engines:
    """The same twice, which shows the noise."""
    return {
        name: _engine(tokenizer, tokenizer.segmenter.native()) for name in ("words", "words again")
    }


def _engine(tokenizer: Tokenizer, core: _native.Segmenter) -> _native.Engine:
    return _native.Engine(core, _native.Splitter(str(tokenizer.pretokenizer.native)))


def race(engines: Engines, held: Sequence[str], rounds: int) -> dict[str, Measurement]:
    """MB/s over stretches of text; a stream of what is unknown where caches are empty before."""

    def count(engine: _native.Engine) -> object:
        return lambda text: engine.encode(text).size and 0

    sizes = [len(text.encode()) for text in held] * rounds
    runs = {name: count(engine) for name, engine in engines.items()}
    spent = stream_seconds(runs, [*held] * rounds, "held-out text")
    return {name: speeds(sizes, each) for name, each in spent.items()}


def main() -> None:
    """Print a table for each state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data")
    parser.add_argument("--size", type=int, default=20, help="megabytes to learn from")
    given = parser.parse_args()
    pin()
    texts = cut(stream_text("english", given.data, given.size * MEGABYTE)[0], MEGABYTE)
    held, learnt = texts[::5], [text for at, text in enumerate(texts) if at % 5]
    superwords = superword_engines(SuperBpe(vocab_size=VOCABULARY).learn(learnt))
    words = word_engines(Bpe(vocab_size=VOCABULARY).learn(learnt))
    for text in held:
        check_equal({name: each.encode(text) for name, each in superwords.items()}, "held-out text")
    engines = superwords | words
    for each in engines.values():
        each.clear_cache()
    for state, rounds in (("never seen", 1), ("seen before", ROUNDS)):
        found = race(engines, held, rounds)
        for name, speed in found.items():
            ratio = speed.median / found["words"].median
            spread = f"({speed.low:.1f} to {speed.high:.1f})"
            print(f"{state:12} {name:24} {speed.median:7.1f} MB/s {spread}, {ratio:.2f} of words")


if __name__ == "__main__":
    main()
