"""Models on disk come back as they were, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from tokenry.errors import FormatError, PartError  # noqa: E402
from tokenry.neural import Transformer  # noqa: E402
from tokenry.neural.saving import (  # noqa: E402
    load_model,
    read_tensors,
    save_model,
    write_tensors,
)

SMALL = Transformer.small(9, width=8, layers=1, heads=2)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
def test_weights_keep_their_dtype(dtype: str, tmp_path: Path) -> None:
    model = SMALL.build(seed=3, dtype=dtype)
    again = load_model(save_model(model, tmp_path / "model"))
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value)
        assert again.state_dict()[name].dtype == getattr(torch, dtype)
    assert all(parameter.requires_grad for parameter in again.parameters())


def test_other_tensors_are_refused(tmp_path: Path) -> None:
    save_model(SMALL.build(), tmp_path)
    path = tmp_path / "model.safetensors"
    tensors = read_tensors(path)
    rows = tensors.pop("embedding.rows.weight")
    write_tensors(path, tensors)
    with pytest.raises(PartError, match=r"does not fit .*embedding\.rows"):
        load_model(tmp_path)
    write_tensors(path, {**tensors, "embedding.rows.weight": rows[:-1]})
    with pytest.raises(PartError, match=r"does not fit .*embedding\.rows"):
        load_model(tmp_path)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(FormatError, match="no whole safetensors file"):
        load_model(tmp_path)
