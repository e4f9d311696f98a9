"""Shards are read by their published layout, and by MosaicML's own reader where it is there."""

from __future__ import annotations

import itertools
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shard_checks import documents, made, same

from tokenry.tokenizer import Tokenizer

SIZES = ("<u1", "<u2", "<u4", "<u8")


def read_shards(folder: Path) -> list[dict[str, Any]]:
    """All samples."""
    index = json.loads((folder / "index.json").read_bytes())
    assert index["version"] == 2
    found = []
    for shard in index["shards"]:
        data = (folder / shard["raw_data"]["basename"]).read_bytes()
        assert len(data) == shard["raw_data"]["bytes"]
        count = int(np.frombuffer(data, "<u4", 1)[0])
        places = np.frombuffer(data, "<u4", count + 1, 4).tolist()
        assert json.loads(data[4 * count + 8 : places[0]])["column_names"] == shard["column_names"]
        assert (count, places[-1]) == (shard["samples"], len(data))
        pairs = itertools.pairwise(places)
        found += [sample(data[begin:end], shard) for begin, end in pairs]
    return found


def sample(data: bytes, shard: dict[str, Any]) -> dict[str, Any]:
    fixed = shard["column_sizes"]
    variable = np.frombuffer(data, "<u4", fixed.count(None)).tolist()
    place = 4 * len(variable)
    found = {}
    for name, encoding, size in zip(
        shard["column_names"], shard["column_encodings"], fixed, strict=True
    ):
        length = variable.pop(0) if size is None else size
        found[name] = array(data[place : place + length], encoding.split(":")[1:])
        place += length
    assert place == len(data)
    return found


def array(data: bytes, encoding: list[str]) -> Any:
    if len(encoding) == 2:
        return np.frombuffer(data, encoding[0]).reshape([int(encoding[1])])
    assert data[0] >> 2 == 1, "one dimension"
    kind = np.dtype(SIZES[data[0] & 3])
    length = np.frombuffer(data, kind, 1, 1)
    return np.frombuffer(data, encoding[0], offset=1 + kind.itemsize).reshape(length)


def test_documents(sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]) -> None:
    made(sources, tokenizer, tmp_path, format="mosaic")
    found = [each["tokens"] for each in read_shards(tmp_path)]
    assert same(found, documents(tokenizer, texts))


def test_rows(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    summary = made(sources, tokenizer, tmp_path, format="mosaic", length=64).summary
    assert summary is not None
    found = read_shards(tmp_path)
    assert len(found) == summary.sequences
    assert all(each["tokens"].shape == (64,) and each["segments"].sum() == 64 for each in found)


@pytest.fixture
def streaming(monkeypatch: pytest.MonkeyPatch) -> Any:
    """MosaicML's package, which imports torchvision for data sets of images, whether it is there
    or not.
    """
    pytest.importorskip("torch")
    pytest.importorskip("transformers.feature_extraction_utils")  # looks for torchvision itself
    for name in (
        "torchvision",
        "datasets",
        "transforms",
        "transforms.functional",
        "datasets.folder",
    ):
        module = types.ModuleType(name)
        module.__getattr__ = lambda _: object  # type: ignore[method-assign]
        full = name if name == "torchvision" else f"torchvision.{name}"
        monkeypatch.setitem(sys.modules, full, module)
    return pytest.importorskip("streaming", exc_type=ImportError)


@pytest.mark.slow  # it imports for four seconds
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("length", [None, 64])
def test_mosaic_reads_it(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, streaming: Any, length: int | None
) -> None:
    made(sources, tokenizer, tmp_path, format="mosaic", length=length)
    dataset = streaming.StreamingDataset(local=str(tmp_path), shuffle=False, batch_size=1)
    expected = read_shards(tmp_path)
    assert len(dataset) == len(expected)
    for number, each in enumerate(expected):
        assert dataset[number]["tokens"].tolist() == each["tokens"].tolist()
