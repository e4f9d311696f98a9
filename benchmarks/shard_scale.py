"""Gigabytes of text to Megatron's format and to our own, read back.

`python -m benchmarks.shard_scale --tokenizer FILE`; not a race. Sources of Python packages and the
shared text become gzipped JSON lines (repeated until there is enough of them, each document with
its number in front), then shards in both formats. Our own are compared with the text (`verify`);
Megatron's are read by its own `IndexedDataset` where megatron-core is installed, else by the
published layout, and every id is compared with ours. Prints one line a step; ends with 1 where
something differs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import cut, python_sources
from tokenry.shards import ShardOptions, TokenShards, verify, write_shards
from tokenry.tokenizer import Tokenizer, load

FILES = 16
DOCUMENT = 4_000


def documents(data: str | None) -> list[str]:
    """Texts of about four kilobytes."""
    found: list[str] = []
    for path in sorted(Path(data or ".").glob("text/*.txt")):
        found += cut(path.read_text(encoding="utf-8"), DOCUMENT)
    for scheme in ("stdlib", "purelib"):
        for source in python_sources(scheme):
            found += cut(source, DOCUMENT)
            if len(found) > 60_000:
                return found
    return found


def write_sources(folder: Path, data: str | None, size: int, files: int = FILES) -> int:
    """Write gzipped JSON lines of so many bytes of text; gives how many there are."""
    folder.mkdir()
    texts = documents(data)
    written = number = 0
    for file in range(files):
        with gzip.open(folder / f"{file:02d}.jsonl.gz", "wb", compresslevel=1) as out:
            while written < size * (file + 1) // files:
                text = f"{number}: {texts[number % len(texts)]}"
                out.write(json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n")
                written += len(text.encode())
                number += 1
    return written


def timed(label: str, size: int, run: Any) -> Any:
    """Run it and print what it cost, processes that it starts included."""
    before, begin = os.times(), time.perf_counter()
    found = run()
    cpu = sum(os.times()[:4]) - sum(before[:4])
    wall = time.perf_counter() - begin
    rate = f"{size / 1e6 / cpu:.1f} MB/CPU-s, {size / 1e6 / wall:.1f} MB/s"
    print(f"{label}: {cpu:.1f} CPU-s, {wall:.1f} s, {rate}", flush=True)
    return found


def megatron_runs(folder: Path) -> Iterator[Any]:
    """Ids of each file in Megatron's format, as Megatron reads them, documents joined."""
    for index in sorted(folder.glob("*.idx")):
        prefix = index.with_suffix("")
        try:
            from megatron.core.datasets.indexed_dataset import IndexedDataset
        except ImportError:
            yield np.fromfile(index.with_suffix(".bin"), "<u2")
            continue
        dataset = IndexedDataset(str(prefix))
        yield np.concatenate([dataset[i] for i in range(len(dataset))])


def compare(own: Path, megatron: Path) -> int:
    """Ids that both have; raises where they differ."""
    ours = TokenShards.open(own)
    count = 0
    for part, theirs in zip(ours.parts, megatron_runs(megatron), strict=True):
        if not np.array_equal(part.ids, theirs):
            raise SystemExit(f"{part.record.name} differs")
        count += len(theirs)
    return count


def run(
    folder: Path, tokenizer: Tokenizer, data: str | None, gigabytes: float, workers: int
) -> None:
    """All steps."""
    sources = folder / "sources"
    size = write_sources(sources, data, int(gigabytes * 1e9))
    print(f"sources: {size:,} bytes of text in {FILES} files", flush=True)
    for name in ("own", "megatron"):
        # One file a shard, and parts that do not end within one, so that both formats cut alike.
        options = ShardOptions(format=name, group_bytes=1)

        def job(name: str = name, options: ShardOptions = options) -> Any:
            return write_shards(sources, tokenizer, folder / name, options, workers=workers)

        summary = timed(f"{name}, {workers} worker(s)", size, job).summary
        print(f"  {summary.documents:,} documents, {summary.tokens:,} tokens", flush=True)
    verified = timed("own: digests and text", size, lambda: verify(folder / "own", tokenizer))
    print(f"  {verified.documents:,} documents are their text", flush=True)
    count = timed(
        "megatron: read and compared", size, lambda: compare(folder / "own", folder / "megatron")
    )
    print(f"  {count:,} ids are equal", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Print each step."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shard_scale", description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--tokenizer", required=True, help="a tokenizer of at most 65,536 ids")
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    parser.add_argument("--folder", help="where the files are made; default: /tmp")
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # of Megatron's imports
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        run(Path(folder), load(given.tokenizer), given.data, given.gigabytes, given.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
