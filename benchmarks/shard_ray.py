"""Processor time of a job of shards by Ray's tasks and by the pool of processes.

`python -m benchmarks.shard_ray --tokenizer FILE`; not a race. Both write the same shards with two
workers. Processor time is that of all processes of each, Ray's own daemons included; the cluster
and its workers start before the clock, because their start (about 7 CPU seconds) does not grow with
the data, the workers of the pool start within it. The folders are compared byte by byte.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from benchmarks.shard_faults import contents, differences
from benchmarks.shard_scale import write_sources
from tokenry.shards import ShardOptions, write_shards
from tokenry.tokenizer import Tokenizer, load

WORKERS = 2
OPTIONS = ShardOptions(group_bytes=1)


def spent() -> dict[int, float]:
    """CPU seconds of this process and of all below it, by process."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    found = {}
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found[process.pid] = times.user + times.system
    return found


def cpu_of(run: Callable[[], Any]) -> tuple[float, float]:
    """CPU seconds of a call, in processes that it leaves behind or not, and wall seconds."""
    before, gone = spent(), os.times()
    begin = time.perf_counter()
    run()
    wall = time.perf_counter() - begin
    after, end = spent(), os.times()
    alive = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
    reaped = (end.children_user + end.children_system) - (gone.children_user + gone.children_system)
    return alive + reaped, wall


def run(folder: Path, tokenizer: Tokenizer, data: str | None, gigabytes: float) -> None:
    """Both, and what they differ in."""
    import ray

    size = write_sources(folder / "sources", data, int(gigabytes * 1e9))
    paths = os.pathsep.join(each for each in sys.path if each)
    ray.init(num_cpus=WORKERS, include_dashboard=False, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": paths}})  # fmt: skip

    def job(out: str, **shares: Any) -> None:
        write_shards(folder / "sources", tokenizer, folder / out, OPTIONS, **shares)

    write_shards(sorted((folder / "sources").iterdir())[:WORKERS], tokenizer, folder / "warm",
                 OPTIONS, ray="auto")  # fmt: skip
    figures = {}
    for name, shares in (("ray", {"ray": "auto"}), ("pool", {"workers": WORKERS})):
        figures[name] = cpu_of(lambda out=name, shares=shares: job(out, **shares))  # type: ignore[misc]
        cpu, wall = figures[name]
        print(f"{name}: {cpu:.1f} CPU-s, {wall:.1f} s, {size / 1e6 / cpu:.1f} MB/CPU-s", flush=True)
    ray.shutdown()
    different = differences(contents(folder / "ray"), contents(folder / "pool"))
    more = figures["ray"][0] / figures["pool"][0] - 1
    print(f"Ray over the pool: {more:+.1%} CPU; {len(different)} files differ")
    if different:
        raise SystemExit(1)


def main(arguments: list[str] | None = None) -> int:
    """Print both figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shard_ray", description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--tokenizer", required=True, help="a tokenizer file")
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), load(given.tokenizer), given.data, given.gigabytes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
