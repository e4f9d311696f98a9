"""How a job of shards scales: one worker, two, and two processes that know nothing of each other.

`python -m benchmarks.shard_workers --tokenizer FILE`; not a race. The third is the null: what two
processors of this machine give to work that shares nothing. Each worker says how long it computed,
waited for a processor, and was blocked (disks, pipes), as the kernel counts them, so that the
speed-up can be told on a machine that others use too: the time that a worker waited for a processor
is left out. What is serial would show as time of the whole job that is no worker's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from benchmarks.shard_scale import write_sources
from tokenry.shards import ShardOptions
from tokenry.shards.backends.here import Here
from tokenry.shards.backends.pool import Pool
from tokenry.shards.driver import finish
from tokenry.shards.job import ShardJob, make_shard
from tokenry.shards.plan import ShardTask, files_of, plan
from tokenry.tokenizer import load

FILES = 64
OPTIONS = ShardOptions(format="megatron", end=None, group_bytes=1)


@dataclass(frozen=True)
class Span:
    """What a process did for one shard: seconds, from when to when, on a processor and waiting."""

    process: int
    begin: float
    end: float
    computed: float
    waited: float


@dataclass(frozen=True)
class Spent:
    """Seconds of a job: by the clock, and by the clock without waits for a processor."""

    wall: float
    alone: float
    computed: float
    blocked: float


def counted() -> tuple[float, float]:
    """Seconds that the threads of this process computed, and waited for a processor."""
    threads = Path("/proc/self/task").iterdir()
    found = [(each / "schedstat").read_text(encoding="ascii").split() for each in threads]
    computed, waited = (sum(int(each[i]) for each in found) for i in (0, 1))
    return computed / 1e9, waited / 1e9


def watched(job: ShardJob, task: ShardTask) -> Span:
    """Make a shard, and say what that took."""
    begin, (computed, waited) = time.perf_counter(), counted()
    make_shard(job, task)
    end, (computed_then, waited_then) = time.perf_counter(), counted()
    return Span(os.getpid(), begin, end, computed_then - computed, waited_then - waited)


def job_of(tokenizer: str, out: Path) -> ShardJob:
    """The job, warm."""
    loaded = load(tokenizer)
    loaded.encode("before the clock starts")
    return ShardJob(loaded, OPTIONS, str(out))


def one_job(tokenizer: str, sources: Path, out: Path, workers: int) -> Spent:
    """A whole job, without the start of its workers."""
    job = job_of(tokenizer, out)
    begin = time.perf_counter()
    tasks = plan(files_of(sources), OPTIONS.group_bytes)
    planned = time.perf_counter() - begin
    backend = Pool(workers) if workers > 1 else Here()
    spans = [each.result for each in backend.map(partial(watched, job), tasks)]
    mapped = time.perf_counter()
    finish(job, tasks)
    around = planned + time.perf_counter() - mapped
    return spent(spans, around)


def spent(spans: list[Span], around: float) -> Spent:
    """Of the spans of all workers, and seconds before and after them."""
    processes = {each.process for each in spans}
    begin, end = min(each.begin for each in spans), max(each.end for each in spans)
    waits = [sum(s.waited for s in spans if s.process == each) for each in processes]
    lasts = [max(s.end for s in spans if s.process == each) - begin for each in processes]
    alone = max(last - wait for last, wait in zip(lasts, waits, strict=True))
    computed = sum(each.computed for each in spans)
    blocked = sum(each.end - each.begin - each.computed - each.waited for each in spans)
    return Spent(end - begin + around, alone + around, computed, blocked)


def half(tokenizer: str, sources: list[str], out: str) -> list[Span]:
    """Every second shard, by a process that knows of no other."""
    job = job_of(tokenizer, Path(out))
    return [watched(job, task) for task in plan(sources, OPTIONS.group_bytes)]


def two_strangers(tokenizer: str, sources: Path, out: Path) -> Spent:
    """Two processes with half of the sources each."""
    files = files_of(sources)
    with get_context("spawn").Pool(2) as pool:
        shares = [(tokenizer, files[i::2], str(out / str(i))) for i in range(2)]
        halves = pool.starmap(half, shares, chunksize=1)
    longest = max(spent(each, 0.0).alone for each in halves)
    wall = max(spent(each, 0.0).wall for each in halves)
    both = spent([span for each in halves for span in each], 0.0)
    return Spent(wall, longest, both.computed, both.blocked)


JOBS: Final = {
    "one worker": partial(one_job, workers=1),
    "two workers": partial(one_job, workers=2),
    "two strangers": two_strangers,
}


def fastest(tokenizer: str, sources: Path, out: Path, rounds: int) -> dict[str, Spent]:
    """All three in turn, several times; the fastest of each."""
    best: dict[str, Spent] = {}
    for _ in range(rounds):
        for name, job in JOBS.items():
            found = job(tokenizer, sources, out)
            shutil.rmtree(out)
            if name not in best or found.alone < best[name].alone:
                best[name] = found
    return best


def speedups(tokenizer: str, sources: str, out: str, rounds: int) -> dict[str, float]:
    """How much faster two are than one worker, without waits for a processor."""
    best = fastest(tokenizer, Path(sources), Path(out), rounds)
    one = best.pop("one worker").alone
    return {name: one / each.alone for name, each in best.items()}


def run(folder: Path, tokenizer: str, data: str | None, gigabytes: float, rounds: int) -> None:
    """Print what each took."""
    size = write_sources(folder / "sources", data, int(gigabytes * 1e9), FILES)
    print(f"{size / 1e6:.0f} MB of text in {FILES} files, fastest of {rounds}", flush=True)
    best = fastest(tokenizer, folder / "sources", folder / "out", rounds)
    one = best["one worker"]
    for name, each in best.items():
        print(
            f"{name}: {each.wall:.2f} s by the clock, {each.alone:.2f} s without waits for a "
            f"processor ({one.alone / each.alone:.2f}x), {each.computed:.2f} CPU s, "
            f"{each.blocked:.2f} s blocked"
        )


def main(arguments: list[str] | None = None) -> int:
    """Print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shard_workers", description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=0.4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokenizer", required=True, help="a tokenizer file")
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), given.tokenizer, given.data, given.gigabytes, given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
