"""What every causal model promises, held to for each adapter that the registry names."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shares import draw
from tokenry.errors import ModelError, UnsupportedError
from tokenry.models import ADAPTERS, CausalModel, State, causal_model

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import CACHED, EXAMPLES, LAYERS, UNCACHED, VOCAB, example  # noqa: E402

from tokenry.models import caching  # noqa: E402
from tokenry.neural.flops import counted_flops  # noqa: E402

every_model = pytest.mark.parametrize("name", EXAMPLES)
every_way = pytest.mark.parametrize(
    ("name", "cache"), [*((n, True) for n in CACHED), *((n, False) for n in EXAMPLES)]
)
PREFIXES = [[3, 1, 4, 1, 5, 9], [2, 6], [5], [3, 5, 8, 9, 7, 9, 3, 2, 3]]
PARENTS = [-1, 0, 0, -1, 2, 4, 1]
NODES = [3, 4, 5, 6, 7, 8, 9]


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def model_of(name: str, cache: bool) -> CausalModel:
    return causal_model(example(name), cache=cache)


def near(found: NDArray[np.float32], expected: NDArray[np.float32]) -> None:
    """Equal as far as float32 tells; weights are in float64."""
    np.testing.assert_allclose(found, expected, atol=2e-6, rtol=2e-6)


def fresh(name: str, ids: list[int]) -> NDArray[np.float32]:
    """Logits after each of ids, read from the beginning in a batch of one."""
    logits: NDArray[np.float32] = model_of(name, False).start([ids], logits="all").logits[0]
    return logits


def test_every_adapter_has_an_example() -> None:
    assert {name.partition(",")[0] for name in EXAMPLES} == set(ADAPTERS)
    assert all(entry.summary for entry in ADAPTERS.values())


@every_model
def test_a_cache_is_kept_where_the_model_can(name: str) -> None:
    if name in UNCACHED:
        with pytest.raises(UnsupportedError, match="without a cache"):
            causal_model(example(name), cache=True)
    ways = {cache: causal_model(example(name), cache=cache) for cache in (None, False)}
    for model in ways.values():
        state = model.start([[3, 4, 5]]).state
        model.extend(state, [6])
    assert ways[False].counters.positions == 7
    assert ways[None].counters.positions == (7 if name in UNCACHED else 4)


@pytest.mark.parametrize("name", [n for n in EXAMPLES if n.startswith("transformers")])
def test_logits_and_vectors_are_those_of_transformers(name: str) -> None:
    ids, source = PREFIXES[3], example(name)
    with torch.no_grad():
        own = source(input_ids=torch.tensor([ids]), output_hidden_states=True)
    for cache in (False,) if name in UNCACHED else (False, True):
        step = model_of(name, cache).start([ids], logits="all", hidden=range(LAYERS + 1))
        near(step.logits[0], own.logits[0].float().numpy())
        for at in range(LAYERS + 1):
            near(step.hidden[at][0], own.hidden_states[at][0].float().numpy())


@every_way
def test_logits_are_float32_of_the_stated_shapes(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    assert model.vocab_size == VOCAB
    every = model.start(PREFIXES, logits="all", hidden=(0,))
    assert every.logits.dtype == np.float32
    assert every.logits.shape == (4, 9, VOCAB)
    assert every.counts.tolist() == [6, 2, 1, 9]
    for row, count in enumerate(every.counts):
        assert not np.isnan(every.logits[row, :count]).any()
        assert np.isnan(every.logits[row, count:]).all()
        assert not np.isnan(every.hidden[0][row, :count]).any()
        assert np.isnan(every.hidden[0][row, count:]).all()
        near(every.last[row], every.logits[row, count - 1])
    last = model.start(PREFIXES)
    assert last.logits.shape == (4, 1, VOCAB)
    assert last.hidden == {}
    near(last.last, every.last)
    assert model.start(PREFIXES, logits="none").logits.shape == (4, 0, VOCAB)


@every_way
def test_a_sequence_does_not_depend_on_the_others(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    step = model.start(PREFIXES, logits="all")
    for row, ids in enumerate(PREFIXES):
        near(step.logits[row, : len(ids)], fresh(name, ids))
    step = model.extend(step.state, [[1, 2], [], [3], [4, 5, 6]], logits="all")
    for row, (ids, more) in enumerate(zip(PREFIXES, [[1, 2], [], [3], [4, 5, 6]], strict=True)):
        near(step.logits[row, : len(more)], fresh(name, ids + more)[len(ids) :])
        assert np.isnan(step.logits[row, len(more) :]).all()


@every_way
def test_one_id_for_each_sequence(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    state = model.start(PREFIXES).state
    plain = model.extend(state, [[1], [2], [3], [4]])
    near(model.extend(state, [1, 2, 3, 4]).logits, plain.logits)
    near(model.extend(state, np.array([1, 2, 3, 4])).logits, plain.logits)


@every_way
def test_states_are_values(name: str, cache: bool) -> None:
    """Going on from a state in one way changes neither it nor what another way finds."""
    model = model_of(name, cache)
    state = model.start(PREFIXES[:2]).state
    first = model.extend(state, [[7, 8, 9], [1, 2, 3]], logits="all")
    second = model.extend(model.fork(state), [[4], [5]], logits="all")
    model.extend(state, [NODES] * 2, parents=PARENTS)
    model.extend(first.state, [[1] * 5, [2]])
    again = model.extend(state, [[7, 8, 9], [1, 2, 3]], logits="all")
    assert [row.tolist() for row in state.ids] == PREFIXES[:2]
    near(again.logits, first.logits)
    near(second.logits[0], fresh(name, [*PREFIXES[0], 4])[-1:])
    near(model.extend(first.state, [5, 6]).last[1], fresh(name, [*PREFIXES[1], 1, 2, 3, 6])[-1])


@every_way
def test_sequences_are_chosen_and_states_joined(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    state = model.start(PREFIXES).state
    chosen = model.fork(state, [3, 0, 0])
    assert chosen.lengths.tolist() == [9, 6, 6]
    step = model.extend(chosen, [1, 2, 3])
    other = model.extend(model.start([[8, 8]]).state, [9])
    joined = model.join([step.state, other.state, model.fork(state, [2])])
    step = model.extend(joined, [4, 4, 4, 4, 4])
    for row, ids in enumerate(
        ([*PREFIXES[3], 1], [*PREFIXES[0], 2], [*PREFIXES[0], 3], [8, 8, 9], PREFIXES[2])
    ):
        near(step.last[row], fresh(name, [*ids, 4])[-1])


@every_way
def test_truncated_states_go_on_as_if_they_had_not_read_more(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    state = model.start(PREFIXES).state
    for lengths in (1, [4, 1, 1, 9], [6, 2, 1, 2]):
        short = model.truncate(state, lengths)
        each = [lengths] * 4 if isinstance(lengths, int) else lengths
        assert short.lengths.tolist() == each
        step = model.extend(short, [[1, 2], [3], [4, 5, 6], [7]], logits="all")
        for row, (ids, length) in enumerate(zip(PREFIXES, each, strict=True)):
            more = [[1, 2], [3], [4, 5, 6], [7]][row]
            near(step.logits[row, : len(more)], fresh(name, ids[:length] + more)[length:])


@every_way
def test_trees_are_read_with_what_they_hang_on(name: str, cache: bool) -> None:
    """In one call, trees of any size, and can be gone on from."""
    model = model_of(name, cache)
    sizes = [7, 0, 3, 1]
    trees = [(NODES[:size], PARENTS[:size]) for size in sizes]
    before = model.counters.copy()
    step = model.start(PREFIXES, trees=trees, logits="tree")
    assert (model.counters - before).calls == 1
    assert step.logits.shape[1] == 8
    for row, (ids, size) in enumerate(zip(PREFIXES, sizes, strict=True)):
        near(step.logits[row, 0], fresh(name, ids)[-1])
        for node in range(size):
            near(step.logits[row, 1 + node], fresh(name, ids + path_to(node))[-1])
        assert np.isnan(step.logits[row, 1 + size :]).all()
    kept = model.keep(step.state, [[0, 2], [], [0], []])
    after = model.extend(kept, [1, 1, 1, 1])
    for row, path in enumerate(([3, 5], [], [3], [])):
        near(after.last[row], fresh(name, [*PREFIXES[row], *path, 1])[-1])


@every_way
def test_nodes_of_a_tree_see_their_ancestors(name: str, cache: bool) -> None:
    """Read at once or in parts, for all sequences or for each; then a path is kept."""
    model = model_of(name, cache)
    start = model.start(PREFIXES).state
    step = model.extend(start, [NODES] * 4, parents=PARENTS, logits="all")
    first = model.extend(start, [NODES[:3]] * 4, parents=[PARENTS[:3]] * 4, logits="all")
    rest = model.extend(first.state, [NODES[3:]] * 4, parents=PARENTS[3:], logits="all")
    near(np.concatenate([first.logits, rest.logits], axis=1), step.logits)
    for row, ids in enumerate(PREFIXES):
        for node in range(len(NODES)):
            near(step.logits[row, node], fresh(name, ids + path_to(node))[-1])
    paths = [[0, 2, 4, 5], [], [3], [0, 1]]
    kept = model.keep(rest.state, paths)
    after = model.extend(kept, [1, 1, 1, 1])
    for row, ids in enumerate(PREFIXES):
        whole = ids + [NODES[node] for node in paths[row]]
        assert kept.ids[row].tolist() == whole
        near(after.last[row], fresh(name, [*whole, 1])[-1])


def path_to(node: int) -> list[int]:
    return [] if node < 0 else [*path_to(PARENTS[node]), NODES[node]]


@every_way
def test_any_way_of_reading_finds_the_same(
    name: str, cache: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random walks over all operations; each state's next logits are those of its ids alone."""
    monkeypatch.setattr(caching, "HOLES", 0)  # close them up as soon as they are a third
    source = draw(f"walk {name} {cache}")
    for _ in range(3):
        walk(name, model_of(name, cache), source)


def walk(name: str, model: CausalModel, source: random.Random) -> None:
    def some(least: int, most: int) -> list[int]:
        return [source.randrange(VOCAB - 2) for _ in range(source.randint(least, most))]

    state = model.start([some(1, 6) for _ in range(source.randint(1, 3))]).state
    for _ in range(8):
        action = source.choice(("read", "read", "tree", "cut", "fork"))
        if action == "read":
            rows = [some(0, 3) for _ in range(len(state))]
            rows[source.randrange(len(rows))] = some(1, 2)
            state = model.extend(state, rows, logits="none").state
        elif action == "tree":
            state = grown_and_kept(model, state, source)
        elif action == "cut":
            lengths = [source.randint(max(1, n - 4), n) for n in state.lengths]
            state = model.truncate(state, lengths)
        else:
            state = model.fork(state, [source.randrange(len(state)) for _ in range(2)])
    found = model.extend(state, [5] * len(state)).last
    for row, ids in zip(found, state.ids, strict=True):
        near(row, fresh(name, [*ids.tolist(), 5])[-1])


def grown_and_kept(model: CausalModel, state: State, source: random.Random) -> State:
    """After trees of two layers that differ by row, and one path of each."""
    for _ in range(2):
        grown = [len(each.nodes) for each in state.prefixes]
        counts = [source.randint(1, 3) for _ in state.prefixes]
        parents = [
            [source.randint(-1, start + at - 1) for at in range(count)]
            for start, count in zip(grown, counts, strict=True)
        ]
        ids = [[source.randrange(VOCAB - 2) for _ in each] for each in parents]
        state = model.extend(state, ids, parents=parents, logits="none").state
    paths = []
    for row in state.prefixes:
        node, path = source.randrange(len(row.nodes)), []
        while node >= 0:
            path.insert(0, node)
            node = int(row.parents[node])
        paths.append(path)
    return model.keep(state, paths)


@every_way
def test_the_same_again_is_the_same_to_the_last_bit(name: str, cache: bool) -> None:
    def run() -> list[Any]:
        model = model_of(name, cache)
        step = model.start(PREFIXES, logits="all")
        more = model.extend(step.state, [1, 2, 3, 4])
        return [step.logits, more.logits]

    for first, second in zip(run(), run(), strict=True):
        assert first.tobytes() == second.tobytes()


@every_way
def test_counters_say_what_was_computed(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    assert model.layers == (0 if name == "enumerable" else LAYERS)
    state = model.start(PREFIXES[:2]).state
    before = model.counters.copy()
    assert (before.calls, before.positions) == (1, 8)
    assert before.layers == 8 * model.layers
    state = model.extend(state, [[1, 2], [3]]).state
    spent = model.counters - before
    assert (spent.calls, spent.positions) == (1, 3 if cache else 11)
    model.truncate(model.fork(state), 1)
    assert model.counters - before == spent, "only reading costs"


@every_way
def test_flops_are_those_that_torch_counts(name: str, cache: bool) -> None:
    if name == "transformers, mamba":
        pytest.skip("torch does not count a scan")
    model, ids = model_of(name, cache), [1, 2, 3, 4, 5] * 4
    with counted_flops() as counted:
        state = model.start([ids], logits="all").state
        model.extend(state, [[6, 7]], logits="none")
    # Rotary angles are a product of vectors, which the widest of these models makes 1% of.
    assert model.counters.flops == pytest.approx(counted(), rel=0.02)


@every_model
def test_chosen_blocks(name: str) -> None:
    """Where a model runs chosen blocks, all in order are all, and counters see the others."""
    model = causal_model(example(name))
    if not model.network.skips:  # type: ignore[attr-defined]
        with pytest.raises(UnsupportedError, match="runs all of its blocks"):
            model.start(PREFIXES, layers=[0])
        return
    whole = model.start(PREFIXES, layers=range(LAYERS), hidden=(1, LAYERS))
    near(whole.logits, model.start(PREFIXES).logits)
    before = model.counters.copy()
    first = model.start(PREFIXES, layers=[0], hidden=(0, 1))
    assert (model.counters - before).layers == 18
    near(first.hidden[0], model.start(PREFIXES, hidden=(0,)).hidden[0])
    assert not np.allclose(first.logits, whole.logits, atol=1e-2)
    step = model.extend(first.state, [1, 2, 3, 4], layers=[0])
    again = model.start([[*ids, at + 1] for at, ids in enumerate(PREFIXES)], layers=[0])
    near(step.last, again.last)
    near(model.start(PREFIXES).logits, whole.logits)
    with pytest.raises(ModelError, match=f"no block {LAYERS}"):
        model.start(PREFIXES, layers=[LAYERS])


@every_way
def test_errors_say_what_was_given_and_expected(name: str, cache: bool) -> None:
    model = model_of(name, cache)
    state = model.start(PREFIXES[:2]).state
    for wrong, message in (
        ([], "no ids to read"),
        ([[]], "no ids to read"),
        ([[1], []], "no ids to read"),
        ([[1, VOCAB]], f"id {VOCAB} in sequence 0 has no row in this model, which has {VOCAB}"),
        ([[1], [-1]], "id -1 in sequence 1"),
    ):
        with pytest.raises(ModelError, match=message):
            model.start(wrong)
    with pytest.raises(
        ModelError, match="1 sequences of ids were given for a state of 2 sequences"
    ):
        model.extend(state, [[1]])
    with pytest.raises(ModelError, match="no ids to read"):
        model.extend(state, [[], []])
    with pytest.raises(ModelError, match="node 1 of a tree follows 1, expected an earlier"):
        model.extend(state, [[1, 2], [1, 2]], parents=[-1, 1])
    with pytest.raises(ModelError, match="2 nodes were given 1 parents"):
        model.extend(state, [[1, 2], [1, 2]], parents=[[-1, 0], [-1]])
    tree = model.extend(state, [[1, 2], [1, 2]], parents=[-1, 0]).state
    with pytest.raises(ModelError, match="keep a path of the tree first"):
        model.extend(tree, [1, 2])
    with pytest.raises(ModelError, match=r"\[1\] is no path through a tree"):
        model.keep(tree, [[0], [1]])
    with pytest.raises(ModelError, match="1 paths were given"):
        model.keep(tree, [[0]])
    with pytest.raises(ModelError, match="a sequence of 2 ids cannot be cut to 3"):
        model.truncate(state, 3)
    with pytest.raises(ModelError, match="cannot be cut to 0"):
        model.truncate(state, [6, 0])
    with pytest.raises(ModelError, match="no hidden vectors 9"):
        model.start(PREFIXES, hidden=(9,))
    with pytest.raises(ModelError, match="logits='some', expected one of last, all, none"):
        model.start(PREFIXES, logits="some")  # type: ignore[arg-type]
    if model.max_length is not None:
        longest = [1] * model.max_length
        full = model.start([longest]).state
        with pytest.raises(ModelError, match=f"at most {model.max_length}; truncate it"):
            model.extend(full, [1])
        with pytest.raises(ModelError, match=f"would have {model.max_length + 1} ids"):
            model.extend(model.truncate(full, model.max_length - 1), [[1, 2]], parents=[-1, 0])


WITHOUT_TORCH = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "transformers", "safetensors", "gguf"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())
from tokenry.errors import MissingExtraError
from tokenry.models import ADAPTERS, Enumerable, causal_model

model = causal_model(Enumerable.drawn(6))
step = model.extend(model.start([[4], [4, 1]]).state, [[1, 2], [3, 0]], parents=[-1, 0])
print(model.keep(step.state, [[0, 1], []]).lengths.tolist())
for name, entry in ADAPTERS.items():
    try:
        entry.load()
        print(name)
    except MissingExtraError as error:
        assert "tokenry[neural]" in str(error)
"""


def test_the_protocol_needs_no_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH],
        env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["[3,", "2]", "enumerable"], done.stderr


def test_a_folder_is_opened_by_its_kind(tmp_path: Path) -> None:
    from tokenry.neural.saving import save_model

    save_model(example("small"), tmp_path / "small")
    example("transformers, llama").save_pretrained(tmp_path / "llama")
    for folder, name in (("small", "small"), ("llama", "transformers, llama")):
        opened = causal_model(tmp_path / folder, dtype="float64")
        near(opened.start(PREFIXES).last, model_of(name, False).start(PREFIXES).last)
    with pytest.raises(ModelError, match="no config"):
        causal_model(tmp_path)
    with pytest.raises(ModelError, match="dict is no causal model"):
        causal_model({})
