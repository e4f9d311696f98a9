from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from shard_checks import contents

from tokenry.shards import ShardOptions, verify, write_shards
from tokenry.shards.driver import complete
from tokenry.tokenizer import Tokenizer, load

tasks = pytest.importorskip("nemo_curator.tasks", exc_type=ImportError)
pytestmark = pytest.mark.filterwarnings("ignore")
OPTIONS = ShardOptions(length=64)


def test_groups_of_files_become_shards(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    from tokenry.shards.adapters.curator_stage import TokenryShards

    tokenizer.save(tmp_path / "tokenizer")
    out = str(tmp_path / "out")
    stage = pickle.loads(pickle.dumps(TokenryShards(str(tmp_path / "tokenizer"), out, OPTIONS)))
    stage.setup()
    files = sorted(map(str, sources.iterdir()))
    for group in (files[:2], files[2:], files[:2]):
        task = tasks.FileGroupTask(dataset_name="small", data=group)
        done = stage.process(task)
        assert {Path(name).suffix for name in done.data} == {".bin", ".ends", ".origins"}
    summary = complete(stage.job)
    assert summary is not None
    assert len(summary.shards) == 2
    write_shards(files, load(tmp_path / "tokenizer"), tmp_path / "other", OPTIONS)
    assert verify(out, tokenizer).documents == verify(tmp_path / "other", tokenizer).documents
    first = contents(Path(out))
    assert len(first) == 2 * 3 + 2 + 1
