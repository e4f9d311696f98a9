"""Encode a stream of text that the engine has never seen, chunk by chunk, with one instance."""

from benchmarks.corpora import KINDS, cut, stream_text
from benchmarks.fresh import cases
from benchmarks.result import Case, Settings
from benchmarks.timing import pin
from benchmarks.vocabularies import vocabularies

CHUNK = 500_000
MEGABYTES = 20  # of which the shared Chinese is 3


def run(settings: Settings) -> list[Case]:
    """Two cases for each vocabulary and kind: whole streams first, then medians of chunks."""
    pin()
    texts = {
        kind: stream_text(kind, settings.data, settings.megabytes(MEGABYTES)) for kind in KINDS
    }
    found = []
    for vocabulary in vocabularies(settings.data):
        for kind, (body, source) in texts.items():
            note = f"{kind}, {len(body.encode()) / 1e6:.1f} MB: {source}"
            name = f"{vocabulary.name} {kind}"
            found.append(cases("encode_stream", vocabulary, name, cut(body, CHUNK), note, settings))
    wholes, chunks = zip(*found, strict=True)
    return [*wholes, *chunks]
