"""The second stage of SuperBPE (Liu et al., 2025, arXiv:2503.13423) on 20 MB of English, to 32k.

No rival can continue from the first stage's merges, so the goals are absolute.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks import child
from benchmarks.corpora import english, folder, size_of
from benchmarks.result import OURS, Case, Goal, Measurement, Settings

FIRST, SIZE = 24_000, 32_000


def run(settings: Settings) -> list[Case]:
    """The second stage alone in CPU seconds and peak memory; both stages in CPU seconds."""
    corpus = folder("english", english, settings.megabytes(20), settings.data)
    megabytes = size_of(corpus) / 1e6
    label = f"SuperBPE {FIRST // 1000}k to {SIZE // 1000}k, {megabytes:.0f} MB"
    cases = [
        Case("learn_superbpe", f"{label}, second stage", "s CPU", False,
             goal=Goal("<= 10 s", limit=10.0)),
        Case("learn_superbpe", f"{label}, peak memory", "MB", False,
             goal=Goal("<= 400 MB", limit=400.0)),
        Case("learn_superbpe", f"{label}, both stages", "s CPU", False),
    ]  # fmt: skip
    rounds = 1 if settings.quick else 3
    runs = [
        child.call("benchmarks.races.learn_superbpe", "measure", str(corpus)) for _ in range(rounds)
    ]
    for case, values in zip(cases, zip(*runs, strict=True), strict=True):
        case.engines[OURS] = Measurement.of(values)
    return cases


def measure(corpus: str) -> list[Any]:
    """Second-stage CPU seconds (both stages less the first alone), peak memory, both stages."""
    from tokenry.learning import Bpe, SuperBpe

    begin = time.process_time()
    Bpe(vocab_size=FIRST, pretokenizer="superbpe-1").learn_model(corpus)
    alone = time.process_time() - begin
    begin = time.process_time()
    SuperBpe(vocab_size=SIZE, inherited=FIRST).learn_model(corpus)
    both = time.process_time() - begin
    return [both - alone, child.peak_megabytes(), both]
