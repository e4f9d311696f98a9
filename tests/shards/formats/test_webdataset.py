from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from shard_checks import documents, made, same

from tokenry.tokenizer import Tokenizer


def test_the_layout(sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str]) -> None:
    made(sources, tokenizer, tmp_path, format="webdataset")
    found = []
    for path in sorted(tmp_path.glob("*.tar")):
        with tarfile.open(path) as archive:
            for member in archive:
                content = archive.extractfile(member)
                assert content is not None
                assert member.name.endswith(".tokens.npy")
                found.append(np.load(io.BytesIO(content.read())))
    assert same(found, documents(tokenizer, texts))


@pytest.mark.filterwarnings("ignore")
def test_webdataset_reads_it(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    summary = made(sources, tokenizer, tmp_path, format="webdataset", length=64).summary
    assert summary is not None
    urls = [str(path) for path in sorted(tmp_path.glob("*.tar"))]
    samples = list(webdataset.WebDataset(urls, shardshuffle=False).decode())
    assert len(samples) == summary.sequences
    for sample in samples:
        assert sample["tokens.npy"].shape == (64,)
        assert sample["segments.npy"].sum() == 64
    assert len({sample["__key__"] for sample in samples}) == len(samples)
