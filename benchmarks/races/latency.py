"""Calls of short texts, of one that comes again, and a batch: what each library gives its callers.

Each is called in a lambda. Lists of ids where the library gives lists; gigatoken and fastokens are
asked for what they give soonest, an array and a list. A batch is 500 English texts of 2 kB on one
thread.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.corpora import first, text
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present
from benchmarks.timing import pin
from benchmarks.vocabularies import PATTERNS, Vocabulary, vocabularies

LENGTHS = (10, 100, 1000)
TEXTS, SIZE = 500, 2000
SPECIAL = "<|endoftext|>"
MEMO = "tokenry, memo"
RIVALS = ("tiktoken", "tokenizers", "gigatoken", "fastokens")
ABOUT_ONE = Goal("about 1 us", limit=1.2)
QUICKEST = Goal("the quickest", RIVALS)
Calls = dict[str, Callable[[Any], Any]]


def run(settings: Settings) -> list[Case]:
    """Cases of each length, without and with specials, and of the batch."""
    pin()
    vocabulary = vocabularies(settings.data)[0]
    body = first(text("english", settings.data)[0], TEXTS * SIZE)
    one, again, many = _calls(vocabulary)
    cases = []
    for length in LENGTHS:
        for name, calls in one.items():
            case = Case("latency", f"{length} characters, {name}", "us", False)
            case.goal = ABOUT_ONE if length == LENGTHS[0] else QUICKEST
            case.engines = _microseconds(calls, body[length : 2 * length], settings.rounds)
            cases.append(case)
    repeated = Case("latency", f"{SIZE} characters that come again", "us", False)
    repeated.engines = _microseconds(again, body[:SIZE], settings.rounds)
    batch = Case("latency", f"{TEXTS} texts of {SIZE} characters", "ms", False, goal=QUICKEST)
    texts = [body[at : at + SIZE] for at in range(0, TEXTS * SIZE, SIZE)]
    batch.engines = _microseconds(many, texts, settings.rounds, calls=1, unit=1e3)
    return [*cases, repeated, batch]


def _microseconds(
    engines: Calls, given: Any, rounds: int, calls: int = 2000, unit: float = 1e6
) -> dict[str, Measurement]:
    """CPU time of a call; engines take turns."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in engines.items():
                call(given)
                begin = time.process_time()
                for _ in range(calls):
                    call(given)
                times[name].append((time.process_time() - begin) / calls * unit)
    finally:
        gc.enable()
    return {name: Measurement.of(each) for name, each in times.items()}


def _anew(calls: Calls) -> Calls:
    """The same calls, each with a str of its own, as texts come off a wire: it keeps no hash."""

    def anew(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda text: call(text[:-1] + text[-1])

    return {name: anew(call) for name, call in calls.items()}


def _calls(vocabulary: Vocabulary) -> tuple[dict[str, Calls], Calls, Calls]:
    """Calls for a text, as text and with specials found; for one that comes again; for a batch."""
    import tokenry
    from tokenry.text.memo import Memo

    at = len(vocabulary.ranks)
    ours = tokenry.load(
        str(vocabulary.path), pattern=vocabulary.pattern, special_tokens={SPECIAL: at}
    ) if vocabulary.path.suffix == ".tiktoken" else tokenry.load(str(vocabulary.path))  # fmt: skip
    plain: Calls = {OURS: lambda text: ours.encode(text)}
    special: Calls = {OURS: lambda text: ours.encode(text, allowed_special="all")}
    batch: Calls = {OURS: lambda texts: ours.encode_batch(texts, threads=1)}
    if present("tiktoken"):
        import tiktoken

        theirs = tiktoken.Encoding(
            vocabulary.name,
            pat_str=PATTERNS[vocabulary.pattern],
            mergeable_ranks=vocabulary.ranks,
            special_tokens={SPECIAL: at},
        )
        plain["tiktoken"] = lambda text: theirs.encode_ordinary(text)
        special["tiktoken"] = lambda text: theirs.encode(text, allowed_special="all")
        batch["tiktoken"] = lambda texts: theirs.encode_ordinary_batch(texts, num_threads=1)
    with tempfile.TemporaryDirectory() as folder:
        ours.save(folder)
        path = Path(folder) / "tokenizer.json"
        _add_readers_of_json(str(path), plain, special, batch)
    again = _anew(plain | {MEMO: Memo(ours).encode})
    return {"specials as text": plain, "specials found": special}, again, batch


def _add_readers_of_json(path: str, plain: Calls, special: Calls, batch: Calls) -> None:
    """Libraries that are given a tokenizer.json; they find specials in every text."""
    if present("tokenizers"):
        from tokenizers import Tokenizer

        theirs = Tokenizer.from_file(path)
        special["tokenizers"] = lambda text: theirs.encode(text).ids
        batch["tokenizers"] = lambda texts: [each.ids for each in theirs.encode_batch_fast(texts)]
    if present("gigatoken"):
        import gigatoken

        giga = gigatoken.Tokenizer(path)
        special["gigatoken"] = lambda text: giga.encode(text)  # as each of the others is called
        batch["gigatoken"] = lambda texts: giga.encode_batch(texts, parallel=False)
    if present("fastokens"):
        import fastokens

        fast = fastokens.Tokenizer.from_file(path)
        plain["fastokens"] = lambda text: fast.encode(text, split_special_tokens=True).ids
        special["fastokens"] = lambda text: fast.encode(text).ids
        batch["fastokens"] = lambda texts: fast.encode_batch_flat(texts)
