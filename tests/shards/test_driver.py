from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import pytest
from shard_checks import GROUP, contents, made, write_lines

from tokenry.errors import ShardError
from tokenry.learning import learn
from tokenry.shards import ShardOptions, TokenShards, verify, write_shards
from tokenry.shards.records import read_record
from tokenry.tokenizer import Tokenizer

PACKED = ShardOptions(group_bytes=GROUP, length=64)


@pytest.fixture(scope="module")
def whole(sources: Path, tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shards of a job that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "shards"
    write_shards(sources, tokenizer, out, PACKED)
    return out


@pytest.fixture
def copy(sources: Path, tmp_path: Path) -> Path:
    """Sources of the same content that a test may change."""
    return Path(shutil.copytree(sources, tmp_path / "sources"))


def arrays(folder: Path) -> dict[str, bytes]:
    """All files but records, which name the places of sources."""
    return {name: data for name, data in contents(folder).items() if not name.endswith(".json")}


def test_a_job_has_all_text(
    sources: Path, tokenizer: Tokenizer, whole: Path, texts: list[str]
) -> None:
    found = verify(whole, tokenizer)
    assert (found.documents, found.shortened) == (len(texts), 0)
    shards = TokenShards.open(whole)
    assert len(shards.records) == 2
    kept = sum(record.tokens for record in shards.records)
    assert kept == sum(len(tokenizer.encode(text)) + 1 for text in texts)


@pytest.mark.parametrize("shares", [{"workers": 2}, {"world": 3}])
def test_who_does_it_changes_no_byte(
    sources: Path, tokenizer: Tokenizer, whole: Path, tmp_path: Path, shares: dict[str, int]
) -> None:
    for rank in range(shares.get("world", 1)):
        report = write_shards(sources, tokenizer, tmp_path, PACKED, rank=rank, **shares)
    assert report.summary is not None
    assert contents(tmp_path) == contents(whole)


def test_ranks_share_the_work(sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    first = write_shards(sources, tokenizer, tmp_path, PACKED, rank=1, world=2)
    assert (first.made, first.total, first.summary) == (1, 2, None)
    second = write_shards(sources, tokenizer, tmp_path, PACKED, rank=0, world=2)
    assert second.made == 1
    assert second.summary is not None


def test_what_is_complete_stays(copy: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_shards(copy, tokenizer, out, PACKED)
    before = contents(out)
    times = {path.name: path.stat().st_mtime_ns for path in out.glob("shard-00000-*")}
    (out / "shard-00001-000.ends").write_bytes(b"")
    (out / ".shard-00001-000.bin.abc.tmp").write_bytes(b"left by a killed process")
    report = write_shards(copy, tokenizer, out, PACKED, resume=True)
    assert (report.made, report.kept) == (1, 1)
    assert contents(out) == before
    assert times == {path.name: path.stat().st_mtime_ns for path in out.glob("shard-00000-*")}


def test_a_source_that_changed_is_encoded_anew(
    copy: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    write_shards(copy, tokenizer, out, PACKED)
    status = (copy / "3.jsonl.gz").stat()
    data = bytearray((copy / "3.jsonl.gz").read_bytes())
    write_lines(copy / "3.jsonl.gz", ["another text"])
    assert len(data) != (copy / "3.jsonl.gz").stat().st_size
    os.utime(copy / "3.jsonl.gz", ns=(status.st_atime_ns, status.st_mtime_ns))
    report = write_shards(copy, tokenizer, out, PACKED, resume=True)
    assert report.kept == 1
    write_shards(copy, tokenizer, tmp_path / "anew", PACKED)
    assert contents(out) == contents(tmp_path / "anew")


def test_sources_that_are_gone_leave_no_shard(
    copy: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    write_shards(copy, tokenizer, out, PACKED)
    for number in (2, 3):
        (copy / f"{number}.jsonl.gz").unlink()
    write_shards(copy, tokenizer, out, PACKED, resume=True)
    write_shards(copy, tokenizer, tmp_path / "anew", PACKED)
    assert contents(out) == contents(tmp_path / "anew")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def spoil(path: Path) -> None:
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    lines[len(lines) // 2] = b'{"text": "no end\n'
    path.write_bytes(gzip.compress(b"".join(lines), 1, mtime=0))


@pytest.mark.parametrize(
    ("break_it", "said"),
    [(truncate, r"3\.jsonl\.gz: Compressed file ended"), (spoil, r"3\.jsonl\.gz, line \d+ is not")],
)
def test_a_broken_source_stops_its_shard_alone(
    copy: Path, tokenizer: Tokenizer, tmp_path: Path, whole: Path, break_it: object, said: str
) -> None:
    out = tmp_path / "out"
    good = (copy / "3.jsonl.gz").read_bytes()
    break_it(copy / "3.jsonl.gz")  # type: ignore[operator]
    with pytest.raises(ShardError, match=f"1 of 2 shards could not be made.*{said}"):
        write_shards(copy, tokenizer, out, PACKED)
    assert read_record(out, "shard-00000") is not None
    assert not list(out.glob("*00001*"))
    (copy / "3.jsonl.gz").write_bytes(good)
    report = write_shards(copy, tokenizer, out, PACKED, resume=True)
    assert report.made == 1
    assert arrays(out) == arrays(whole)


def test_other_options_are_refused(
    sources: Path, tokenizer: Tokenizer, whole: Path, texts: list[str]
) -> None:
    with pytest.raises(ShardError, match="resume=True"):
        write_shards(sources, tokenizer, whole, PACKED)
    with pytest.raises(ShardError, match="of another tokenizer or of other options"):
        made(sources, tokenizer, whole, length=32)
    other = learn(texts, vocab_size=400, special_tokens=("<|endoftext|>",))
    with pytest.raises(ShardError, match="of another tokenizer or of other options"):
        write_shards(sources, other, whole, PACKED, resume=True)
    with pytest.raises(ShardError, match="has the fingerprint"):
        verify(whole, other)


def test_what_the_tokenizer_lacks_is_refused(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    with pytest.raises(ShardError, match="'<eos>' is no special"):
        made(sources, tokenizer, tmp_path, end="<eos>")
    with pytest.raises(ShardError, match="no shard format is named 'parquet'"):
        made(sources, tokenizer, tmp_path, format="parquet")
    with pytest.raises(ShardError, match="rank 2 of 2"):
        write_shards(sources, tokenizer, tmp_path, rank=2, world=2)


def test_a_change_of_a_file_is_noticed(whole: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "copy"))
    data = bytearray((folder / "shard-00000-000.bin").read_bytes())
    data[100] ^= 1
    (folder / "shard-00000-000.bin").write_bytes(data)
    with pytest.raises(ShardError, match="not what its record says"):
        verify(folder)


@pytest.mark.parametrize("transform", ["plain", "fim"])
@pytest.mark.parametrize("pack", ["best-fit", "concat", "bos"])
def test_shards_are_their_text(
    sources: Path, tokenizer: Tokenizer, tmp_path: Path, texts: list[str], pack: str, transform: str
) -> None:
    made(sources, tokenizer, tmp_path, pack=pack, length=50, transform=transform, begin="<|bos|>")
    found = verify(tmp_path, tokenizer)
    assert found.shortened == 0 or pack == "bos"
    assert found.documents + (pack == "bos") * len(texts) >= len(texts)
