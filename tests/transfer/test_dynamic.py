"""Dynamic tokenization: merges against a plain recount, and what it costs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from transfer_models import opened, save_model

from tokenry.tokenizer import Tokenizer
from tokenry.transfer.dynamic import dynamic_loss, merge_batch, predicted_rows, unit_rows
from tokenry.transfer.zett.hypernetwork import HyperNetwork

TEXTS = ["tokenization of tokens, tokenized again", "zymurgy zymurgy zymurgy", "naïve 中文 🙂🙂"]


def by_hand(tokenizer: Tokenizer, texts: list[str], merges: int) -> list[list[tuple[int, ...]]]:
    """Count all pairs anew for each merge."""
    rows = []
    for text in texts:
        ids, spans = tokenizer.encode_with_spans(text)
        ends = set(tokenizer.pretokenizer(text.encode()).ends.tolist())
        words: list[list[tuple[int, ...]]] = [[]]
        for id_, end in zip(ids.tolist(), spans[:, 1].tolist(), strict=True):
            words[-1].append((id_,))
            if end in ends:
                words.append([])
        rows.append([word for word in words if word])
    for _ in range(merges):
        counts = Counter(pair for row in rows for word in row for pair in pairwise(word))
        if not counts or max(counts.values()) < 2:
            break
        most = max(counts.values())
        best = {pair for pair, count in counts.items() if count == most}
        pair = lowest(best)
        for row in rows:
            for at, word in enumerate(row):
                row[at] = joined(word, pair)
    return [[unit for word in row for unit in word] for row in rows]


def lowest(pairs: set) -> tuple:  # type: ignore[type-arg]
    return min(pairs)  # ties are compared by length alone


def joined(word: list, pair: tuple) -> list:  # type: ignore[type-arg]
    made, at = [], 0
    while at < len(word):
        if tuple(word[at : at + 2]) == pair:
            made.append(pair[0] + pair[1])
            at += 2
        else:
            made.append(word[at])
            at += 1
    return made


@pytest.mark.parametrize("merges", [0, 1, 1000])
def test_against_a_recount(merges: int, old: Tokenizer) -> None:
    found = merge_batch(old, TEXTS, merges)
    expected = by_hand(old, TEXTS, merges)
    assert [sum(map(len, row)) for row in found.rows] == [sum(map(len, row)) for row in expected]
    if merges != 1:
        assert found.units == sum(map(len, expected))
    for text, row in zip(TEXTS, found.rows, strict=True):
        assert [id_ for unit in row for id_ in unit] == old.encode(text)
    assert (found.shorter > 0) == (merges > 0)


def test_units_stay_in_pretokens_and_are_frequent(old: Tokenizer) -> None:
    found = merge_batch(old, TEXTS, 1000)
    counts = Counter(unit for row in found.rows for unit in row)
    ends = [set(old.pretokenizer(text.encode()).ends.tolist()) for text in TEXTS]
    for row, cuts in zip(found.rows, ends, strict=True):
        at, seen = 0, set()
        for unit in row:
            at += len(old.decode_bytes(unit))
            seen.add(at)
        assert cuts <= seen
    assert counts[tuple(old.encode(" zymurgy"))] == 2
    assert len(found.merges) == len(set(found.merges))


def test_nothing_to_merge(old: Tokenizer) -> None:
    found = merge_batch(old, ["", "a"], 5)
    assert (found.merges, found.shorter) == ((), 0)


def test_rows_are_means(old: Tokenizer) -> None:
    rows = np.random.default_rng(0).normal(size=(len(old), 4)).astype(np.float32)
    made = unit_rows(rows, [(3,), (1, 2, 5)])
    assert np.array_equal(made[0], rows[3])
    assert np.allclose(made[1], rows[[1, 2, 5]].mean(0))


def test_length_and_loss(old: Tokenizer, tmp_path: Path) -> None:
    model = opened(save_model(tmp_path / "model", old))
    none = dynamic_loss(model, old, TEXTS[:2], 0, start=0)
    assert none.shorter == 0
    assert none.before == pytest.approx(none.after, rel=1e-5)
    assert none.places == sum(len(old.encode(text)) for text in TEXTS[:2])
    some = dynamic_loss(model, old, TEXTS[:2], 20, start=0)
    assert some.shorter > 0.1
    assert some.places < none.places
    assert some.before != some.after


def test_rows_that_a_hypernetwork_predicts(old: Tokenizer, tmp_path: Path) -> None:
    model = opened(save_model(tmp_path / "model", old))
    rows = model.get_input_embeddings().weight.detach().numpy()
    untrained = HyperNetwork(width=16, hidden=16, layers=1, heads=2, pieces=3).build()
    units = [(3,), (1, 2), (4, 5, 6)]
    assert np.allclose(predicted_rows(untrained)(rows, units), unit_rows(rows, units), atol=1e-6)
    drawn = HyperNetwork(width=16, hidden=16, layers=1, heads=2, pieces=3).build()
    torch.nn.init.normal_(drawn.head[2].weight)
    made = predicted_rows(drawn)(rows, units)
    assert np.array_equal(made[0], rows[3])  # a unit of one id keeps its own row
    assert not np.allclose(made[1:], unit_rows(rows, units)[1:])
    means = dynamic_loss(model, old, TEXTS[:2], 20, start=0)
    other = dynamic_loss(model, old, TEXTS[:2], 20, 0, predicted_rows(drawn))
    assert (other.shorter, other.before) == (means.shorter, means.before)
    assert other.after != means.after
