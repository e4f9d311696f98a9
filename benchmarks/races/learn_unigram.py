"""Learn a Unigram vocabulary of 32,000 from mixed text, a process for each learner.

Every run of the races takes 9 MB. `python -m benchmarks.races.learn_unigram DATA 92` learns from
80 MB and holds out 12, with a goal for speed; sentencepiece then takes minutes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import child
from benchmarks.corpora import CACHE, folder, mixed, size_of
from benchmarks.heldout import Model, fit, lines, spelled_out, train_and_held
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present

SIZE = 32_000
EVERYDAY = 9.2  # megabytes, of which an eighth is held out
FULL = 80_000_000
TENTH = Goal("<= a tenth of sentencepiece", ("sentencepiece",), 10)
AS_GOOD = Goal("as good as sentencepiece", ("sentencepiece",))
NOTE = (
    "all without normalisation; held-out lines; bits a byte of the best segmentation under each "
    "one's own scores; tokenizers has no byte fallback, its unknowns count as bytes"
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
        "cpu": Case("learn_unigram", f"{label}, CPU time", "s", False, goal=goal),
        "wall": Case("learn_unigram", f"{label}, wall time", "s", False),
        "peak": Case("learn_unigram", f"{label}, peak memory", "MB", False),
        "bytes_per_token": Case("learn_unigram", f"{label}, held out", "B/token", goal=AS_GOOD),
        "bits_per_byte": Case("learn_unigram", f"{label}, held out", "bits/B", False, goal=AS_GOOD),
    }
    for name in filter(present, names):
        found = child.call("benchmarks.races.learn_unigram", "measure", name, str(corpus))
        for key, case in columns.items():
            case.engines[name] = Measurement.of([found[key]])
            case.note = NOTE
    return list(columns.values())


def measure(name: str, corpus: str) -> dict[str, Any]:
    """CPU, wall and peak memory (whole process) of one learner, then the fit of what it learnt."""
    train, held = train_and_held(Path(corpus))
    __import__("tokenry.learning" if name == OURS else name)
    CACHE.mkdir(parents=True, exist_ok=True)
    cpu, wall = time.process_time(), time.perf_counter()
    model = LEARNERS[name](train)
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**spent, "peak": child.peak_megabytes(), **fit(model, lines(held))}


def _tokenry(paths: list[Path]) -> Model:
    from tokenry.learning import Unigram

    tokenizer = Unigram(vocab_size=SIZE).learn(path.read_bytes() for path in paths)
    return Model(
        lambda texts: np.bincount(tokenizer.encode_batch(texts).ids, minlength=SIZE),
        tokenizer.segmenter.scores,
    )


def _sentencepiece(paths: list[Path]) -> Model:
    import sentencepiece

    prefix = CACHE / f"sentencepiece-unigram-{paths[0].parent.parent.name}"
    sentencepiece.SentencePieceTrainer.train(
        input=[str(path) for path in paths], model_prefix=str(prefix), model_type="unigram",
        vocab_size=SIZE, byte_fallback=True, num_threads=2, minloglevel=2,
        max_sentence_length=1 << 20, normalization_rule_name="identity", add_dummy_prefix=False,
        remove_extra_whitespaces=False, allow_whitespace_only_pieces=True,
    )  # fmt: skip
    return sentencepiece_model(prefix.with_suffix(".model"))


def sentencepiece_model(path: Path) -> Model:
    """A model file of sentencepiece with byte fallback."""
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    ids = range(model.get_piece_size())
    none = [model.is_control(i) or model.is_unknown(i) or model.is_byte(i) for i in ids]
    scores = np.array([model.get_score(i) for i in ids])
    scores[none] = np.nan
    return Model(
        lambda texts: np.bincount(np.concatenate(model.encode(texts)).astype(int), minlength=SIZE),
        scores,
    )


def _tokenizers(paths: list[Path]) -> Model:
    import tokenizers

    model = tokenizers.Tokenizer(tokenizers.models.Unigram())
    model.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace(prepend_scheme="never")
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=SIZE, unk_token="<unk>", special_tokens=["<unk>"], show_progress=False
    )
    texts = (line for path in paths for line in path.open(encoding="utf-8"))
    model.train_from_iterator(texts, trainer)
    scores = np.array([score for _, score in json.loads(model.to_str())["model"]["vocab"]])
    scores[0] = np.nan  # of the unknown, which here stands for a byte
    return Model(lambda lines: spelled_out(model, lines, 0), scores)


LEARNERS: dict[str, Callable[[list[Path]], Model]] = {
    OURS: _tokenry,
    "sentencepiece": _sentencepiece,
    "tokenizers": _tokenizers,
}


if __name__ == "__main__":
    data, size = sys.argv[1], float(sys.argv[2])
    for case in race(size, Settings(data), tuple(sys.argv[3:]) or tuple(LEARNERS)):
        figures = {name: round(each.median, 3) for name, each in case.engines.items()}
        print(f"{case.name}, {case.unit}: {figures}", flush=True)
