"""Files of tensors, held to safetensors' own reader and writer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from tokenry.errors import FormatError, UnsupportedError
from tokenry.transfer.tensor_files import copied, from_floats, read_header, write_file

KINDS = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


@pytest.mark.parametrize("dtype", KINDS)
def test_floats_are_torchs(dtype: str, tmp_path: Path) -> None:
    draw = torch.Generator().manual_seed(0)
    wide = torch.randn(40, 8, generator=draw) * 10 ** torch.randn(40, 1, generator=draw)
    kept = wide.to(KINDS[dtype])
    safetensors.torch.save_file({"rows": kept}, tmp_path / "a.safetensors")
    tensors, _ = read_header(tmp_path / "a.safetensors")
    found = tensors["rows"]
    assert (found.dtype, found.shape) == (dtype, (40, 8))
    assert np.array_equal(found.floats(3, 9), kept[3:9].float().numpy())
    rounded = from_floats(wide.numpy(), dtype)
    assert rounded.tobytes() == kept.contiguous().view(torch.uint8).numpy().tobytes()


def test_copies(tmp_path: Path) -> None:
    given = {
        "a": torch.arange(6).reshape(2, 3),
        "b": torch.randn(5).bfloat16(),
        "none": torch.zeros(0, 4),
        "scale": torch.tensor(2.0),
    }
    safetensors.torch.save_file(given, tmp_path / "a.safetensors", metadata={"format": "pt"})
    tensors, words = read_header(tmp_path / "a.safetensors")
    write_file(
        tmp_path / "b.safetensors", {name: copied(each) for name, each in tensors.items()}, words
    )
    again = safetensors.torch.load_file(tmp_path / "b.safetensors")
    assert all(torch.equal(again[name], each) for name, each in given.items())
    with safetensors.safe_open(tmp_path / "b.safetensors", "pt") as opened:
        assert opened.metadata() == {"format": "pt"}


def test_quantised_numbers(tmp_path: Path) -> None:
    rows = torch.randn(4, 4).to(torch.float8_e4m3fn)
    safetensors.torch.save_file({"rows": rows}, tmp_path / "a.safetensors")
    with pytest.raises(UnsupportedError, match="quantised"):
        read_header(tmp_path / "a.safetensors")[0]["rows"].floats()
    safetensors.torch.save_file({"rows": torch.ones(4, dtype=torch.uint8)}, tmp_path / "b")
    with pytest.raises(UnsupportedError, match="quantised"):
        read_header(tmp_path / "b")[0]["rows"].floats()


def test_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    for data in (b"", b"not safetensors at all", (2).to_bytes(8, "little") + b"[]"):
        path.write_bytes(data)
        with pytest.raises(FormatError, match="no safetensors file"):
            read_header(path)
