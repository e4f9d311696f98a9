"""Learn a WordPiece vocabulary of 32,000 from mixed text, a process for each learner.

Every run of the races takes 9 MB, where tokenizers is quick too; the goal is for
`python -m benchmarks.races.learn_wordpiece DATA 92`, which learns from 80 MB and holds out 12.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import child
from benchmarks.corpora import folder, mixed, size_of
from benchmarks.heldout import Model, fit, lines, spelled_out, train_and_held
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present

SIZE = 32_000
EVERYDAY = 9.2  # megabytes, of which an eighth is held out
FULL = 80_000_000
TENTH = Goal("<= a tenth of tokenizers", ("tokenizers",), 10)
AS_GOOD = Goal("as good as tokenizers", ("tokenizers",))
NOTE = (
    "merges by frequency, as tokenizers does it, and by likelihood, our default; tokenizers learns "
    "over characters, and a word with one that it does not know counts as bytes"
)


def run(settings: Settings) -> list[Case]:
    """CPU seconds, wall seconds, peak memory and the fit to held-out text."""
    return race(EVERYDAY, settings, tuple(LEARNERS))


def race(megabytes: float, settings: Settings, names: tuple[str, ...]) -> list[Case]:
    """The cases for a corpus of that size."""
    corpus = folder("mixed", mixed, settings.megabytes(megabytes), settings.data)
    label = f"32k from {size_of(corpus) / 1e6 * 7 / 8:.0f} MB"
    goal = TENTH if settings.megabytes(megabytes) >= FULL else None
    columns = {
        "cpu": Case("learn_wordpiece", f"{label}, CPU time", "s", False, goal=goal),
        "wall": Case("learn_wordpiece", f"{label}, wall time", "s", False),
        "peak": Case("learn_wordpiece", f"{label}, peak memory", "MB", False),
        "bytes_per_token": Case("learn_wordpiece", f"{label}, held out", "B/token", goal=AS_GOOD),
    }
    for name in names:
        if not present(name.partition(" ")[0]):
            continue
        found = child.call("benchmarks.races.learn_wordpiece", "measure", name, str(corpus))
        for key, case in columns.items():
            case.engines[name] = Measurement.of([found[key]])
            case.note = NOTE
    return list(columns.values())


def measure(name: str, corpus: str) -> dict[str, Any]:
    """CPU, wall and peak memory (whole process) of one learner, then the fit of what it learnt."""
    train, held = train_and_held(Path(corpus))
    __import__("tokenry.learning" if name.startswith(OURS) else name)
    cpu, wall = time.process_time(), time.perf_counter()
    model = LEARNERS[name](train)
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**spent, "peak": child.peak_megabytes(), **fit(model, lines(held))}


def _tokenry(paths: list[Path], score: str = "frequency") -> Model:
    from tokenry.learning import learn

    texts = (path.read_bytes() for path in paths)
    tokenizer = learn(texts, kind="wordpiece", vocab_size=SIZE, score=score)
    return Model(lambda held: np.bincount(tokenizer.encode_batch(held).ids, minlength=SIZE))


def _by_likelihood(paths: list[Path]) -> Model:
    return _tokenry(paths, "likelihood")


def _tokenizers(paths: list[Path]) -> Model:
    import tokenizers

    model = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
    model.pre_tokenizer = tokenizers.pre_tokenizers.Sequence(
        [
            tokenizers.pre_tokenizers.Metaspace(prepend_scheme="never"),
            tokenizers.pre_tokenizers.Punctuation(),
        ]
    )
    trainer = tokenizers.trainers.WordPieceTrainer(
        vocab_size=SIZE, special_tokens=["[UNK]"], show_progress=False
    )
    texts = (line.rstrip("\n") for path in paths for line in path.open(encoding="utf-8"))
    model.train_from_iterator(texts, trainer)
    return Model(lambda held: spelled_out(model, held, 0))


LEARNERS: dict[str, Callable[[list[Path]], Model]] = {
    OURS: _tokenry,
    f"{OURS} (likelihood)": _by_likelihood,
    "tokenizers": _tokenizers,
}


if __name__ == "__main__":
    data, size = sys.argv[1], float(sys.argv[2])
    for case in race(size, Settings(data), tuple(sys.argv[3:]) or tuple(LEARNERS)):
        figures = {name: round(each.median, 3) for name, each in case.engines.items()}
        print(f"{case.name}, {case.unit}: {figures}", flush=True)
