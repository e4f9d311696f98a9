"""How well a learnt vocabulary fits text that it was not learnt from.

Of every 128 lines of a corpus the last 16 are held out, so that no language is only there. They are
encoded one by one, without their ends, so that what a learner makes of line ends does not count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RUN = 16
EVERY = 8


def train_and_held(corpus: Path) -> tuple[list[Path], list[Path]]:
    """Files to learn from and files to measure on, made once of those of a corpus."""
    made: tuple[list[Path], list[Path]] = ([], [])
    for path in sorted(corpus.glob("*.txt")):
        for kind, target in enumerate(_targets(path)):
            made[kind].append(target)
        if not all(target.exists() for target in _targets(path)):
            _cut(path)
    return made


def _targets(path: Path) -> tuple[Path, Path]:
    return path.parent / "train" / path.name, path.parent / "held" / path.name


def _cut(path: Path) -> None:
    texts: tuple[list[str], list[str]] = ([], [])
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(keepends=True)):
        texts[number // RUN % EVERY == EVERY - 1].append(line)
    for target, text in zip(_targets(path), texts, strict=True):
        target.parent.mkdir(exist_ok=True)
        target.write_text("".join(text), encoding="utf-8")


def lines(paths: Iterable[Path]) -> list[str]:
    """The lines of files, those without a visible character left out."""
    found = (line for path in paths for line in path.read_text(encoding="utf-8").split("\n"))
    return [line for line in found if line.strip()]


@dataclass(frozen=True, slots=True)
class Model:
    """What a learner made, as the measurement needs it.

    `counts(lines)` gives how often each id comes out, where text without a piece comes out as ids
    of bytes, one a byte. `scores` are logarithms of probabilities by id, NaN where the model has
    none: such an id is given the share of tokens that it turns out to have, the best it could have
    been given, and the others what remains.
    """

    counts: Callable[[list[str]], np.ndarray]
    scores: np.ndarray | None = None


def fit(model: Model, texts: list[str]) -> dict[str, float]:
    """Bytes a token and, where the model has scores, bits a byte of the best segmentation."""
    size = sum(len(text.encode()) for text in texts)
    counts = model.counts(texts).astype(np.float64)
    result = {"bytes_per_token": size / counts.sum()}
    if model.scores is not None:
        bits = -float(counts @ _log_chances(model.scores, counts / counts.sum())) / math.log(2)
        result["bits_per_byte"] = bits / size
    return result


def _log_chances(scores: np.ndarray, shares: np.ndarray) -> np.ndarray:
    none = np.isnan(scores)
    chances = np.where(none, 0.0, np.exp(scores))
    chances *= (1 - shares[none].sum()) / chances.sum()
    return np.log(np.where(none, np.maximum(shares, 1e-300), chances))


def spelled_out(model: Any, texts: list[str], unknown: int) -> np.ndarray:
    """How often each id of a model of tokenizers comes out; an unknown counts for each byte."""
    counts = np.zeros(model.get_vocab_size())
    for text, found in zip(texts, model.encode_batch(texts), strict=True):
        ids = np.array(found.ids, dtype=np.int64)
        counts += np.bincount(ids, minlength=len(counts))
        for at in np.flatnonzero(ids == unknown).tolist():
            begin, end = found.offsets[at]
            counts[unknown] += len(text[begin:end].encode()) - 1
    return counts
