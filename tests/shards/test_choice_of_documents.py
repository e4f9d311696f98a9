"""Shards of documents that were chosen, some of them more than once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shard_checks import GROUP, contents, write_lines

from tokenry.corpus import Corpus
from tokenry.corpus.choice import DocumentChoice
from tokenry.corpus.selecting import evened, select_documents
from tokenry.errors import ShardError
from tokenry.shards import ShardOptions, TokenShards, verify, write_shards
from tokenry.tokenizer import Tokenizer


def chosen(sources: Path, texts: list[str], folder: Path) -> tuple[str, list[str]]:
    """A choice of every third document, and of every ninth twice, and these texts in order."""
    times = {
        str(sources / f"{number}.jsonl.gz"): np.array(
            [(i % 3 == 0) + (i % 9 == 0) for i in range(len(texts[number::4]))], np.uint8
        )
        for number in range(4)
    }
    path = DocumentChoice(times).save(folder / "choice")
    expected = [
        text
        for number in range(4)
        for i, text in enumerate(texts[number::4])
        for _ in range((i % 3 == 0) + (i % 9 == 0))
    ]
    return str(path), expected


def test_shards_have_what_was_chosen_as_often(
    sources: Path, tokenizer: Tokenizer, texts: list[str], tmp_path: Path
) -> None:
    choice, expected = chosen(sources, texts, tmp_path)
    options = ShardOptions(group_bytes=GROUP, choice=choice)
    report = write_shards(sources, tokenizer, tmp_path / "out", options)
    found = [tokenizer.decode(ids[:-1]) for ids in TokenShards.open(tmp_path / "out")]
    assert found == expected
    assert report.summary is not None
    assert report.summary.documents == len(expected)
    assert verify(tmp_path / "out", tokenizer).shortened == 0


@pytest.mark.parametrize("pack", ["best-fit", "concat", "bos"])
def test_packed_copies_are_verified(
    sources: Path, tokenizer: Tokenizer, texts: list[str], tmp_path: Path, pack: str
) -> None:
    choice, expected = chosen(sources, texts, tmp_path)
    options = ShardOptions(group_bytes=GROUP, choice=choice, length=64, pack=pack)
    write_shards(sources, tokenizer, tmp_path / "out", options, workers=2)
    found = verify(tmp_path / "out", tokenizer)
    assert found.documents <= len(set(expected))
    write_shards(sources, tokenizer, tmp_path / "again", options)
    assert contents(tmp_path / "out") == contents(tmp_path / "again")


def test_another_choice_is_another_job(
    sources: Path, tokenizer: Tokenizer, texts: list[str], tmp_path: Path
) -> None:
    choice, _ = chosen(sources, texts, tmp_path)
    options = ShardOptions(group_bytes=GROUP, choice=choice)
    write_shards(sources, tokenizer, tmp_path / "out", options)
    times = dict(DocumentChoice.read(choice).times)
    DocumentChoice({name: each[::-1] for name, each in times.items()}).save(choice)
    with pytest.raises(ShardError, match="of other options"):
        write_shards(sources, tokenizer, tmp_path / "out", options, resume=True)
    write_lines(sources / "4.jsonl.gz", texts[:2])
    with pytest.raises(ShardError, match=r"the choice says nothing of .*4\.jsonl\.gz"):
        write_shards(sources, tokenizer, tmp_path / "more", options)
    (sources / "4.jsonl.gz").unlink()
    DocumentChoice({name: each[:3] for name, each in times.items()}).save(choice)
    with pytest.raises(ShardError, match="more records than the 3 that the choice was made of"):
        write_shards(sources, tokenizer, tmp_path / "fewer", options)


def test_from_a_mixture_to_shards(
    sources: Path, tokenizer: Tokenizer, texts: list[str], tmp_path: Path
) -> None:
    """What `select_documents` gives is what shards take."""
    budget = float(tokenizer.count_batch(texts).sum()) * 1.5
    found = select_documents(
        Corpus.from_paths(sources), tokenizer, budget, shares=evened(budget, 4), repeat=True
    )
    choice = str(found.choice.save(tmp_path / "choice"))
    options = ShardOptions(group_bytes=GROUP, choice=choice, length=128)
    report = write_shards(sources, tokenizer, tmp_path / "out", options)
    assert report.summary is not None
    assert report.summary.documents == len(found.choice)
    every = np.concatenate(list(found.choice.times.values()))
    assert every.max() > 1
    assert verify(tmp_path / "out", tokenizer).documents == np.count_nonzero(every)
