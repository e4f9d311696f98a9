"""Learn a BPE vocabulary of 32,000 from 80 MB of mixed text, a process for each learner."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.corpora import CACHE, folder, mixed, size_of
from benchmarks.merges import SIZE, spent_on, tokenry_merges, undo_byte_level
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present

GOAL = Goal(">= 2x gigatoken, >= 8x tokenizers", apart=(("gigatoken", 2.0), ("tokenizers", 8.0)))


def run(settings: Settings) -> list[Case]:
    """CPU seconds, wall seconds and peak memory; our merges must be those of tokenizers."""
    corpus = folder("mixed", mixed, settings.megabytes(80), settings.data)
    megabytes = size_of(corpus) / 1e6
    label = f"32k from {megabytes:.0f} MB"
    cases = [
        Case("learn_bpe", f"{label}, CPU time", "s", False, goal=GOAL),
        Case("learn_bpe", f"{label}, wall time", "s", False),
        Case("learn_bpe", f"{label}, peak memory", "MB", False,
             goal=Goal("<= 400 MB", limit=400.0)),
    ]  # fmt: skip
    digests = {}
    for name in LEARNERS:
        if not present(name):
            continue
        runs = [child.call("benchmarks.races.learn_bpe", "measure", name, str(corpus))
                for _ in range(1 if settings.quick or name == "tokenizers" else 3)]  # fmt: skip
        digests[name] = runs[0]["merges"]
        for case, key in zip(cases, ("cpu", "wall", "peak"), strict=True):
            case.engines[name] = Measurement.of(each[key] for each in runs)
    for case in cases:
        case.note = _compare(digests)
    return cases


def _compare(digests: dict[str, str | None]) -> str:
    if not digests.get("tokenizers"):
        return "tokenizers is not installed: its merges are not compared"
    if digests[OURS] != digests["tokenizers"]:
        raise AssertionError("our merges are not those of tokenizers; no time counts")
    equal = [name for name in digests if digests[name] == digests[OURS] and name != OURS]
    return f"merges equal to those of {', '.join(equal)}; sentencepiece learns over characters"


def measure(name: str, corpus: str) -> dict[str, Any]:
    """What one learner spends."""
    return spent_on(name, LEARNERS[name], corpus)


def _tokenizers(paths: list[Path]) -> Iterable[tuple[bytes, bytes]]:
    import tokenizers

    model = tokenizers.Tokenizer(tokenizers.models.BPE())
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=SIZE, show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    model.train_from_iterator((path.read_text(encoding="utf-8") for path in paths), trainer)
    return undo_byte_level(json.loads(model.to_str())["model"]["merges"])


def _gigatoken(paths: list[Path]) -> Iterable[tuple[bytes, bytes]]:
    import gigatoken

    source = gigatoken.TextFileSource([str(path) for path in paths])
    return gigatoken.train_bpe(source, SIZE, [])[1]


def _sentencepiece(paths: list[Path]) -> None:
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        input=[str(path) for path in paths], model_prefix=str(CACHE / "sentencepiece"),
        vocab_size=SIZE, model_type="bpe", byte_fallback=True, num_threads=2, minloglevel=2,
        max_sentence_length=1 << 20,
    )  # fmt: skip


LEARNERS: dict[str, Callable[[list[Path]], Any]] = {
    OURS: tokenry_merges,
    "gigatoken": _gigatoken,
    "sentencepiece": _sentencepiece,
    "tokenizers": _tokenizers,
}
