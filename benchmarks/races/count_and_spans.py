"""What counting without ids and spans beside the ids cost, against plain encoding."""

from benchmarks.corpora import KINDS, first, text
from benchmarks.result import OURS, Case, Settings
from benchmarks.rivals import engines
from benchmarks.timing import pin, repeated, speeds
from benchmarks.vocabularies import Vocabulary, vocabularies


def run(settings: Settings) -> list[Case]:
    """Counting for every engine; encoding with spans for ours (no rival returns them as arrays)."""
    pin()
    vocabulary = vocabularies(settings.data)[0]
    return [_count(vocabulary, kind, settings) for kind in KINDS] + [
        _spans(vocabulary, kind, settings) for kind in KINDS
    ]


def _count(vocabulary: Vocabulary, kind: str, settings: Settings) -> Case:
    body, source = text(kind, settings.data)
    body = first(body, settings.megabytes(3))
    calls = {engine.name: engine.count for engine in engines(vocabulary) if engine.count}
    counts = {name: int(count(body)) for name, count in calls.items()}
    if len(set(counts.values())) != 1:
        raise AssertionError(f"the engines count differently on {kind}: {counts}")
    seconds = repeated(calls, body, settings.rounds)
    sizes = [len(body.encode())] * settings.rounds
    figures = {name: speeds(sizes, spent) for name, spent in seconds.items()}
    return Case("count", f"{vocabulary.name} {kind}", "MB/s", engines=figures, note=source)


def _spans(vocabulary: Vocabulary, kind: str, settings: Settings) -> Case:
    from tokenry import load

    options = {"pattern": vocabulary.pattern} if vocabulary.path.suffix == ".tiktoken" else {}
    ours = load(str(vocabulary.path), **options)
    body, source = text(kind, settings.data)
    body = first(body, settings.megabytes(3))
    calls = {OURS: ours.encode_with_spans, "tokenry without spans": ours.encode_to_numpy}
    for call in calls.values():
        call(body)
    seconds = repeated(calls, body, settings.rounds)
    sizes = [len(body.encode())] * settings.rounds
    figures = {name: speeds(sizes, spent) for name, spent in seconds.items()}
    return Case("spans", f"{vocabulary.name} {kind}", "MB/s", engines=figures, note=source)
