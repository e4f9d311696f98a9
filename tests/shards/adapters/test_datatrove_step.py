from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shard_checks import documents, same

from tokenry.errors import ShardError
from tokenry.tokenizer import Tokenizer

pytest.importorskip("datatrove.pipeline.tokens")
pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_step_writes_our_ids(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]
) -> None:
    from datatrove.pipeline.readers import JsonlReader

    from tokenry.shards.adapters.datatrove_step import TokenryTokenizer

    tokenizer.save(tmp_path / "tokenizer")
    step = TokenryTokenizer(
        str(tmp_path / "ids"), str(tmp_path / "tokenizer"), eos_token="<|endoftext|>",
        shuffle_documents=False, local_working_dir=str(tmp_path / "work"),
    )  # fmt: skip
    read = JsonlReader(str(sources), default_metadata={}).run(rank=0, world_size=1)
    step.run(read, rank=0, world_size=1)
    (path,) = (tmp_path / "ids").glob("*.ds")
    ends = np.fromfile(f"{path}.index", "<u8").astype(int)
    found = np.split(np.fromfile(path, "<u2"), ends[:-1])
    assert same(found, documents(tokenizer, texts))


def test_a_special_that_is_none(tokenizer: Tokenizer, tmp_path: Path) -> None:
    from tokenry.shards.adapters.datatrove_step import TokenryTokenizer

    tokenizer.save(tmp_path / "tokenizer")
    step = TokenryTokenizer(str(tmp_path), str(tmp_path / "tokenizer"), eos_token="<eos>")
    with pytest.raises(ShardError, match="'<eos>' is no special"):
        assert step.tokenizer
