"""What every part of a transformer promises, held to for each that the registry names."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tiny_parts import LAYERS, LENGTH, MODEL_PARTS, VOCAB, example, model_with

from part_promises import check_part, check_saved, check_without_torch
from tokenry.errors import PartError
from tokenry.neural import PARTS, from_json, load_part, save_part, to_json

torch = pytest.importorskip("torch")

import twins  # noqa: E402

from tokenry.neural.flops import counted_flops  # noqa: E402
from tokenry.neural.saving import load_model, save_model  # noqa: E402

every_part = pytest.mark.parametrize("name", PARTS)
every_model = pytest.mark.parametrize("name", MODEL_PARTS)
IDS = torch.tensor([[3, 1, 4, 1, 5, 9, 2, 6, 5], [2, 7, 1, 8, 2, 8, 1, 8, 10]])


@every_part
def test_is_a_frozen_dataclass_of_few_fields_with_a_summary(name: str) -> None:
    check_part(example(name), example(name), "neural", name)


@every_part
def test_is_saved_and_loaded(name: str, tmp_path: Path) -> None:
    part = example(name)
    check_saved(part)
    save_part(part, tmp_path / "part.json")
    assert load_part(tmp_path / "part.json") == part


WITHOUT_TORCH = """
from tiny_parts import example, model_with
from tokenry.errors import MissingExtraError
from tokenry.neural import PARTS, from_json, to_json
from tokenry.neural.topologies.causal import Causal

for name in PARTS:
    part = example(name)
    assert repr(part) and from_json(to_json(part)) == part
    slot = name.partition("/")[0]
    if slot == "topologies":
        assert part.mask(9, 9).shape == (9, 9)
    if not hasattr(part, "build"):
        continue
    sizes = {"heads": (4, 4), "backbone": (), "transformer": (), "optimizers": ([],)}
    try:
        part.build(*sizes.get(slot, (4,)))
    except MissingExtraError as error:
        assert "tokenry[neural]" in str(error), error
    else:
        raise AssertionError(f"{name} was built without torch")
"""


def test_all_import_print_and_save_where_torch_is_refused() -> None:
    check_without_torch(WITHOUT_TORCH)


@every_model
def test_weights_depend_on_the_seed_alone(name: str) -> None:
    config = model_with(name)
    before = torch.random.get_rng_state()
    first, again, other = (config.build(seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), before)
    for key, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[key]), key
    assert not torch.equal(first.embedding.rows.weight, other.embedding.rows.weight)


@every_model
def test_a_saved_model_says_the_same(name: str, tmp_path: Path) -> None:
    model = model_with(name).build(seed=1).eval()
    again = load_model(save_model(model, tmp_path)).eval()
    assert again.config == model.config
    assert torch.equal(model(IDS), again(IDS))


@every_model
def test_gradients_reach_every_parameter(name: str) -> None:
    model = model_with(name).build(seed=1)
    torch.nn.functional.cross_entropy(
        model(IDS).flatten(0, -2), torch.zeros(model(IDS).flatten(0, -2).shape[0]).long()
    ).backward()
    for key, parameter in model.named_parameters():
        gradient = parameter.grad
        assert gradient is not None, key
        assert float(gradient.abs().sum()) > 0, key


@every_model
def test_a_place_depends_on_what_it_sees_and_on_nothing_else(name: str) -> None:
    """Which vectors each hidden state depends on, by gradients, against the mask."""
    model = model_with(name).build(seed=1).eval()
    topology = model.config.backbone.topology
    vectors = model.embed(IDS[:1]).detach().requires_grad_()
    hidden = model.backbone(vectors).hidden[0]
    depends = np.stack(
        [
            torch.autograd.grad(row.square().sum(), vectors, retain_graph=True)[0][0].abs().sum(-1)
            for row in hidden * torch.arange(1, hidden.shape[1] + 1)
        ]
    )
    mask = topology.mask(LENGTH, LENGTH).astype(int)
    reach = np.linalg.matrix_power(mask, LAYERS) > 0
    assert ((depends > 1e-7) == reach).all()
    assert not topology.causal or not np.triu(reach, 1).any()


@every_model
def test_agrees_with_its_twin_in_float64(name: str) -> None:
    model = model_with(name).build(seed=1, dtype="float64").eval()
    weights = {key: value.numpy() for key, value in model.state_dict().items()}
    found = model(IDS).detach().numpy()
    for row, ids in zip(found, IDS.tolist(), strict=True):
        np.testing.assert_allclose(row, twins.logits(model.config, weights, ids), atol=1e-12)


@every_model
def test_float32_is_near_float64(name: str) -> None:
    config = model_with(name)
    single, double = (config.build(seed=1, dtype=d).eval() for d in ("float32", "float64"))
    torch.testing.assert_close(single(IDS).double(), double(IDS), atol=2e-5, rtol=2e-5)


COUNTED_FROM_THE_END = ("topologies/tree", "topologies/adjacency")
"""They name the last places of what is read so far, so what they say changes as more is read."""


@pytest.mark.parametrize("name", [name for name in MODEL_PARTS if name not in COUNTED_FROM_THE_END])
def test_reading_in_pieces_equals_reading_at_once(name: str) -> None:
    """With a cache, where no place sees what comes in a later piece."""
    model = model_with(name).build(seed=1, dtype="float64").eval()
    topology = model.config.backbone.topology
    mask = topology.mask(LENGTH, LENGTH)
    whole = model.hidden(IDS).hidden
    for cuts in ([4, 5], [1] * LENGTH, [7, 1, 1], [3, 0, 6]):
        pieces = list(pairwise(np.cumsum([0, *cuts]).tolist()))
        stable = all(
            np.array_equal(mask[a:b, :b], topology.mask(b - a, b)) and not mask[a:b, b:].any()
            for a, b in pieces
        )
        if not stable:
            continue
        cache = model.new_cache()
        found = [model.hidden(IDS[:, a:b], cache=cache).hidden for a, b in pieces]
        torch.testing.assert_close(torch.cat(found, 1), whole, atol=1e-11, rtol=0)


@pytest.mark.parametrize("name", [name for name in MODEL_PARTS if name not in COUNTED_FROM_THE_END])
def test_padding_changes_nothing(name: str) -> None:
    model = model_with(name).build(seed=1, dtype="float64").eval()
    alone = model(IDS[:1, :5])
    behind = IDS[:1].clone()
    present = torch.arange(LENGTH)[None] < 5
    padded = model(behind, present=present)
    torch.testing.assert_close(
        padded if padded.dim() == 2 else padded[:, :5], alone, atol=1e-11, rtol=0
    )
    assert torch.isfinite(padded).all()


@every_model
def test_flops_are_those_that_torch_counts(name: str) -> None:
    config = model_with(name)
    model = config.build()
    with counted_flops() as counted, torch.no_grad():
        model(IDS)
    assert counted() == config.flops(LENGTH, batch=2)


@every_model
def test_has_as_many_parameters_where_it_has_no_memory(name: str) -> None:
    config = model_with(name)
    shapes = {key: value.shape for key, value in config.build().state_dict().items()}
    meta = config.build(device="meta")
    assert {key: value.shape for key, value in meta.state_dict().items()} == shapes
    assert meta.device.type == "meta"


def test_parts_of_another_slot_are_refused() -> None:
    content = to_json(example("blocks/pre-norm"))
    wrong = {**content, "norm": to_json(example("feedforwards/gelu"))}
    with pytest.raises(PartError, match="norm of neural/blocks/pre-norm"):
        from_json(wrong)
    with pytest.raises(PartError, match="dropout"):
        from_json({**content, "dropout": "much"})


def test_a_part_is_changed_by_replacing_a_field() -> None:
    config = model_with("transformer")
    wider = replace(config, backbone=replace(config.backbone, width=32))
    assert wider.build(device="meta").embedding.rows.weight.shape == (VOCAB, 32)
