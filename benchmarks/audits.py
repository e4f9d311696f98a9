"""What the audits cost, held to their limits.

    python -m benchmarks.audits [mixture] [published] [glitches] [compare-models] [--data DIR]

Each is the command that a user runs, in a process of its own with one thread; the table has its CPU
seconds and its largest memory. ``mixture``: ten categories of 10 MB, 3,000 merges: of a tokenizer
learnt from a known mixture. ``published``: the same of published merge lists, with what is told of
them; lists that are done are kept, so that it goes on in the next call of this benchmark.
``glitches``: a published vocabulary of 200,000 ids. ``compare-models``: two tokenizers, 2 MB of
text, three seeds; it is interrupted every ``--stop-after`` seconds and goes on with ``--resume``,
also in the next call. Samples, tokenizers and what is kept lie in build/bench/audits.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from benchmarks import corpora
from tokenry.learning import Bpe

SIZE: Final = 10_000_000  # bytes of a category
MERGES: Final = 3000
TOLD: Final = (0.3, 0.2, 0.1, 0.1, 0.08, 0.07, 0.05, 0.05, 0.03, 0.02)
"""The known mixture."""
PUBLISHED: Final[dict[str, tuple[str, ...]]] = {
    "o200k": ("o200k_base.tiktoken",),
    "cl100k": ("cl100k_base.tiktoken",),
    "GPT-2": ("gpt-2_tokenizer.json",),
    "Llama 3": ("llama3_tokenizer.model",),
    "Qwen": ("qwen.tiktoken",),
    "LLaMA": ("llama_tokenizer.json",),
    "BPE 200k": ("bpe_200k_merges.txt", "--pattern", "o200k"),
    "SuperBPE": (
        "superbpe_t180k_merges.txt", "--pattern", "superbpe", "--pretokenizer", "o200k",
    ),
}  # fmt: skip
"""Files of ``tokenizers/`` with merges, and what they do not say themselves."""
ENDINGS: Final = {
    "python": ("py",),
    "headers": ("h", "hpp"),
    "c": ("c",),
    "javascript": ("js",),
    "json": ("json",),
    "html": ("html",),
    "perl": ("pm", "pl"),
    "xml": ("xml",),
}
"""Categories of files that machines have."""
LEARNT: Final = 8_000_000  # bytes of the known mixture
STRETCH: Final = 4_000  # characters of it that stand together
LARGEST: Final = 4_000_000  # bytes of such a file
FOLDER: Final = corpora.CACHE / "audits"


@dataclass(frozen=True)
class Spent:
    """Of a command, all of its runs together."""

    cpu: float = 0.0
    wall: float = 0.0
    megabytes: float = 0.0
    stops: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.cpu + other.cpu,
            self.wall + other.wall,
            max(self.megabytes, other.megabytes),
            self.stops + other.stops,
        )


@dataclass(frozen=True)
class Limit:
    """What a command may cost."""

    cpu: float
    megabytes: float = float("inf")

    def row(self, name: str, spent: Spent) -> str:
        """A row of the table."""
        met = spent.cpu <= self.cpu and spent.megabytes <= self.megabytes
        bound = f"{self.cpu:,.0f} CPU s"
        if self.megabytes < float("inf"):
            bound += f", {self.megabytes:,.0f} MB"
        return (
            f"| {name} | {spent.cpu:,.1f} | {spent.megabytes:,.0f} | {spent.stops} | {bound} | "
            f"{'yes' if met else 'NO'} |"
        )


MIXTURE: Final = Limit(120, 4000)


def main(
    audits: Annotated[list[str] | None, typer.Argument(metavar="AUDIT")] = None,
    data: Annotated[Path, typer.Option(envvar="TOKENRY_DATA", exists=True)] = Path("data"),
    stop_after: Annotated[float, typer.Option(help="Seconds of clock.", min=10)] = 240,
) -> None:
    """Run audits, all of them by default, and print the table."""
    known: dict[str, Callable[[], Iterator[str]]] = {
        "glitches": lambda: glitches(data),
        "mixture": lambda: mixture(data),
        "published": lambda: published(data),
        "compare-models": lambda: compare_models(data, stop_after),
    }
    for name in audits or ():
        if name not in known:
            raise typer.BadParameter(f"{name} is none of {', '.join(known)}")
    print("| audit | CPU s | peak MB | interrupted | limit | met |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for name in audits or known:
        for row in known[name]():
            print(row, flush=True)


def mixture(data: Path) -> Iterator[str]:
    """The row of a learnt tokenizer, whose mixture is known."""
    samples, what = _samples(data)
    made = _tokenizer("mixture", _known(samples), 256 + MERGES)
    spent, said = _run(("mixture", made, "--samples", samples, "--merges", MERGES, "--json"))
    yield MIXTURE.row(f"{what}: known mixture", spent)
    told = json.loads(said)["mixture"]
    off = max(abs(told[name] - share) for name, share in zip(_names(), TOLD, strict=True))
    print(f"known mixture: shares off by at most {100 * off:.2f} points", file=sys.stderr)


def published(data: Path) -> Iterator[str]:
    """Rows of published merge lists, then a table of their shares; intervals for the first."""
    samples, what = _samples(data)
    shares: list[str] = []
    for at, (name, (file, *options)) in enumerate(PUBLISHED.items()):
        asked = ("mixture", data / "tokenizers" / file, "--samples", samples, "--merges", MERGES,
                 "--json", *options, *(("--replicates", 0) if at else ()))  # fmt: skip
        spent, told = _once(f"published-{name}", asked)
        yield MIXTURE.row(f"{what}: {name}", spent)
        shares.append(share_row(name, told))
    columns = ("tokenizer", "redundant", *_names(), "other", "lack")
    yield from ("", f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", *shares)


def share_row(name: str, told: Mapping[str, Any]) -> str:
    """Shares of bytes and what merges lack, in percent; redundant merges that were left out."""
    cells = [f"{100 * told['mixture'][each]:.1f}" for each in (*_names(), "other")]
    return f"| {name} | {told['left_out']:,} | {' | '.join(cells)} | {100 * told['fit']:.1f} |"


def _samples(data: Path) -> tuple[Path, str]:
    """The folder of categories, and what of them stands in the table."""
    samples = FOLDER / "samples"
    least = min(_category(samples, name, str(data)) for name in _names()) / 1e6
    what = f"mixture, {len(_names())} categories of {least:.1f} MB or more, {MERGES:,} merges"
    return samples, what


def glitches(data: Path) -> Iterator[str]:
    """The row of a vocabulary of 200,000 ids."""
    spent, said = _run(("glitches", data / "tokenizers" / "o200k_base.tiktoken", "--json"))
    yield Limit(20).row(f"glitches, {json.loads(said)['ids']:,} ids, no model", spent)


def compare_models(data: Path, stop_after: float) -> Iterator[str]:
    """The row of two tokenizers; 15 minutes on two cores are 1,800 CPU seconds."""
    text = corpora.folder("audits-english", corpora.english, 8_000_000, str(data))
    texts = [path.read_text("utf-8") for path in sorted(text.glob("*.txt"))]
    two = [_tokenizer(f"bpe-{size}", texts, size) for size in (4_000, 16_000)]
    out, kept = FOLDER / "comparison", FOLDER / "comparison.spent.json"
    asked = ("compare-models", *two, "--data", text, "--budget", 2_000_000, "--out", out,
             "--resume", "--json")  # fmt: skip
    spent = Spent(**json.loads(kept.read_text())) if kept.exists() else Spent()
    while not (out / "comparison.json").exists():
        part, _ = _run(asked, stop_after)
        spent += part
        kept.write_text(json.dumps(asdict(spent)))
    yield Limit(1800).row("compare-models, 2 tokenizers, 2 MB, 3 seeds", spent)


def _once(name: str, asked: Sequence[object]) -> tuple[Spent, Mapping[str, Any]]:
    """What a command cost and told when it ran to its end, in whichever call."""
    kept = FOLDER / f"{name}.json"
    if not kept.exists():
        spent, said = _run(asked)
        kept.write_text(json.dumps({"spent": asdict(spent), "told": json.loads(said)}))
    found = json.loads(kept.read_text("utf-8"))
    return Spent(**found["spent"]), found["told"]


def _run(arguments: Sequence[object], stop_after: float = float("inf")) -> tuple[Spent, str]:
    """A command of ours with one thread, stopped by an interruption after so many seconds."""
    command = [sys.executable, "-m", "tokenry.cli", *map(str, arguments)]
    said = FOLDER / "said.json"
    begin, peak, stopped = time.perf_counter(), 0.0, False
    with said.open("w") as out:
        child = subprocess.Popen(command, stdout=out, env={**os.environ, "OMP_NUM_THREADS": "1"})
        while (done := os.wait4(child.pid, os.WNOHANG))[0] == 0:
            peak = max(peak, _peak_megabytes(child.pid))
            if not stopped and time.perf_counter() - begin > stop_after:
                child.send_signal(signal.SIGINT)
                stopped = True
            time.sleep(0.05)
    _, status, usage = done
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode and not stopped:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    wall = time.perf_counter() - begin
    spent = Spent(usage.ru_utime + usage.ru_stime, wall, peak, int(child.returncode != 0))
    return spent, said.read_text("utf-8")


def _peak_megabytes(process: int) -> float:
    """Not of `wait4`: that begins with the peak of whoever started it."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(sizes[0]) / 1024 if sizes else 0.0


def _names() -> list[str]:
    return ["english", "multilingual", *ENDINGS]


def _category(samples: Path, name: str, data: str) -> int:
    """Bytes of a category, made once as a file of its own."""
    path = samples / f"{name}.txt"
    if not path.exists():
        samples.mkdir(parents=True, exist_ok=True)
        if name == "multilingual":
            text, _ = corpora.stream_text(name, data, SIZE)
        else:
            source = corpora.english(data) if name == "english" else _files(ENDINGS[name])
            text = corpora.first("".join(_enough(corpora.paragraphs(source))), SIZE)
        path.write_text(text, "utf-8")
    return path.stat().st_size


def _enough(texts: Iterable[str]) -> Iterator[str]:
    """Texts until there are as many bytes as a category has."""
    taken = 0
    for text in texts:
        yield text
        taken += len(text.encode())
        if taken > SIZE:
            return


def _files(endings: Sequence[str]) -> Iterator[str]:
    """Texts of files of this machine, by name."""
    roots = (*(sysconfig.get_path(name) for name in ("stdlib", "purelib")), "/usr/include",
             "/usr/lib", "/usr/share")  # fmt: skip
    for path in chain.from_iterable(
        sorted(Path(root).rglob(f"*.{ending}")) for root in roots for ending in endings
    ):
        if path.is_file() and path.stat().st_size <= LARGEST:
            yield path.read_text("utf-8", "replace")


def _known(samples: Path) -> list[str]:
    """Text of the known mixture: stretches from all over the samples."""
    found: list[str] = []
    for name, share in zip(_names(), TOLD, strict=True):
        text = (samples / f"{name}.txt").read_text("utf-8")
        every = round(STRETCH * SIZE / (share * LEARNT))
        found += [text[at : at + STRETCH] for at in range(0, len(text), every)]
    return found


def _tokenizer(name: str, texts: Sequence[str], size: int) -> Path:
    """A tokenizer learnt once."""
    path = FOLDER / name
    if not path.exists():
        Bpe(vocab_size=size, threads=1).learn(texts).save(path)
    return path


if __name__ == "__main__":
    typer.run(main)
