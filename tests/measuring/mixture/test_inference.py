"""Mixtures that are known are found; what cannot be told is refused."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

from tokenry.errors import CorpusError, UnsupportedError
from tokenry.learning import learner
from tokenry.measuring.mixture import Mixture, MixtureOptions, infer_mixture, merge_order
from tokenry.measuring.mixture.program import occurrences, optimum, solve
from tokenry.measuring.mixture.rates import Lows, Rates
from tokenry.measuring.mixture.replay import Words, replay, replay_by_hand
from tokenry.tokenizer import Tokenizer

LANGUAGES = {"latin": "abcdefghij", "greek": "αβγδεζηθικ", "han": "天地玄黄宇宙洪荒日月"}
TRUTH = {"latin": 0.5, "greek": 0.3, "han": 0.2}
MERGES = 120


def text(language: str, size: int, purpose: str) -> list[str]:
    """Lines of words by Zipf's law; the words of a language are always the same."""
    source = random.Random(language)
    words = [
        "".join(source.choices(LANGUAGES[language], k=source.randint(2, 6))) for _ in range(300)
    ]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    other = random.Random(f"{language} {purpose}")
    lines: list[str] = []
    while size > 0:
        lines.append(" ".join(other.choices(words, weights, k=12)))
        size -= len(lines[-1].encode())
    return lines


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    lines = [
        line for name, share in TRUTH.items() for line in text(name, int(2e5 * share), "learn")
    ]
    return learner("bpe", vocab_size=256 + MERGES).learn(lines)


@pytest.fixture(scope="module")
def samples() -> dict[str, list[str]]:
    return {name: text(name, 60_000, "sample") for name in LANGUAGES}


def test_a_known_mixture_is_found(tokenizer: Tokenizer, samples: dict[str, list[str]]) -> None:
    found = infer_mixture(tokenizer, samples, MixtureOptions(replicates=5))
    assert sum(found.mixture.values()) == pytest.approx(1)
    for name, share in TRUTH.items():
        assert found.mixture[name] == pytest.approx(share, abs=0.02)
        assert found.intervals[name].low <= found.mixture[name] <= found.intervals[name].high
    assert found.mixture["other"] < 0.01
    assert (found.merges, found.left_out) == (MERGES, 0)
    assert Mixture.from_json(found.to_json()) == found


def test_what_is_withheld_is_other(tokenizer: Tokenizer, samples: dict[str, list[str]]) -> None:
    given = {name: samples[name] for name in ("latin", "han")}
    found = infer_mixture(tokenizer, given, MixtureOptions(replicates=2))
    assert found.mixture["other"] == pytest.approx(TRUTH["greek"], abs=0.06)
    assert found.mixture["latin"] / found.mixture["han"] == pytest.approx(2.5, rel=0.1)
    assert found.unexplained_merges > 20
    assert all(set(piece) <= {*LANGUAGES["greek"], " ", "\ufffd"} for piece in found.unexplained)


def test_bad_samples_are_refused_by_name(
    tokenizer: Tokenizer, samples: dict[str, list[str]]
) -> None:
    for given, options, message in (
        ({**samples, "more": samples["greek"]}, None, "'greek' and 'more' overlap: 100%"),
        ({"latin": samples["latin"]}, None, "give two or more"),
        ({**samples, "other": ["x"]}, None, "what no category explains"),
        ({**samples, "none": [""]}, None, "'none' has no text"),
        (
            {**samples, "greek": samples["greek"][:3]},
            MixtureOptions(merges=MERGES),
            "'greek' .* too small for 120 merges",
        ),
        ({"x": ["0123 4567 " * 60], "y": ["+-*/ ()[] " * 60]}, None, "of another alphabet"),
    ):
        with pytest.raises(CorpusError, match=message):
            infer_mixture(tokenizer, given, options)


def test_names_in_another_script_do_not_make_a_sample(samples: dict[str, list[str]]) -> None:
    latin = learner("bpe", vocab_size=256 + 40).learn(samples["latin"])
    given = {name: [*samples[name], samples["latin"][0]] for name in ("greek", "han")}
    with pytest.raises(CorpusError, match=r"most of them Latin.*another alphabet.*\(Greek, Han\)"):
        infer_mixture(latin, given)


def test_a_tokenizer_without_merges_is_refused(samples: dict[str, list[str]]) -> None:
    pieces = learner("wordpiece", vocab_size=520).learn(samples["latin"])
    with pytest.raises(UnsupportedError, match="no list of merges"):
        infer_mixture(pieces, samples)


def test_the_program_with_lazy_rows_is_the_whole_program(tokenizer: Tokenizer) -> None:
    order = merge_order(tokenizer, 12)
    counted: list[Words] = []
    for name in ("latin", "greek"):
        words = " ".join(text(name, 2_000, "tiny")).split()
        counted.append({f" {word}".encode(): words.count(word) for word in set(words)})
    sizes = [sum(len(word) * count for word, count in each.items()) for each in counted]
    rates = Rates.of([replay(each, order) for each in counted], sizes, 0.0)
    found, rows = solve(rates, gap=1e-9, price=3.0)
    assert found.objective == pytest.approx(_whole_program(counted, sizes, order, rates), rel=1e-6)
    doubled = optimum(rates, rows, 3.0, np.full(len(order), 1.0))
    assert doubled.objective == pytest.approx(found.objective)


def _whole_program(counted: list[Words], sizes: list[int], order: object, rates: Rates) -> float:
    """The least objective with every row of every step, by the counts of the twin."""
    tables = [list(replay_by_hand(each, order)) for each in counted]  # type: ignore[arg-type]
    pairs = sorted({pair for table in tables for counts in table for pair in counts})
    steps = rates.steps
    rows = []
    for step, own in enumerate(order.pairs.tolist()):  # type: ignore[attr-defined]
        for number, pair in enumerate(pairs):
            row = np.zeros(len(counted) + steps + len(pairs))
            for each, (table, size) in enumerate(zip(tables, sizes, strict=True)):
                row[each] = (table[step][pair] - table[step][tuple(own)]) * 1e6 / size
            row[len(counted) + step] = row[len(counted) + steps + number] = -1
            rows.append(row)
    taken = occurrences(rates)
    whole = np.concatenate((taken, np.ones(steps), np.zeros(len(pairs))))[None]
    cost = np.concatenate((np.zeros(len(counted)), np.ones(steps), np.full(len(pairs), 3.0)))
    found = linprog(cost, np.array(rows), np.zeros(len(rows)), whole, [taken.mean()])
    return float(found.fun)


def test_the_lowest_step_of_a_stretch() -> None:
    values = np.random.default_rng(3).integers(0, 9, 37).astype(float)
    lows = Lows(values)
    starts, ends = (np.array(each) for each in zip(*pairwise(range(38)), strict=True))
    assert lows.within(starts, ends).tolist() == starts.tolist()
    starts, ends = np.zeros(37, np.int64), np.arange(1, 38)
    assert [values[at] for at in lows.within(starts, ends)] == np.minimum.accumulate(
        values
    ).tolist()
