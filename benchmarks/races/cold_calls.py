"""Calls of 4 KiB for which no engine has a word in its cache, as the first ones of a server.

Protocol: 4,096 bytes of a text at places far apart, cut to whole characters; an array of ids; CPU
time of the one call, medians over places; ids checked equal. `cold_calls`: our cache is emptied
before every call (its memory stays mapped); of the others, which have no such thing to ask for, a
fresh instance takes each call. `fresh instances`: so does one of ours, so that little is mapped.
Before each, a call with "Hello world" makes what is made late. `again` is ours, emptied once more:
a quarter less, as what it reads of the vocabulary is in the processor's caches then; `seen` is the
same call with a full cache.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from benchmarks.corpora import KINDS, text
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import MAKERS, loaded, present
from benchmarks.timing import check_equal, pin
from benchmarks.vocabularies import Vocabulary, vocabularies

if TYPE_CHECKING:
    from tokenry.tokenizer import Tokenizer

SIZE = 4096
HELLO = "Hello world"
TIMES = {"english": 3.5, "code": 3.2, "multilingual": 3.5, "chinese": 8.5}
AGAIN, SEEN = "tokenry again", "tokenry, seen"
CALLS, INSTANCES = 200, 12
NOBODY: Mapping[str, Callable[[str], Any]] = {}


def run(settings: Settings) -> list[Case]:
    """Two cases for each vocabulary and kind of text."""
    pin()
    known, fresh = [], []
    for vocabulary in vocabularies(settings.data):
        for kind in KINDS:
            goal = Goal(f">= {TIMES[kind]}x gigatoken", ("gigatoken",), TIMES[kind])
            name = f"{vocabulary.name} {kind}"
            given = places(kind, settings, INSTANCES // (4 if settings.quick else 1))
            new = _fresh(vocabulary, given)
            case = Case("cold_calls, fresh instances", name, "us", False, new, goal)
            fresh.append(case)
            ours = emptied(loaded(vocabulary), places(kind, settings, CALLS))
            others = {each: new[each] for each in new if each != OURS}
            known.append(Case("cold_calls", name, "us", False, ours | others, goal))
    return [*known, *fresh]


def places(kind: str, settings: Settings, count: int) -> list[str]:
    """Texts of SIZE bytes from places far apart."""
    body = text(kind, settings.data)[0]
    step = len(body) // (count + 1)
    parts = (body[at : at + SIZE].encode()[:SIZE] for at in range(0, count * step, step))
    return [part.decode(errors="ignore") for part in parts]


def microseconds(call: Callable[[Any], Any], given: Any) -> tuple[float, Any]:
    """CPU time of a call in all threads, and what it gives."""
    begin = time.process_time_ns()
    found = call(given)
    return (time.process_time_ns() - begin) / 1e3, found


def emptied(
    tokenizer: Tokenizer, texts: list[str], beside: Mapping[str, Callable[[str], Any]] = NOBODY
) -> dict[str, Measurement]:
    """Ours, with a cache that is emptied before each call, and with one that is full.

    Calls that stand `beside` it, of engines that keep no words, take their turn at each text.
    """
    engines = tokenizer._encoder.engines
    cached = engines.words or engines.text
    spent: dict[str, list[float]] = {name: [] for name in (OURS, AGAIN, SEEN, *beside)}
    for call in (tokenizer.encode_to_numpy, *beside.values()):
        call(HELLO)
    gc.disable()
    for given in texts:
        for name in (OURS, AGAIN):
            cached.clear_cache()
            spent[name].append(microseconds(tokenizer.encode_to_numpy, given)[0])
        for name, call in {SEEN: tokenizer.encode_to_numpy, **beside}.items():
            spent[name].append(microseconds(call, given)[0])
    gc.enable()
    return {name: Measurement.of(each) for name, each in spent.items()}


def _fresh(vocabulary: Vocabulary, texts: list[str]) -> dict[str, Measurement]:
    """A new instance of each engine for every call; fastokens, which loads for 2 s, for two."""
    names = [name for name in (OURS, "gigatoken", "fastokens") if present(name)]
    spent: dict[str, list[float]] = {name: [] for name in names}
    for number, given in enumerate(texts):
        outputs = {}
        for name in names:
            if name == "fastokens" and number > 1:
                continue
            engine = MAKERS[name](vocabulary)
            engine.encode(HELLO)
            taken, outputs[name] = microseconds(engine.encode, given)
            spent[name].append(taken)
        check_equal(outputs, f"cold calls, {vocabulary.name}")
    return {name: Measurement.of(each) for name, each in spent.items()}
