"""Sources and shards in an S3 that runs on loopback, and in fsspec's memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shard_checks import GROUP, contents

from tokenry.errors import ShardError
from tokenry.shards import ShardOptions, TokenShards, verify, write_shards
from tokenry.tokenizer import Tokenizer

fsspec = pytest.importorskip("fsspec")
OPTIONS = ShardOptions(group_bytes=GROUP, length=64)


@pytest.fixture
def memory(sources: Path) -> Iterator[str]:
    """The sources in a file system of this process."""
    system = fsspec.filesystem("memory")
    for path in sources.iterdir():
        system.pipe_file(f"/bucket/in/{path.name}", path.read_bytes())
    yield "memory://bucket"
    system.rm("/bucket", recursive=True)


@pytest.fixture
def s3(sources: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The sources in a bucket of moto's server."""
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    system = fsspec.filesystem("s3", skip_instance_cache=True)
    system.mkdir("bucket")
    for path in sources.iterdir():
        system.pipe_file(f"bucket/in/{path.name}", path.read_bytes())
    yield "s3://bucket"
    server.stop()


def files(url: str) -> dict[str, bytes]:
    system, path = fsspec.core.url_to_fs(url)
    system.invalidate_cache()
    names = system.find(path)
    return {name[len(path) + 1 :]: system.cat_file(name) for name in names}


def check(url: str, sources: Path, tokenizer: Tokenizer, tmp_path: Path, changed: Any) -> None:
    """Shards there are those of this machine, and a job there goes on."""
    out = f"{url}/out"
    first = write_shards(f"{url}/in/*.gz", tokenizer, out, OPTIONS, rank=0, world=2)
    assert (first.made, first.summary) == (1, None)
    second = write_shards([f"{url}/in"], tokenizer, out, OPTIONS, resume=True)
    assert (second.made, second.kept) == (1, 1)
    write_shards(sources, tokenizer, tmp_path, OPTIONS)
    found, expected = files(out), contents(tmp_path)
    assert found.keys() == expected.keys()
    arrays = [name for name in found if not name.endswith(".json")]
    assert {name: found[name] for name in arrays} == {name: expected[name] for name in arrays}
    assert verify(out, tokenizer) == verify(tmp_path, tokenizer)
    changed()
    third = write_shards([f"{url}/in"], tokenizer, out, OPTIONS, resume=True)
    assert (third.made, third.kept) == (1, 1)
    assert verify(out, tokenizer).documents < verify(tmp_path, tokenizer).documents
    with pytest.raises(ShardError, match="copy the shards to this machine"):
        TokenShards.open(out)


def test_memory(memory: str, sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    data = (sources / "3.jsonl.gz").read_bytes()
    system = fsspec.filesystem("memory")
    changed = small(data)
    check(memory, sources, tokenizer, tmp_path,
          lambda: system.pipe_file("/bucket/in/3.jsonl.gz", changed))  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # of botocore and of sockets that it leaves open
def test_s3(s3: str, sources: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    system = fsspec.filesystem("s3")
    data = small((sources / "3.jsonl.gz").read_bytes())
    check(s3, sources, tokenizer, tmp_path,
          lambda: system.pipe_file("bucket/in/3.jsonl.gz", data))  # fmt: skip


def small(data: bytes) -> bytes:
    """The first line of a source."""
    import gzip

    return gzip.compress(gzip.decompress(data).splitlines(keepends=True)[0], mtime=0)


def test_what_is_not_there(memory: str, tokenizer: Tokenizer) -> None:
    with pytest.raises(ShardError, match="matches no file"):
        write_shards(f"{memory}/nothing/*", tokenizer, f"{memory}/out", OPTIONS)
    with pytest.raises(ShardError, match="nosuch"):
        write_shards("nosuch://bucket/x", tokenizer, f"{memory}/out", OPTIONS)
