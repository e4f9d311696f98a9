"""All segmentations of a sentence, against listing them all."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from tokenry.text.segmenters.lattice import Lattice, Path
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.vocabulary import Vocabulary


def segmenter(rng: random.Random) -> UnigramSegmenter:
    pieces = [
        b"?",
        *{"".join(rng.choices("ab\u00e9", k=rng.randint(1, 3))).encode() for _ in range(12)},
    ]
    scores = np.array([0.0, *(-rng.uniform(0.5, 6) for _ in pieces[1:])], dtype=np.float32)
    vocabulary = Vocabulary(pieces, {0: "unknown"})
    return UnigramSegmenter(vocabulary, scores.astype(np.float64), -9.0, unknown=0)


def every(model: UnigramSegmenter, text: bytes, at: int = 0) -> Iterator[tuple[Path, float]]:
    """By recursion over the pieces that start at a place."""
    if at == len(text):
        yield (), 0.0
        return
    width = len(text[at:].decode()[0].encode())
    known = {piece: id_ for id_, piece in enumerate(model.vocabulary.pieces) if id_}
    ways = [
        (known[text[at:end]], end) for end in range(at + 1, len(text) + 1) if text[at:end] in known
    ]
    if text[at : at + width] not in known:
        ways.append((None, at + width))
    for id_, end in ways:
        score = model.unknown_score if id_ is None else float(model.scores[id_])
        for path, rest in every(model, text, end):
            yield ((id_, at, end), *path), score + rest


def cases(rng: random.Random) -> Iterator[tuple[Lattice, dict[Path, float]]]:
    for _ in range(25):
        model = segmenter(rng)
        text = "".join(rng.choices("ab\u00e9c", k=rng.randint(1, 7))).encode()
        yield Lattice(model, text), dict(every(model, text))


def test_the_best_are_the_best_of_all(rng: random.Random) -> None:
    for lattice, paths in cases(rng):
        expected = sorted(paths.values(), reverse=True)
        for number in (1, 3, 10_000):
            found = lattice.best(number)
            assert len({path for path, _ in found}) == len(found) == min(number, len(paths))
            scores = [score for _, score in found]
            assert scores == pytest.approx(expected[:number], rel=1e-5)
            assert [paths[path] for path, _ in found] == pytest.approx(scores, rel=1e-5)


def test_entropy_and_scores_are_those_of_all(rng: random.Random) -> None:
    for lattice, paths in cases(rng):
        for smoothing in (0.2, 1.0):
            logs = normalized(paths, smoothing)
            entropy = -sum(math.exp(log) * log for log in logs.values())
            assert lattice.entropy(smoothing) == pytest.approx(entropy, abs=1e-5)
            path = rng.choice(list(paths))
            assert lattice.score(path, smoothing) == pytest.approx(logs[path], abs=1e-5)


def normalized(paths: dict[Path, float], smoothing: float) -> dict[Path, float]:
    total = math.log(sum(math.exp(smoothing * score) for score in paths.values()))
    return {path: smoothing * score - total for path, score in paths.items()}


def test_samples_come_as_often_as_they_should() -> None:
    rng = random.Random("samples")
    lattice, paths = next(case for case in cases(rng) if 5 <= len(case[1]) <= 30)
    logs, draws = normalized(paths, 0.5), 6000
    counts = Counter(lattice.sample(0.5, rng) for _ in range(draws))
    firsts = Counter(lattice.sample_distinct(2, 0.5, rng)[0][0] for _ in range(draws))
    for found in (counts, firsts):
        assert chi_squared(found, logs, draws) < 30 + 2 * len(paths)


def chi_squared(counts: Counter[Path], logs: dict[Path, float], draws: int) -> float:
    assert counts.keys() <= logs.keys()
    expected = {path: draws * math.exp(log) for path, log in logs.items()}
    return sum((counts[path] - each) ** 2 / max(each, 1) for path, each in expected.items())


def test_samples_without_replacement_differ(rng: random.Random) -> None:
    for lattice, paths in cases(rng):
        logs = normalized(paths, 0.7)
        found = lattice.sample_distinct(8, 0.7, rng)
        assert len({path for path, _, _ in found}) == min(8, len(paths))
        assert [height for _, _, height in found] == sorted((row[2] for row in found), reverse=True)
        for path, log, _ in found:
            assert log == pytest.approx(logs[path], abs=1e-5)


def test_a_seed_repeats_samples() -> None:
    lattice = Lattice(segmenter(random.Random(3)), "abab\u00e9ab".encode())
    one, other = ([lattice.sample(0.3, random.Random(seed)) for seed in range(9)] for _ in "12")
    assert one == other
