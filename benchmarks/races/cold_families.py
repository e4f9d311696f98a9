"""Calls of 4 KiB of WordPiece and Unigram models for which no engine has a word in its cache.

Protocol: that of `cold_calls`, the text as one document. Rivals take each call with a fresh
instance, after one with "Hello world"; ours is emptied before each. sentencepiece keeps no words:
one instance takes each text after ours. `again` is ours, emptied once more; `seen` is the same call
with a full cache.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.corpora import KINDS
from benchmarks.races.cold_calls import CALLS, HELLO, emptied, microseconds, places
from benchmarks.races.families import MODELS, Calls
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.timing import check_equal, pin

NAMES = ("Unigram (.model)", "Unigram (pegasus)", "WordPiece (bert)")
INSTANCES = 6
GOAL = Goal(
    ">= 5x tokenizers, >= 2x others", ("sentencepiece", "tokie"), 2.0, apart=(("tokenizers", 5.0),)
)


def run(settings: Settings) -> list[Case]:
    """A case for each model and kind of text; none without the shared data."""
    import tokenry

    pin()
    if settings.data is None:
        return []
    cases = []
    for name in NAMES:
        file, rivals = MODELS[name]
        path = Path(settings.data) / "tokenizers" / file
        for kind in KINDS:
            case = Case("cold_families", f"{name} {kind}", "us", False, goal=GOAL)
            beside = _keeps_no_words(path) if path.suffix == ".model" else {}
            case.engines = emptied(tokenry.load(path), places(kind, settings, CALLS), beside)
            given = places(kind, settings, 3 if settings.quick else INSTANCES)
            fresh = _fresh(path, rivals, given, case.name)
            case.engines |= {each: fresh[each] for each in fresh if each not in beside}
            cases.append(case)
    return cases


def _keeps_no_words(path: Path) -> dict[str, Callable[[str], Any]]:
    """sentencepiece, a text a call: it gives a list of texts to a thread of its own."""
    import sentencepiece

    return {"sentencepiece": sentencepiece.SentencePieceProcessor(model_file=str(path)).encode}


def _fresh(
    path: Path, rivals: tuple[Callable[[Path], Calls], ...], given: list[str], what: str
) -> dict[str, Measurement]:
    """A new instance of each rival for every call; ids checked equal to ours."""
    import tokenry

    ours = tokenry.load(path)
    spent: dict[str, list[float]] = defaultdict(list)
    for text in given:
        outputs: dict[str, Any] = {OURS: ours.encode(text)}
        for make in rivals:
            for name, call in make(path).items():
                call([HELLO])
                taken, outputs[name] = microseconds(call, [text])
                spent[name].append(taken)
        check_equal(outputs, f"cold calls, {what}")
    return {name: Measurement.of(each) for name, each in spent.items()}
