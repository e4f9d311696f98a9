from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tokenry.corpus.choice import DocumentChoice
from tokenry.errors import CorpusError, FormatError

CHOICE = DocumentChoice.of(
    [("b.txt", 2), ("a.txt", 0), ("b.txt", 2), ("b.txt", 0)], {"a.txt": 1, "b.txt": 4, "c": 0}
)


def test_counts_by_source() -> None:
    assert CHOICE.of_source("a.txt").tolist() == [1]
    assert CHOICE.of_source("b.txt").tolist() == [1, 0, 2, 0]
    assert CHOICE.of_source("c").tolist() == []
    assert len(CHOICE) == 4
    with pytest.raises(CorpusError, match=r"says nothing of d\.txt; it is of a\.txt, b\.txt, c"):
        CHOICE.of_source("d.txt")
    with pytest.raises(CorpusError, match="taken 300 times; give 255"):
        DocumentChoice.of([("a", 0)] * 300, {"a": 1})


def test_a_file_and_back(tmp_path: Path) -> None:
    path = CHOICE.save(tmp_path / "choice")
    again = DocumentChoice.read(path)
    assert again.digest == CHOICE.digest
    assert all(np.array_equal(again.times[name], each) for name, each in CHOICE.times.items())
    other = DocumentChoice.of([("a.txt", 0)], {"a.txt": 1})
    assert other.digest != CHOICE.digest
    data = path.read_bytes()
    for broken in (b"", b"text", data[:-9], data.replace(b'"records": 4', b'"records": 5'),
                   data.replace(b'"version": 1', b'"version": 2')):  # fmt: skip
        path.write_bytes(broken)
        with pytest.raises(FormatError, match="is no choice of documents"):
            DocumentChoice.read(path)
