"""What every method promises: the registry's names are the parameters of these tests."""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import exp, isfinite
from typing import Any

import numpy as np
import pytest
from scipy import stats

from shares import SEED, part
from tokenry.decoding.drawing import Drawing
from tokenry.decoding.generation.method import Generated, Method, Request
from tokenry.decoding.generation.registry import DRAFTED, METHODS, method
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models import CausalModel, Enumerable, causal_model, log_softmax

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import CONTEXT, LAYERS, VOCAB, example, small

from tokenry.neural.positions.learned import Learned

OPTIONS: dict[str, dict[str, Any]] = {
    "recycling": {"ranks": 3, "nodes": 12, "levels": 3},
    "fixed": {"widths": (2, 2, 1)},
    "dyspec": {"nodes": 7},
    "dyspec, by threshold": {"nodes": 9, "threshold": 0.05},
    "s2d": {"depths": (1, LAYERS), "sure": (0.3, 0.1), "length": 4},
    "kvlink": {"length": 3},
    "skip": {"least": 2},
}
FORMS = {"dyspec, by threshold": "dyspec"}
"""Forms of a method, by the method."""
PROMPTS = [[3, 1, 4, 1, 5, 9, 3, 1], [2, 6], [5], [3, 5, 8, 9, 7, 9, 3, 2, 3]]
TARGETS = ("small", "transformers, llama", "transformers, gpt2", "enumerable")


def made(name: str) -> Method:
    return method(FORMS.get(name, name), **OPTIONS.get(name, {}))


LOSSLESS = [name for name in (*METHODS, *FORMS) if made(name).lossless]


def target(name: str = "small") -> CausalModel:
    return causal_model(example(name))


@cache
def draft() -> CausalModel:
    """A model of the target's size with other weights, so that it is right now and then."""
    return causal_model(small())


def ids(found: list[Generated]) -> list[tuple[int, ...]]:
    return [each.ids for each in found]


def plain(model: CausalModel, request: Request) -> list[Generated]:
    return method("plain").generate(model, PROMPTS, request)


@pytest.mark.parametrize("name", LOSSLESS)
@pytest.mark.parametrize("kind", part(TARGETS))
def test_greedy_text_is_that_of_plain_decoding(name: str, kind: str) -> None:
    model, request = target(kind), Request(20, ends=(1,))
    expected = plain(model, request)
    assert ids(expected) == ids(made(name).generate(model, PROMPTS, request, draft()))


def test_plain_decoding_is_the_likeliest_id_each_time() -> None:
    model = target()
    found = plain(model, Request(8))
    for prompt, each in zip(PROMPTS, found, strict=True):
        read = [*prompt]
        for id_ in each.ids:
            assert id_ == int(model.start([read]).last[0].argmax())
            read.append(id_)


@pytest.mark.parametrize("name", METHODS)
def test_a_batch_gives_what_each_prompt_gives_alone(name: str) -> None:
    model, request = target(), Request(12, ends=(1, 7))
    together = made(name).generate(model, PROMPTS, request, draft())
    if name == "recycling":  # texts share a table, which decides about calls, not about ids
        assert ids(together) == [ids(made(name).generate(model, [p], request))[0] for p in PROMPTS]
        return
    alone = [made(name).generate(model, [p], request, draft())[0] for p in PROMPTS]
    assert ids(together) == ids(alone)


@pytest.mark.parametrize("name", METHODS)
def test_ends_lengths_and_contexts(name: str) -> None:
    # documents are moved, which learned positions do not allow
    model = target("transformers, llama" if name == "kvlink" else "small, learned positions")
    long = [[2, 3] * (CONTEXT // 2 - 1)]
    found = made(name).generate(model, long, Request(40), draft())[0]
    assert (found.over, len(found.ids)) == ("context", 2)
    first = made(name).generate(model, PROMPTS[:1], Request(4), draft())[0]
    assert (first.over, len(first.ids)) == ("length", 4)
    ended = made(name).generate(model, PROMPTS[:1], Request(4, ends=first.ids[:1]), draft())[0]
    assert (ended.over, ended.ids) == ("end", ())


@pytest.mark.parametrize("name", METHODS)
def test_calls_and_positions_are_those_of_the_counters(name: str) -> None:
    model = target()
    before = model.counters.copy()
    found = made(name).generate(model, PROMPTS[:1], Request(9), draft())[0]
    done = model.counters - before
    assert (found.calls, found.positions) == (done.calls, done.positions)


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_seed_repeats_itself(name: str) -> None:
    model, request = target(), Request(9, drawing=Drawing(1.5), seed=4)
    once, again = (made(name).generate(model, PROMPTS, request, draft()) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("name", LOSSLESS)
def test_an_end_inside_a_tree_ends_that_text_alone(name: str) -> None:
    """A draft that is always right proposes what stands behind the end, too."""
    model, draft_ = target(), target()
    whole = [*map(list, ids(plain(model, Request(12))))]
    request = Request(12, ends=(whole[0][3],))
    expected = [x[: x.index(request.ends[0])] if request.ends[0] in x else x for x in whole]
    found = made(name).generate(model, PROMPTS, request, draft_)
    assert [[*each.ids] for each in found] == expected
    assert [each.over for each in found] == ["end" if len(x) < 12 else "length" for x in expected]
    assert found[0].over == "end"


LARGER: dict[str, dict[str, Any]] = {
    "recycling": {"ranks": 8, "nodes": 3 * CONTEXT, "levels": CONTEXT},
    "lookup": {"length": 2 * CONTEXT},
    "fixed": {"widths": (1,) * (CONTEXT + 8)},
    "dyspec": {"nodes": 2 * CONTEXT, "threshold": 1e-9},
    "s2d": {"depths": (1,), "sure": (0.0,), "length": CONTEXT + 8},
}


@pytest.mark.parametrize("name", LARGER)
def test_a_tree_larger_than_the_context_is_cut(name: str) -> None:
    """Near the end of the context, with a draft that reads as much and with one that reads on."""
    model, prompts = target("small, learned positions"), [[3, 1, 4] * 20, [2, 6] * 28]
    expected = ids(method("plain").generate(model, prompts, Request(2 * CONTEXT)))
    assert [len(each) for each in expected] == [CONTEXT - 60, CONTEXT - 56]
    for small_one in (target("small, learned positions"), draft()):
        made_ = method(name, **LARGER[name])
        found = made_.generate(model, prompts, Request(2 * CONTEXT), small_one)
        assert ids(found) == expected
        assert {each.over for each in found} == {"context"}


@pytest.mark.parametrize("name", METHODS)
def test_a_model_without_a_cache_is_read_again_each_time(name: str) -> None:
    cached, request = target(), Request(6, ends=(1,))
    model = causal_model(example("small"), cache=False)
    if name in ("swireasoning", "kvlink", "skip"):
        with pytest.raises(UnsupportedError, match=r"without a cache|keeps none"):
            made(name).generate(model, PROMPTS, request, draft())
        return
    expected = made(name).generate(cached, PROMPTS, request, draft())
    found = made(name).generate(model, PROMPTS, request, draft())
    assert ids(found) == ids(expected)
    assert [each.calls for each in found] == [each.calls for each in expected]


TABLE = Enumerable.drawn(8, order=2, seed=SEED % 1000)
SIMPLER = Enumerable.drawn(8, order=1, seed=SEED % 1000 + 1)
LENGTH = 3


def sequences() -> dict[tuple[int, ...], float]:
    """Probabilities of what a table can write in `LENGTH` ids, its end included."""
    found: dict[tuple[int, ...], float] = {}

    def walk(read: tuple[int, ...], logprob: float) -> None:
        for id_, each in enumerate(TABLE.next_logprobs([TABLE.begin, *read])):
            if not isfinite(each):
                continue
            longer = (*read, id_)
            if id_ == TABLE.end or len(longer) == LENGTH:
                found[longer] = exp(logprob + each)
            else:
                walk(longer, logprob + float(each))

    walk((), 0.0)
    return found


@pytest.mark.parametrize("name", [name for name in LOSSLESS if name != "s2d"])
def test_drawn_text_has_the_distribution_of_plain_decoding(name: str) -> None:
    model, small_one = causal_model(TABLE), causal_model(SIMPLER)
    counts: Counter[tuple[int, ...]] = Counter()
    for seed in range(5):
        request = Request(LENGTH, (TABLE.end,), Drawing(1.0), seed + 1000 * SEED)
        for each in made(name).generate(model, [[TABLE.begin]] * 200, request, small_one):
            counts[(*each.ids, TABLE.end) if each.over == "end" else each.ids] += 1
    assert likely(counts, sequences())


def likely(counts: Counter[tuple[int, ...]], true: dict[tuple[int, ...], float]) -> bool:
    """Whether counts may be of these probabilities, by chi-square; rare sequences are one class."""
    total = counts.total()
    common = [each for each in true if true[each] * total >= 5]
    pairs = [(counts[each], true[each] * total) for each in common]
    pairs.append((total - sum(x for x, _ in pairs), total - sum(y for _, y in pairs)))
    distance = sum((found - expected) ** 2 / expected for found, expected in pairs)
    return bool(stats.chi2.sf(distance, len(pairs) - 1) > 1e-6)


def test_text_drawn_behind_the_first_blocks_of_a_draft_has_the_distribution_too() -> None:
    """Tables have no blocks to leave out: the true one is read off a network."""
    model, drawing, prompt = target(), Drawing(0.4), [3, 1, 4]
    true: dict[tuple[int, ...], float] = {}
    first = drawing.probabilities(log_softmax(model.start([prompt]).last[0]))
    after = model.start([[*prompt, id_] for id_ in range(VOCAB)]).last
    for id_, row in enumerate(log_softmax(after)):
        for other, chance in enumerate(drawing.probabilities(row)):
            true[id_, other] = float(first[id_] * chance)
    request = Request(2, (), drawing, 1000 * SEED)
    found = made("s2d").generate(model, [prompt] * 300, request, target())
    assert max(each.calls for each in found) == 2 > min(each.calls for each in found)
    assert likely(Counter(each.ids for each in found), true)


@pytest.mark.parametrize("name", DRAFTED)
def test_a_draft_is_asked_for_and_has_to_have_the_same_ids(name: str) -> None:
    with pytest.raises(ModelError, match="draft="):
        made(name).generate(target(), PROMPTS, Request())
    with pytest.raises(ModelError, match="tokenry transplant"):
        made(name).generate(target(), PROMPTS, Request(), causal_model(TABLE))


def test_a_good_draft_saves_calls() -> None:
    model, request = target(), Request(24)
    found = method("fixed", widths=(1, 1, 1), drawing=Drawing(0)).generate(
        model, PROMPTS, request, target()
    )
    assert ids(found) == ids(plain(model, request))
    assert {each.calls for each in found} == {6}


@pytest.mark.parametrize("name", [name for name in DRAFTED if name in LOSSLESS])
def test_where_the_context_of_a_draft_ends_the_target_goes_on_alone(name: str) -> None:
    model, short = target(), causal_model(small(positions=Learned(context=14)))
    request = Request(20)
    found = made(name).generate(model, PROMPTS, request, short)
    assert ids(found) == ids(plain(model, request))


def test_every_method_is_registered_with_a_summary() -> None:
    assert all(entry.summary for entry in METHODS.values())
    with pytest.raises(ModelError, match="no option"):
        method("lookup", wrong=1)
    assert np.all([FORMS.get(name, name) in METHODS for name in OPTIONS])
    assert target().vocab_size == VOCAB
