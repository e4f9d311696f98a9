"""Race this tree against another build of tokenry, cell by cell, in turns.

`python -m benchmarks.versions FOLDER --data DIR`, where FOLDER holds the other build's `tokenry/`.
Each build works in a process of its own; a second process of this tree shows the noise. A cell is
a tokenizer, a kind of text and a way to call it; its figure is the median over the rounds of this
tree's CPU time over the other's. A cell that looks slower is raced again in five times as many
rounds. It ends with status 1 where one is slower by more than `--most` and than its noise.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

FILES = {
    "o200k": ("o200k_base.tiktoken", "o200k"),
    "cl100k": ("cl100k_base.tiktoken", "cl100k"),
    "gpt2": ("gpt-2_tokenizer.json", None),
    "llama": ("llama_tokenizer.json", None),
    "pegasus": ("pegasus_unigram96k_tokenizer.json", None),
    "bert": ("bert-base-uncased-vocab.txt", None),
    "unigram.model": ("compoundpiece_baseline_de.model", None),
}
KINDS = ("english", "code", "multilingual", "chinese")
CALLS = ("warm", "fresh", "batch", "spans", "count", "decode", "short")
SIZE = 400_000  # characters of each text
LONG_ENOUGH = 0.02  # seconds of CPU that a turn takes at the least


class Worker:
    """One build in a process of its own: answers with the CPU seconds of a cell."""

    def __init__(self, data: Path) -> None:
        from benchmarks.corpora import first, text

        self.files = data / "tokenizers"
        self.texts = {kind: first(text(kind, str(data))[0], 3 * SIZE)[:SIZE] for kind in KINDS}
        self.known: dict[str, Any] = {}

    def load(self, name: str) -> Any:
        """A tokenizer that has seen nothing."""
        import tokenry

        file, pattern = FILES[name]
        path = self.files / file
        return tokenry.load(path) if pattern is None else tokenry.load(path, pattern=pattern)

    def cell(self, name: str, kind: str, call: str) -> float:
        """CPU seconds of one call."""
        text = self.texts[kind]
        if call == "fresh":
            tokenizer = self.load(name)
            tokenizer.encode_to_numpy("Hello world")
            begin = time.process_time()
            tokenizer.encode_to_numpy(text)
            return time.process_time() - begin
        if name not in self.known:
            self.known[name] = self.load(name)
        return repeated(self.action(self.known[name], text, call))

    def action(self, tokenizer: Any, text: str, call: str) -> Callable[[], Any]:
        """What is timed."""
        ids = tokenizer.encode_to_numpy(text)
        lines = text.splitlines()
        actions: dict[str, Callable[[], Any]] = {
            "warm": lambda: tokenizer.encode_to_numpy(text),
            "batch": lambda: tokenizer.encode_batch(lines, threads=1),
            "spans": lambda: tokenizer.encode_with_spans(text[:100_000]),
            "count": lambda: tokenizer.count(text),
            "decode": lambda: tokenizer.decode(ids),
            "short": lambda: [tokenizer.encode(text[at : at + 40]) for at in range(0, 8_000, 40)],
        }
        return actions[call]

    def serve(self) -> None:
        """Answer questions on stdin until it closes."""
        for line in sys.stdin:
            print(json.dumps(self.cell(*json.loads(line))), flush=True)


def repeated(run: Callable[[], Any]) -> float:
    """CPU seconds a call, over as many as take LONG_ENOUGH."""
    run()
    calls, begin = 0, time.process_time()
    while time.process_time() - begin < LONG_ENOUGH:
        run()
        calls += 1
    return (time.process_time() - begin) / calls


@dataclass
class Build:
    """A worker's process and its pipes."""

    name: str
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, name: str, folder: Path, data: Path) -> Build:
        """Start a worker that imports tokenry from ``folder``."""
        root = Path(__file__).parents[1]
        environment = {**os.environ, "PYTHONPATH": f"{folder.resolve()}{os.pathsep}{root}"}
        command = [sys.executable, "-m", "benchmarks.versions", "--worker", "--data", str(data)]
        pipe = subprocess.PIPE
        return cls(
            name,
            subprocess.Popen(
                command, stdin=pipe, stdout=pipe, env=environment, text=True, cwd=root
            ),
        )

    def ask(self, cell: tuple[str, str, str]) -> float:
        """CPU seconds of a cell."""
        into, out = self._pipes()
        into.write(json.dumps(cell) + "\n")
        into.flush()
        return float(json.loads(out.readline()))

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        return self.process.stdin, self.process.stdout


@dataclass(frozen=True)
class Ratio:
    """CPU time of this tree over that of the other, and of this tree over itself."""

    value: float
    noise: float

    def slower(self, most: float) -> bool:
        """Whether it is by more than ``most`` and than the noise."""
        return self.value > 1 + max(most, self.noise)


def measured(builds: list[Build], cell: tuple[str, str, str], rounds: int) -> Ratio:
    """Ratios of medians over rounds in which the builds take turns."""
    seconds: dict[str, list[float]] = {build.name: [] for build in builds}
    for turn in range(rounds):
        for build in builds[turn % 3 :] + builds[: turn % 3]:
            seconds[build.name].append(build.ask(cell))
    middle = {name: statistics.median(values) for name, values in seconds.items()}
    own = statistics.median([*seconds["this"], *seconds["again"]])
    return Ratio(own / middle["other"], abs(middle["this"] / middle["again"] - 1))


def race(builds: list[Build], cells: list[tuple[str, str, str]], rounds: int, most: float) -> int:
    """Print a line a cell; how many are slower than they may be, also when raced once more."""
    slower = 0
    print(f"{'cell':44} {'this/other':>10} {'noise':>7}")
    for cell in cells:
        ratio = measured(builds, cell, rounds)
        if ratio.slower(most):
            ratio = measured(builds, cell, 5 * rounds)
        slower += ratio.slower(most)
        mark = "  slower" if ratio.slower(most) else ""
        print(f"{' '.join(cell):44} {ratio.value:10.3f} {ratio.noise:7.1%}{mark}", flush=True)
    return slower


def main() -> int:
    """Race, or answer as a worker."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("other", nargs="?", type=Path, help="folder of the other build's tokenry/")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with tokenizers/ and text/"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--most", type=float, default=0.03, help="share a cell may be slower by")
    parser.add_argument("--only", default="", help="cells whose name holds this")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        Worker(given.data).serve()
        return 0
    if given.other is None or not (given.other / "tokenry").is_dir():
        parser.error(f"{given.other} holds no tokenry/; give the folder of another build")
    here = Path(__file__).parents[1] / "src"
    builds = [
        Build.start(name, folder, given.data)
        for name, folder in (("this", here), ("other", given.other), ("again", here))
    ]
    cells = [(name, kind, call) for name in FILES for kind in KINDS for call in CALLS]
    wanted = [cell for cell in cells if given.only in " ".join(cell)]
    slower = race(builds, wanted, given.rounds, given.most)
    print(f"{slower} of {len(wanted)} cells are slower by more than {given.most:.0%}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
