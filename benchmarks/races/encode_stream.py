"""Encode a stream of text that the engine has never seen, chunk by chunk, with one instance."""

from benchmarks.corpora import KINDS, cut, text
from benchmarks.result import Case, Goal, Settings
from benchmarks.rivals import engines
from benchmarks.timing import pin, stream
from benchmarks.vocabularies import vocabularies

GOAL = Goal(">= 5x tiktoken", ("tiktoken",), 5.0)
CHUNK = 500_000


def run(settings: Settings) -> list[Case]:
    """One case for each vocabulary and kind; a fresh instance each, its first call a short text."""
    pin()
    cases = []
    for vocabulary in vocabularies(settings.data):
        for kind in KINDS:
            field = engines(vocabulary)
            for engine in field:
                engine.encode("Hello world")
            body, source = text(kind, settings.data)
            chunks = cut(body, CHUNK)[: settings.megabytes(8) // CHUNK]
            sizes = [len(chunk.encode()) for chunk in chunks]
            case = Case(
                "encode_stream", f"{vocabulary.name} {kind}", "MB/s", goal=GOAL, note=source
            )
            calls = {engine.name: engine.encode for engine in field}
            case.engines = stream(calls, chunks, sizes, case.name)
            cases.append(case)
    return cases
