from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shard_checks import documents, made, same

from tokenry.tokenizer import Tokenizer


def test_the_layout(sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]) -> None:
    made(sources, tokenizer, tmp_path, format="datatrove")
    found = []
    for path in sorted(tmp_path.glob("*.ds")):
        ends = np.fromfile(f"{path}.index", "<u8")
        ids = np.fromfile(path, "<u2")
        name, count = Path(f"{path}.metadata").read_text().split("\n")[:2]
        assert (name, int(count)) == ("small|2", len(ids))
        found += np.split(ids, ends[:-1].astype(int))
        assert ends[-1] == len(ids)
    assert same(found, documents(tokenizer, texts))


def test_datatrove_reads_it(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    dataset = pytest.importorskip("datatrove.utils.dataset")
    made(sources, tokenizer, tmp_path, format="datatrove")
    for path in sorted(tmp_path.glob("*.ds")):
        ids = np.fromfile(path, "<u2")
        ends = np.fromfile(f"{path}.index", "<u8").astype(int)
        whole = np.concatenate([np.arange(n) for n in np.diff(ends, prepend=0)])
        rows = dataset.DatatroveFileDataset(str(path), 49, token_size=2, return_positions=True)
        assert len(rows) == len(ids) // 50
        for number in range(len(rows)):
            row = rows[number]
            begin, end = number * 50, number * 50 + 50
            assert row["input_ids"].tolist() == ids[begin:end].tolist()
            places = row["positions"].numpy()
            inside = whole[begin:end] < np.arange(50)  # it counts anew in each window
            assert np.array_equal(places[inside], whole[begin:end][inside])
