"""Encode words that never come again: no cache helps, each word is merged."""

from benchmarks.fresh import cases
from benchmarks.result import Case, Settings
from benchmarks.timing import pin
from benchmarks.vocabularies import vocabularies
from benchmarks.words import LONGEST, SHORTEST, unique_words

MEGABYTES = 20


def run(settings: Settings) -> list[Case]:
    """Two cases for each vocabulary: the whole stream and the median of its chunks."""
    pin()
    chunks = list(unique_words(settings.megabytes(MEGABYTES)))
    note = f"{len(chunks)} MB of random words of {SHORTEST} to {LONGEST} letters"
    found = [
        cases("unique_words", vocabulary, vocabulary.name, chunks, note, settings)
        for vocabulary in vocabularies(settings.data)
    ]
    wholes, medians = zip(*found, strict=True)
    return [*wholes, *medians]
