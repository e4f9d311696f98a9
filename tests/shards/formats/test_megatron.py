"""Read as the published layout says, and by Megatron's own reader where that is there."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shard_checks import documents, made, same

from tokenry.errors import ShardError
from tokenry.shards import ShardOptions, write_shards
from tokenry.tokenizer import Tokenizer

TYPES = {1: "u1", 2: "i1", 3: "<i2", 4: "<i4", 5: "<i8", 6: "<f8", 7: "<f4", 8: "<u2"}


def read_index(prefix: Path) -> tuple[list[Any], list[int]]:
    """Sequences and document indices, by the published layout."""
    data = prefix.with_suffix(".idx").read_bytes()
    assert data[:9] == b"MMIDIDX\x00\x00"
    version, code, count, documents = struct.unpack_from("<QBQQ", data, 9)
    assert version == 1
    place = 34
    lengths = np.frombuffer(data, "<i4", count, place)
    pointers = np.frombuffer(data, "<i8", count, place + 4 * count)
    indices = np.frombuffer(data, "<i8", documents, place + 12 * count)
    assert len(data) == place + 12 * count + 8 * documents
    run = prefix.with_suffix(".bin").read_bytes()
    found = [
        np.frombuffer(run, TYPES[code], length, pointer)
        for length, pointer in zip(lengths.tolist(), pointers.tolist(), strict=True)
    ]
    return found, indices.tolist()


@pytest.mark.parametrize("dtype", [None, "uint32"])
def test_the_layout(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str], dtype: str | None
) -> None:
    made(sources, tokenizer, tmp_path, format="megatron", dtype=dtype)
    found = []
    for index in sorted(tmp_path.glob("*.idx")):
        sequences, indices = read_index(index)
        assert indices == list(range(len(sequences) + 1))
        found += sequences
    assert same(found, documents(tokenizer, texts))


def test_rows_are_documents_of_sequences(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    summary = made(sources, tokenizer, tmp_path, format="megatron", length=64).summary
    assert summary is not None
    rows = 0
    for index in sorted(tmp_path.glob("*.idx")):
        sequences, indices = read_index(index)
        sizes = np.cumsum([0, *map(len, sequences)])[indices]
        assert set(np.diff(sizes).tolist()) == {64}
        rows += len(indices) - 1
    assert rows == summary.sequences


def test_a_loss_has_no_place(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    chatty = tokenizer.configured(chat_template="{{ messages[0]['content'] }}")
    (tmp_path / "a.jsonl").write_text('{"text": [{"role": "user", "content": "hi"}]}\n')
    options = ShardOptions(format="megatron", transform="chat")
    with pytest.raises(ShardError, match="no place for loss"):
        write_shards(tmp_path / "a.jsonl", chatty, tmp_path / "out", options)


@pytest.mark.slow  # Megatron imports for ten seconds
@pytest.mark.filterwarnings("ignore")
def test_megatron_reads_it(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]
) -> None:
    megatron = pytest.importorskip("megatron.core.datasets.indexed_dataset")
    made(sources, tokenizer, tmp_path, format="megatron")
    found = []
    for index in sorted(tmp_path.glob("*.idx")):
        dataset = megatron.IndexedDataset(str(index.with_suffix("")))
        found += [dataset[i].copy() for i in range(len(dataset))]  # its map ends with it
        assert dataset.document_indices.tolist() == list(range(len(dataset) + 1))
    assert same(found, documents(tokenizer, texts))
