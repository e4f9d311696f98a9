from __future__ import annotations

from pathlib import Path

import pytest
from shard_checks import documents, made

from tokenry.tokenizer import Tokenizer

ipc = pytest.importorskip("pyarrow.ipc")


def test_documents(sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]) -> None:
    made(sources, tokenizer, tmp_path, format="arrow")
    tables = [ipc.open_stream(path).read_all() for path in sorted(tmp_path.glob("*.arrow"))]
    rows = [row for table in tables for row in table.to_pylist()]
    assert [row["input_ids"] for row in rows] == documents(tokenizer, texts)
    assert [row["record"] for row in rows] == [*range(20), *range(20)] * 2
    assert [row["source"] for row in rows] == ([0] * 20 + [1] * 20) * 2
    metadata = tables[0].schema.metadata
    assert metadata[b"tokenry.fingerprint"].decode() == tokenizer.fingerprint()


def test_rows(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    summary = made(sources, tokenizer, tmp_path, format="arrow", length=64).summary
    assert summary is not None
    tables = [ipc.open_stream(path).read_all() for path in sorted(tmp_path.glob("*.arrow"))]
    rows = [row for table in tables for row in table.to_pylist()]
    assert len(rows) == summary.sequences
    assert all(len(row["input_ids"]) == sum(row["segments"]) == 64 for row in rows)
