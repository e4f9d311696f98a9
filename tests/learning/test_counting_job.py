from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tokenry.corpus import ReadOptions
from tokenry.errors import CorpusError, LearnError
from tokenry.learning.counting_job import CountingJob, _add, count_files
from tokenry.learning.word_counts import WordCounts
from tokenry.shards.plan import ShardTask


def written(folder: Path, count: int = 6) -> list[str]:
    texts = [f"the cat {number} sat on the mat {number % 3}\n" * 40 for number in range(count)]
    for number, text in enumerate(texts):
        lines = json.dumps({"text": text}) + "\n"
        (folder / f"{number}.jsonl").write_text(lines * (number + 1))
    return [text for number, text in enumerate(texts) for _ in range(number + 1)]


@pytest.mark.parametrize(("workers", "group"), [(1, 1 << 30), (1, 1), (3, 1)])
def test_counts_do_not_depend_on_who_counts(tmp_path: Path, workers: int, group: int) -> None:
    texts = written(tmp_path)
    found = count_files(tmp_path, CountingJob(), workers=workers, group_bytes=group)
    whole = WordCounts.of(texts)
    found.save(tmp_path / "found.words")
    whole.save(tmp_path / "whole.words")
    assert (tmp_path / "found.words").read_bytes() == (tmp_path / "whole.words").read_bytes()


class DiesOnce(CountingJob):
    """The worker of one group is killed, the first time."""

    def __call__(self, task: ShardTask) -> WordCounts | None:
        mark = Path(task.sources[0]).with_suffix(".seen")
        if task.number == 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(task)


def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    texts = written(tmp_path)
    paths = sorted(tmp_path.glob("*.jsonl"))
    found = count_files(paths, DiesOnce(), workers=2, group_bytes=1)
    assert found.documents == len(texts)
    assert found.counts.sum() == WordCounts.of(texts).counts.sum()


def test_files_without_documents_and_broken_ones(tmp_path: Path) -> None:
    written(tmp_path, 2)
    (tmp_path / "9.jsonl").write_text(json.dumps({"text": ""}) + "\n")
    files = sorted(tmp_path.glob("*.jsonl"))
    assert count_files(files, CountingJob(), group_bytes=1).documents == 3
    with pytest.raises(CorpusError, match="no documents in these files"):
        count_files(tmp_path / "9.jsonl", CountingJob())
    (tmp_path / "8.jsonl").write_text(json.dumps({"body": "x"}) + "\n")
    (tmp_path / "9.jsonl").unlink()
    with pytest.raises(LearnError, match=r"1 of 3 groups of files: .*no field 'text'"):
        count_files(tmp_path, CountingJob(options=ReadOptions()), group_bytes=1)


def test_tables_are_merged_with_those_of_their_size() -> None:
    tables: list[WordCounts] = []
    for number in range(9):
        _add(tables, WordCounts.of([f"word{number} and {number}"]))
    assert len(tables) < 5
    assert sum(each.documents for each in tables) == 9
