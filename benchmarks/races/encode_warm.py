"""Encode text that the engine has seen: the pretoken caches are full."""

from benchmarks.corpora import KINDS, first, text
from benchmarks.result import Case, Goal, Settings
from benchmarks.rivals import engines
from benchmarks.timing import pin, warm
from benchmarks.vocabularies import vocabularies

GOAL = Goal(">= 1.1x gigatoken and fastokens", ("gigatoken", "fastokens"), 1.1)


def run(settings: Settings) -> list[Case]:
    """One case for each vocabulary and kind of text; every engine encodes the same text."""
    pin()
    cases = []
    for vocabulary in vocabularies(settings.data):
        field = engines(vocabulary)
        for kind in KINDS:
            body, source = text(kind, settings.data)
            body = first(body, settings.megabytes(3))
            case = Case("encode_warm", f"{vocabulary.name} {kind}", "MB/s", goal=GOAL, note=source)
            calls = {engine.name: engine.encode for engine in field}
            case.engines = warm(calls, body, len(body.encode()), settings.rounds, case.name)
            cases.append(case)
    return cases
