from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from shard_checks import documents, made, same

from tokenry.errors import ShardError
from tokenry.shards import TokenShards
from tokenry.tokenizer import Tokenizer


def test_documents_come_back(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]
) -> None:
    made(sources, tokenizer, tmp_path)
    shards = TokenShards.open(tmp_path)
    expected = documents(tokenizer, texts)
    assert len(shards) == len(expected)
    assert same(list(shards), expected)
    assert same([shards[i] for i in (0, 41, -1)], [expected[i] for i in (0, 41, -1)])
    assert same(shards[3:5], expected[3:5])


def test_rows_say_where_documents_are(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]
) -> None:
    made(sources, tokenizer, tmp_path, length=64)
    rows = TokenShards.open(tmp_path).rows()
    wholes = {tuple(ids) for ids in documents(tokenizer, texts)}
    seen = 0
    for row in pickle.loads(pickle.dumps(rows)):
        assert all(len(each) == 64 for each in row.values())
        for number in range(row["segment"].max() + 1):
            inside = row["segment"] == number
            stretch = tuple(row["ids"][inside].tolist())
            assert row["position"][inside].tolist() == list(range(len(stretch)))
            seen += stretch in wholes
    short = sum(len(ids) <= 64 for ids in documents(tokenizer, texts))
    assert short <= seen
    assert short > 0


def test_rows_of_documents_that_were_not_packed(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]
) -> None:
    made(sources, tokenizer, tmp_path)
    shards = TokenShards.open(tmp_path)
    with pytest.raises(ShardError, match="say how long rows are"):
        shards.rows()
    rows = shards.rows(50)
    runs = [part.ids for part in shards.parts]
    assert len(rows) == sum(len(run) // 50 for run in runs)
    assert np.array_equal(rows[1]["ids"], runs[0][50:100])


def test_a_folder_that_is_not_complete(tmp_path: Path) -> None:
    with pytest.raises(ShardError, match="no job was finished there"):
        TokenShards.open(tmp_path)
