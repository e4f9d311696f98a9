"""Jobs of shards that are killed and go on, beside one that is not.

`python -m benchmarks.shard_faults`; not a race. Python's own documentation, in many small files,
becomes shards again and again: the driver or one of its workers is killed by signal 9 at random
times, and the same job is started again. Between two starts a source may be rewritten, cut off in
the middle of its gzip, or spoilt by a line that is no JSON, and a start may find that no file can
grow, as on a full disk. Then the job is left alone. Every byte of the folder must be that of a job
that nothing disturbed. Ends with 1 where one is not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import pydoc_data.topics
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tokenry.errors import TokenryError
from tokenry.shards import ShardOptions, write_shards
from tokenry.tokenizer import Tokenizer, load

FILES = 24
FAULTS = ("none", "rewritten", "truncated", "bad line", "full disk", "worker")
OPTIONS = ShardOptions(length=256, group_bytes=1, format="own")
MOMENT = 1_000_000_000  # the time of all sources, so that only their content tells them apart


@dataclass(frozen=True)
class Bench:
    """What all rounds share: the tokenizer, the sources, and what must come out."""

    folder: Path
    tokenizer: Tokenizer
    expected: dict[str, dict[str, bytes]]
    seconds: float

    @property
    def sources(self) -> Path:
        """The folder of the sources."""
        return self.folder / "sources"


def write_source(path: Path, number: int, version: str) -> None:
    """One source; in version B the seventh and the last are others."""
    topics = pydoc_data.topics.topics
    names = sorted(topics)[number::FILES]
    texts = [topics[name] for name in names] * 6
    if version == "B" and number in (7, FILES - 1):
        texts = texts[1:]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    replace(path, gzip.compress(lines.encode(), 1, mtime=0))


def replace(path: Path, data: bytes) -> None:
    """Other content in one moment, at the moment of all sources."""
    new = path.with_suffix(".new")
    new.write_bytes(data)
    os.utime(new, (MOMENT, MOMENT))
    new.replace(path)


def write_sources(folder: Path, version: str) -> None:
    """All of them."""
    folder.mkdir(exist_ok=True)
    for number in range(FILES):
        write_source(folder / f"{number:02d}.jsonl.gz", number, version)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def prepared(folder: Path) -> Bench:
    """The tokenizer, which another process learns, and what undisturbed jobs give."""
    learnt = os.fork()
    if learnt == 0:  # the threads of learning must not be in the process that forks
        from tokenry.learning import learn

        learn(list(pydoc_data.topics.topics.values()), vocab_size=2000).save(folder / "tokenizer")
        os._exit(0)
    os.waitpid(learnt, 0)
    tokenizer = load(folder / "tokenizer")
    expected = {}
    seconds = 0.0
    for version in "BA":
        write_sources(folder / "sources", version)
        begin = time.monotonic()
        if started(folder / "sources", tokenizer, folder / version).wait() != 0:
            raise SystemExit("the undisturbed job failed")
        seconds = time.monotonic() - begin
        expected[version] = contents(folder / version)
    return Bench(folder, tokenizer, expected, seconds)


class Started:
    """A driver in a process of its own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self) -> int:
        """Its exit status; minus the signal that ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill_after(self, seconds: float, worker: random.Random | None) -> bool:
        """Kill it, or one of its workers; whether there was something to kill."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return False
            time.sleep(0.001)
        victims = children(self.pid) if worker else [self.pid]
        if worker and not victims:
            return False
        os.kill(worker.choice(victims) if worker else self.pid, signal.SIGKILL)
        if not worker:
            self.wait()
        return True


def children(pid: int) -> list[int]:
    """Processes that a process started with its first thread."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    found = [int(each) for each in text.split()]
    names = {each: Path(f"/proc/{each}/cmdline").read_bytes() for each in found}
    return [each for each, name in names.items() if b"spawn_main" in name]


def started(
    sources: Path, tokenizer: Tokenizer, out: Path, *, workers: int = 1, most: int | None = None
) -> Started:
    """Start or go on with the job; ``most``: the size at which a file meets the end of the disk."""
    pid = os.fork()
    if pid:
        return Started(pid)
    status = 1
    try:
        if most is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        report = write_shards(sources, tokenizer, out, OPTIONS, workers=workers, resume=True)
        status = 0 if report.summary else 1
    except TokenryError:
        status = 3
    finally:
        os._exit(status)


def round_of(bench: Bench, number: int, kills: int, draw: random.Random) -> Counter[str]:
    """One folder, killed until it was so often, then left alone; gives what was done to it."""
    out = bench.folder / f"round-{number}"
    fault = FAULTS[number % len(FAULTS)]
    done: Counter[str] = Counter()
    version = "A"
    write_sources(bench.sources, version)
    while done["kills"] < kills:
        version = disturb(bench, fault, version, out, draw, done)
        workers = 2 if fault == "worker" else 1
        running = started(bench.sources, bench.tokenizer, out, workers=workers)
        within = bench.seconds + (0.5 if workers > 1 else 0.0)
        victim = draw if workers > 1 and draw.random() < 0.5 else None
        hit = running.kill_after(draw.uniform(0, within), victim)
        done["kills"] += hit
        done["of workers"] += hit and victim is not None
        if hit and victim is not None and running.wait() != 0:
            raise SystemExit("a job whose worker was killed did not end")
        if not hit or victim is not None:
            remove_some(out, draw)
    if started(bench.sources, bench.tokenizer, out).wait() != 0:
        raise SystemExit(f"round {number} did not go on")
    different = differences(contents(out), bench.expected[version])
    if different:
        raise SystemExit(f"round {number} ({fault}): {', '.join(different[:5])} differ")
    return done


def disturb(
    bench: Bench, fault: str, version: str, out: Path, draw: random.Random, done: Counter[str]
) -> str:
    """Do what the round is about; gives the version of the sources afterwards."""
    path = bench.sources / f"{draw.randrange(FILES):02d}.jsonl.gz"
    if fault == "rewritten":
        version = "B" if version == "A" else "A"
        write_sources(bench.sources, version)
    if fault in ("truncated", "bad line"):
        good = path.read_bytes()
        replace(path, good[:-50] if fault == "truncated" else spoilt(good))
        remove(out, int(path.name[:2]))
        if started(bench.sources, bench.tokenizer, out).wait() != 3:
            raise SystemExit(f"{path.name} was {fault}, and no error came of it")
        replace(path, good)
    if fault == "full disk":
        remove(out, draw.randrange(FILES))
        if started(bench.sources, bench.tokenizer, out, most=2048).wait() != 3:
            raise SystemExit("the disk was full, and no error came of it")
    done[fault] += fault != "none"
    return version


def spoilt(data: bytes) -> bytes:
    """A gzip of JSON lines of which one in the middle is none."""
    lines = gzip.decompress(data).splitlines(keepends=True)
    lines[len(lines) // 2] = b'{"text": "no end\n'
    return gzip.compress(b"".join(lines), 1, mtime=0)


def remove(out: Path, number: int) -> None:
    """Take a shard's record away, so that there is something to do."""
    (out / "records" / f"shard-{number:05d}.json").unlink(missing_ok=True)


def remove_some(out: Path, draw: random.Random) -> None:
    """Take half of the shards away, at random."""
    for number in draw.sample(range(FILES), FILES // 2):
        remove(out, number)


def differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Names of files that only one has, or that differ."""
    names = sorted(found.keys() | expected.keys())
    return [name for name in names if found.get(name) != expected.get(name)]


def run(folder: Path, kills: int, a_round: int, seed: int) -> Counter[str]:
    """Rounds until there were so many kills."""
    bench = prepared(folder)
    print(f"undisturbed: {bench.seconds:.2f} s, {len(bench.expected['A'])} files", flush=True)
    total: Counter[str] = Counter()
    number = 0
    while total["kills"] < kills:
        draw = random.Random(f"{seed} {number}")
        total += round_of(bench, number, min(a_round, kills - total["kills"]), draw)
        total["rounds"] += 1
        number += 1
    return total


def main(arguments: list[str] | None = None) -> int:
    """Print what was done; status 1, with what differs, where something does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shard_faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--round", type=int, default=4, help="kills until a folder is compared")
    parser.add_argument("--seed", type=int, default=0, help="of times and faults")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        total = run(Path(folder), given.kills, given.round, given.seed)
    others = ", ".join(
        f"{count} {name}" for name, count in sorted(total.items()) if name != "kills"
    )
    print(f"{total['kills']} kills ({others}): all folders are equal to the undisturbed ones")
    return 0


if __name__ == "__main__":
    sys.exit(main())
