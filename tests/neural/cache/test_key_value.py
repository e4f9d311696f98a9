"""Each operation of the cache leaves what reading anew would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from tokenry.errors import PartError  # noqa: E402
from tokenry.neural import Transformer  # noqa: E402
from tokenry.neural.blocks.pre_norm import PreNorm  # noqa: E402
from tokenry.neural.initialisers.normal import Normal  # noqa: E402
from tokenry.neural.mixers.grouped_query import GroupedQuery  # noqa: E402
from tokenry.neural.model import Model  # noqa: E402
from tokenry.neural.positions.learned import Learned  # noqa: E402
from tokenry.neural.positions.none import NoPositions  # noqa: E402
from tokenry.neural.topologies.segments import Segments  # noqa: E402
from tokenry.neural.topologies.tree import Tree  # noqa: E402

VOCAB = 13


@pytest.fixture(autouse=True)
def _no_gradients() -> Any:
    with torch.no_grad():
        yield


def small(layers: int = 2, positions: Any = None, dtype: str = "float64") -> Model:
    config = Transformer.small(VOCAB, width=16, layers=layers)
    backbone = replace(config.backbone, block=PreNorm(mixer=GroupedQuery(heads=4, groups=2)))
    backbone = backbone if positions is None else replace(backbone, positions=positions)
    config = replace(config, backbone=backbone, initialiser=Normal(spread=0.3))
    return config.build(seed=3, dtype=dtype).eval()


def some(*shape: int, seed: int = 0) -> Any:
    return torch.randint(0, VOCAB, shape, generator=torch.Generator().manual_seed(seed))


def close(found: Any, expected: Any, tolerance: float = 1e-11) -> None:
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=0)


def test_a_fork_and_its_origin_go_different_ways() -> None:
    model, ids, left, right = small(), some(2, 7), some(2, 5, seed=1), some(2, 3, seed=2)
    cache = model.new_cache()
    model(ids, cache=cache)
    fork = cache.fork()
    found_left, found_right = model(left, cache=cache), model(right, cache=fork)
    again = model(left[:, :1], cache=fork)  # interleaved: neither writes over the other
    close(found_left, model(torch.cat([ids, left], 1))[:, 7:])
    close(found_right, model(torch.cat([ids, right], 1))[:, 7:])
    close(again, model(torch.cat([ids, right, left[:, :1]], 1))[:, 10:])
    close(
        model(right, cache=cache),
        model(torch.cat([ids, left, right], 1))[:, 12:],
    )


def test_a_fork_takes_rows_as_often_as_it_is_told() -> None:
    model, ids, more = small(), some(2, 6), some(3, 4, seed=1)
    cache = model.new_cache()
    model(ids, cache=cache)
    close(
        model(more, cache=cache.fork([1, 0, 1])),
        model(torch.cat([ids[[1, 0, 1]], more], 1))[:, 6:],
    )
    with pytest.raises(PartError, match="fork it"):
        model(more, cache=cache)


def test_many_short_extensions_equal_one_pass() -> None:
    model, ids = small(), some(1, 200)
    cache = model.new_cache()
    steps = [model(ids[:, at : at + 1], cache=cache) for at in range(200)]
    close(torch.cat(steps, 1), model(ids))
    assert cache.length == 200
    assert cache.memory() == 2 * 2 * 2 * 200 * 4 * 8  # layers, keys and values, heads, size, bytes


def test_cut_goes_back() -> None:
    model, ids, other = small(), some(2, 9), some(2, 4, seed=1)
    cache = model.new_cache()
    model(ids, cache=cache)
    kept = cache.fork()
    cache.cut(5)
    close(model(other, cache=cache), model(torch.cat([ids[:, :5], other], 1))[:, 5:])
    close(model(other, cache=kept), model(torch.cat([ids, other], 1))[:, 9:])


def test_a_branch_of_a_tree_is_kept() -> None:
    """All nodes in one pass, then the accepted path alone, as if nothing else had been read."""
    model, ids = small(), some(1, 6)
    tree = Tree(parents=(-1, -1, 0, 0, 1, 3))
    nodes = some(1, 6, seed=1)
    cache = model.new_cache()
    model(ids, cache=cache)
    positions = torch.from_numpy(tree.depths())[None] + 6
    found = model(nodes, cache=cache, topology=tree, positions=positions)
    path = [0, 3, 5]
    line = torch.cat([ids, nodes[:, path]], 1)
    close(found[:, path], model(line)[:, 6:])
    cache.compact([*range(6), *(6 + node for node in path)])
    assert cache.positions.tolist() == [[*range(9)]]
    more = some(1, 3, seed=2)
    close(model(more, cache=cache), model(torch.cat([line, more], 1))[:, 9:])


def test_a_tree_may_be_read_level_by_level() -> None:
    model, ids, nodes = small(), some(1, 4), some(1, 5, seed=1)
    tree = Tree(parents=(-1, -1, 0, 1, 2))
    positions = torch.from_numpy(tree.depths())[None] + 4
    cache = model.new_cache()
    model(ids, cache=cache)
    whole = model(nodes, cache=cache.fork(), topology=tree, positions=positions)
    levels = []
    for begin, end in ((0, 2), (2, 4), (4, 5)):
        levels.append(
            model(
                nodes[:, begin:end],
                cache=cache,
                topology=Tree(parents=tree.parents[:end]),
                positions=positions[:, begin:end],
            )
        )
    close(torch.cat(levels, 1), whole)


def test_rows_may_keep_different_branches() -> None:
    model, ids, nodes = small(), some(2, 4), some(2, 3, seed=1)
    tree = Tree(parents=(-1, -1, -1))
    cache = model.new_cache()
    model(ids, cache=cache)
    model(nodes, cache=cache, topology=tree, positions=torch.full((1, 3), 4))
    cache.compact(torch.tensor([[0, 1, 2, 3, 6], [0, 1, 2, 3, 4]]))
    line = torch.cat([ids, nodes[torch.arange(2), torch.tensor([2, 0])][:, None]], 1)
    more = some(2, 2, seed=2)
    close(model(more, cache=cache), model(torch.cat([line, more], 1))[:, 5:])


@pytest.mark.parametrize("positions", [None, NoPositions(), Learned(context=20)])
def test_with_one_layer_any_places_may_be_dropped(positions: Any) -> None:
    """Keys and values of the first layer depend on their own ids alone."""
    model, ids, kept = small(1, positions), some(2, 10), [0, 1, 5, 6, 9]
    cache = model.new_cache()
    model(ids, cache=cache)
    cache.compact(kept)
    more, at = some(2, 3, seed=1), torch.tensor([[*kept, 10, 11, 12]])
    whole = torch.cat([ids[:, kept], more], 1)
    close(model(more, cache=cache), model(whole, positions=at)[:, 5:])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_places_are_moved_to_other_positions(dtype: str) -> None:
    model, ids, kept = small(1, dtype=dtype), some(2, 10), [0, 1, 5, 6, 9]
    cache = model.new_cache()
    model(ids, cache=cache)
    cache.compact(kept)
    before = cache.fork()
    cache.move(torch.arange(5)[None])
    more = some(2, 3, seed=1)
    whole = torch.cat([ids[:, kept], more], 1)
    close(model(more, cache=cache), model(whole)[:, 5:], 1e-11 if dtype == "float64" else 1e-5)
    assert before.positions.tolist()[0] == kept


def test_documents_cached_apart_are_joined_at_their_places() -> None:
    """As if they had been read in one sequence without seeing each other (KVLink)."""
    model, first, second, query = small(), some(1, 5), some(1, 4, seed=1), some(1, 3, seed=2)
    cache, other = model.new_cache(), model.new_cache()
    model(first, cache=cache)
    model(second, cache=other)
    other.move(torch.arange(5, 9)[None])
    cache.join(other)
    found = model(query, cache=cache)
    whole = model(torch.cat([first, second, query], 1), topology=Segments(lengths=(5, 4)))
    close(found, whole[:, 9:])


def test_positions_that_are_in_the_vectors_cannot_be_moved() -> None:
    model = small(positions=Learned(context=20))
    cache = model.new_cache()
    model(some(1, 4), cache=cache)
    with pytest.raises(PartError, match="cannot be moved"):
        cache.move(torch.arange(4, 8)[None])
    with pytest.raises(PartError, match="beyond the context of 20"):
        model(some(1, 17), cache=cache)


@pytest.mark.parametrize("side", ["left", "right"])
def test_sequences_of_different_lengths_share_a_cache(side: str) -> None:
    model, ids, more = small(), some(2, 6), some(2, 4, seed=1)
    present = torch.ones(2, 6, dtype=torch.bool)
    present[1, slice(0, 2) if side == "left" else slice(4, 6)] = False
    cache = model.new_cache()
    model(ids, cache=cache, present=present)
    found = model(more, cache=cache)
    for row in range(2):
        alone = torch.cat([ids[row][present[row]], more[row]])[None]
        close(found[row], model(alone)[0, -4:])


def test_padding_is_compacted_with_its_places() -> None:
    model, ids, more = small(), some(2, 6), some(2, 4, seed=1)
    present = torch.ones(2, 6, dtype=torch.bool)
    present[1, 0] = present[0, 5] = False
    cache = model.new_cache()
    model(ids, cache=cache, present=present)
    cache.compact(torch.tensor([[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]]))
    cache.compact(torch.tensor([[0, 1, 2, 3, 4], [1, 2, 3, 4, 5]]))
    assert cache.present.all()
    close(model(more, cache=cache)[1], model(torch.cat([ids[1, 1:], more[1]])[None])[0, 5:])


def test_a_layer_that_was_left_out_is_not_run_again() -> None:
    model, ids = small(3), some(1, 4)
    cache = model.new_cache()
    model(ids, cache=cache)
    model(ids[:, :1], cache=cache, layers=[0, 2])
    model(ids[:, :1], cache=cache, layers=[2])
    with pytest.raises(PartError, match="layer 0 of the cache has 5 of 6"):
        model(ids[:, :1], cache=cache)


def test_fewer_layers_are_a_smaller_model() -> None:
    model, ids = small(3), some(1, 6)
    config = model.config
    first = replace(config, backbone=replace(config.backbone, layers=2)).build(dtype="float64")
    first.load_state_dict(
        {k: v for k, v in model.state_dict().items() if ".blocks.2." not in k}, strict=True
    )
    close(model(ids, layers=range(2)), first.eval()(ids))


def test_states_are_what_goes_into_each_block() -> None:
    model, ids = small(), some(1, 6)
    read = model.hidden(ids, states=True)
    assert len(read.states) == 3
    close(read.states[0], model.embed(ids))
    close(model.backbone.last(read.states[-1]), read.hidden)
    close(model.read(read.hidden), model(ids))


def test_gradients_go_through_a_cache() -> None:
    model, ids = small(), some(1, 6)
    with torch.enable_grad():
        cache = model.new_cache()
        model(ids[:, :4], cache=cache)
        model(ids[:, 4:], cache=cache).sum().backward()
        found = {name: each.grad.clone() for name, each in model.named_parameters()}
        model.zero_grad()
        model(ids)[:, 4:].sum().backward()
        for name, parameter in model.named_parameters():
            close(found[name], parameter.grad, 1e-9)
