"""What every codec promises, whatever fills its slots: tried on each of the tiny ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_codecs import CODECS, facts, images

from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.signals.codec import Codec
from tokenry.signals.codes import Codes
from tokenry.signals.features import Passed
from tokenry.signals.training.run import CodecRun, train_codec

torch = pytest.importorskip("torch")

every_codec = pytest.mark.parametrize("name", CODECS)
ITEMS = images(5)


@pytest.fixture(scope="module")
def codecs() -> dict[str, Codec]:
    return {name: Codec(assembly.build(seed=3)) for name, assembly in CODECS.items()}


def told(codec: Codec, count: int = len(ITEMS)) -> dict[str, object]:
    return dict(facts(codec.assembly, count))


@every_codec
def test_codes_are_a_function_of_items(name: str, codecs: dict[str, Codec]) -> None:
    """The same twice, and a batch is what its items are one by one."""
    codec = codecs[name]
    whole = codec.encode(ITEMS, facts=told(codec))
    again = codec.encode(ITEMS, facts=told(codec), batch=2)
    assert np.array_equal(whole.values, again.values)
    assert np.array_equal(whole.offsets, again.offsets)
    for place in range(len(ITEMS)):
        own = {name: each[place : place + 1] for name, each in told(codec).items()}  # type: ignore[index]
        alone = codec.encode(ITEMS[place : place + 1], facts=own)
        assert np.array_equal(alone.values, whole[place])
        assert alone.bits[0] == whole.bits[place]


@every_codec
def test_decoding_codes_is_decoding_vectors(name: str, codecs: dict[str, Codec]) -> None:
    """The bottleneck's vectors of codes are to the last bit those that it gave with them."""
    codec = codecs[name]
    network, carrier = codec.network, codec.assembly.carrier
    values = torch.from_numpy(carrier.values(ITEMS))
    with torch.no_grad():
        given = {name: torch.as_tensor(each) for name, each in told(codec).items()}
        quantized = network.bottleneck(network.features(values, given).vectors, 1.0)
        vectors = network.config.bottleneck.vectors(network.bottleneck, quantized.codes)
    assert torch.equal(vectors, quantized.vectors)
    assert quantized.codes.shape[1:] == (
        codec.assembly.tokens,
        len(codec.assembly.bottleneck.levels),
    )


@every_codec
def test_any_codes_decode(name: str, codecs: dict[str, Codec]) -> None:
    """All codes below their levels, in any number up to the layout: values, and the same twice."""
    codec, draw = codecs[name], np.random.default_rng(1)
    levels, layout = codec.assembly.bottleneck.levels, codec.assembly.tokens
    rows = [
        np.stack([draw.integers(0, each, count) for each in levels], -1)
        for count in (0, 1, layout, layout)
    ]
    rows[-1] = np.tile(np.array(levels) - 1, (layout, 1))
    codes = Codes.of(rows, levels, layout)
    found = codec.decode(codes, facts=told(codec, len(rows)))
    assert found.shape == (len(rows), *ITEMS.shape[1:])
    assert found.dtype == np.uint8
    assert np.array_equal(found, codec.decode(codes, facts=told(codec, len(rows))))


@every_codec
def test_bits_are_exact_and_no_less_than_entropy(name: str, codecs: dict[str, Codec]) -> None:
    codec = codecs[name]
    codes = codec.encode(ITEMS, facts=told(codec))
    levels = np.array(codec.assembly.bottleneck.levels, float)
    expected = codes.lengths * np.log2(levels).sum() + codes.side_bits
    np.testing.assert_allclose(codes.bits, expected)
    assert codes.entropy() <= codes.bits_per_token + 1e-9
    assert (codes.side_bits >= 0).all()


@every_codec
def test_fewer_tokens_are_the_first_ones(name: str, codecs: dict[str, Codec]) -> None:
    """Asking for k tokens is cutting to k tokens, and decodes as the masked whole does."""
    codec = codecs[name]
    if not codec.assembly.length.prefix:
        pytest.skip("keeps other places than the first")
    whole = codec.encode(ITEMS, facts=told(codec))
    short = codec.encode(ITEMS, facts=told(codec), tokens=2)
    cut = whole.first(int(short.lengths[0]))  # whole runs are fewer
    assert np.array_equal(short.values, cut.values)
    assert (short.lengths <= 2).all()
    one, other = (codec.decode(each, facts=told(codec)) for each in (short, cut))
    assert np.abs(one.astype(int) - other).max() <= 1


@every_codec
def test_a_step_is_finite_and_gradients_reach_the_codec(name: str) -> None:
    assembly = CODECS[name]
    network = assembly.build(seed=1).train()
    values = torch.from_numpy(assembly.carrier.values(ITEMS))
    given = {key: torch.as_tensor(each) for key, each in facts(assembly, len(ITEMS)).items()}
    passed: Passed = network(values, given, 0.5)
    slots = {**passed.quantized.losses, **passed.kept.losses, **passed.decoded.losses}
    loss = (passed.decoded.values - passed.values).square().mean() + sum(slots.values())
    loss.backward()
    assert torch.isfinite(loss)
    without = [
        key
        for key, each in network.named_parameters()
        if each.requires_grad and each.grad is None and each.numel()
    ]
    allowed = ("absent", "base.")  # a base learns by an objective of its own
    if "stopped" in name:
        allowed = (*allowed, "trunk.", "resampler.", "partition.")
    assert not [key for key in without if not key.startswith(allowed)]


@every_codec
def test_weights_depend_on_the_seed_alone(name: str) -> None:
    first, again, other = (CODECS[name].build(seed=seed) for seed in (1, 1, 2))
    same = [torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True)]
    assert all(same)
    differ = [
        torch.equal(a, b) for a, b in zip(first.parameters(), other.parameters(), strict=True)
    ]
    assert not all(differ)


def test_training_learns_and_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    """All steps at once are some steps, a stop, and the rest."""
    folder = tmp_path
    assembly = CODECS["causal registers"]
    trainer = replace(assembly.training.trainer, optimizer=AdamW(rate=1e-2))
    assembly = replace(assembly, training=replace(assembly.training, trainer=trainer, batch=8))
    items = images(16)
    whole = train_codec(assembly, items, run=CodecRun(steps=24), folder=folder / "whole")

    def stop(stage: str, done: float, total: float | None) -> None:
        if done >= 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_codec(assembly, items, run=CodecRun(steps=24), folder=folder / "cut", progress=stop)
    again = train_codec(assembly, items, run=CodecRun(steps=24), folder=folder / "cut")
    assert again.fingerprint == whole.fingerprint
    untrained = Codec(assembly.build(seed=0))
    errors = [
        np.square(each.decode(each.encode(items)).astype(float) - items).mean()
        for each in (untrained, whole)
    ]
    assert errors[1] < 0.8 * errors[0]
    loaded = Codec.load(folder / "whole")
    assert loaded.fingerprint == whole.fingerprint
    assert np.array_equal(loaded.encode(items).values, whole.encode(items).values)
