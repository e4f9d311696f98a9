from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from shard_checks import documents, made, same

from tokenry.tokenizer import Tokenizer


@pytest.mark.parametrize("dtype", [None, "uint32"])
def test_the_layout(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str], dtype: str | None
) -> None:
    made(sources, tokenizer, tmp_path, format="litdata", dtype=dtype)
    index = json.loads((tmp_path / "index.json").read_bytes())
    stored = "<u2" if dtype is None else "<i4"
    found = []
    for chunk in index["chunks"]:
        data = (tmp_path / chunk["filename"]).read_bytes()
        count = int(np.frombuffer(data, "<u4", 1)[0])
        places = np.frombuffer(data, "<u4", count + 1, 4).tolist()
        assert (count, places[-1]) == (chunk["chunk_size"], len(data))
        found += [
            np.frombuffer(data[begin:end], stored) for begin, end in itertools.pairwise(places)
        ]
    assert sum(map(len, found)) == sum(chunk["dim"] for chunk in index["chunks"])
    assert same(found, documents(tokenizer, texts))


@pytest.mark.filterwarnings("ignore")
def test_litdata_reads_it(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    litdata = pytest.importorskip("litdata")
    made(sources, tokenizer, tmp_path / "shards", format="litdata", length=64)
    rows = litdata.StreamingDataset(
        str(tmp_path / "shards"), item_loader=litdata.TokensLoader(block_size=64), shuffle=False
    )
    found = np.stack([np.asarray(rows[i]) for i in range(len(rows))])
    chunks = json.loads((tmp_path / "shards" / "index.json").read_bytes())["chunks"]
    runs = []
    for chunk in chunks:
        data = (tmp_path / "shards" / chunk["filename"]).read_bytes()
        runs.append(np.frombuffer(data, "<u2", offset=4 * (chunk["chunk_size"] + 2)))
    assert np.array_equal(found.reshape(-1), np.concatenate(runs))
