"""Decode ids to bytes: from an array, or from a list where the engine reads that faster."""

from benchmarks.corpora import KINDS, first, text
from benchmarks.result import OURS, Case, Goal, Settings
from benchmarks.rivals import Engine, engines
from benchmarks.timing import pin, repeated, speeds
from benchmarks.vocabularies import vocabularies

GOAL = Goal(">= 3x the best rival", ("tiktoken", "gigatoken"), 3.0)


def run(settings: Settings) -> list[Case]:
    """One case for each vocabulary and kind of text."""
    pin()
    cases = []
    for vocabulary in vocabularies(settings.data):
        field = [engine for engine in engines(vocabulary) if engine.decode is not None]
        for kind in KINDS:
            body, source = text(kind, settings.data)
            body = first(body, settings.megabytes(3))
            cases.append(_case(f"{vocabulary.name} {kind}", field, body, settings.rounds, source))
    return cases


def _case(name: str, field: list[Engine], body: str, rounds: int, source: str) -> Case:
    data = body.encode()
    ids = next(engine for engine in field if engine.name == OURS).encode(body)
    calls = {}
    for engine in field:
        given, decode = engine.prepare(ids), engine.decode
        assert decode is not None
        if decode(given) != data:
            raise AssertionError(f"{engine.name} does not decode {name} to the text")
        calls[engine.name] = lambda _, given=given, decode=decode: decode(given)
    seconds = repeated(calls, None, rounds)
    figures = {name: speeds([len(data)] * rounds, spent) for name, spent in seconds.items()}
    return Case("decode", name, "MB/s", engines=figures, goal=GOAL, note=source)
