"""A corpus of gzipped JSON lines, or of Parquet, to files of ids: the whole job, a process each.

All engines read the same files with the same vocabulary, and write the same number of ids (dolma,
which strips documents, about one in 500 fewer).
CPU time counts processes that an engine starts. Megatron-LM's own script is in no package; its
builder is, and is fed here as the script feeds it: json, then the tokenizer of transformers' kind.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import child
from benchmarks.corpora import CACHE, cut, folder, mixed
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.rivals import present

FILES = 8
END = "<|endoftext|>"
DOCUMENT = 3_000  # bytes of a document, about
LARGE = 100_000_000  # bytes of one large document
FASTER = Goal(">= 8x datatrove, Megatron and dolma", ("datatrove", "megatron", "dolma"), 8.0)
KINDS = {"jsonl.gz": ("datatrove", "megatron", "dolma"), "parquet": ("datatrove",)}
NEEDS = {"datatrove": "datatrove", "megatron": "megatron", "dolma": "dolma"}


def run(settings: Settings) -> list[Case]:
    """MB a CPU second for each kind of file, two workers against one, memory for a large text."""
    texts = folder("mixed", mixed, settings.megabytes(48), settings.data)
    vocabulary = _vocabulary(settings.data)
    cases = []
    for kind, rivals in KINDS.items():
        sources = _sources(texts, kind)
        case = Case("shards", f"{kind} to shards", "MB/CPU-s", goal=FASTER)
        tokens = {}
        for name in (OURS, *(each for each in rivals if present(NEEDS[each]))):
            rounds = settings.rounds if name == OURS else 1
            runs = [_measured(name, sources, vocabulary) for _ in range(rounds)]
            case.engines[name] = Measurement.of(each["rate"] for each in runs)
            tokens[name] = runs[0]["tokens"]
        _check_equal(tokens)
        case.note = f"{tokens[OURS]:,} ids in each; ours one worker, without the start of Python"
        cases.append(case)
    return [*cases, _two_workers(texts, vocabulary, settings), *_memory(vocabulary)]


def _check_equal(tokens: dict[str, int]) -> None:
    """Raise where an engine wrote another number of ids; dolma strips the ends of documents."""
    same = {count for name, count in tokens.items() if name != "dolma"}
    close = abs(tokens.get("dolma", tokens[OURS]) / tokens[OURS] - 1) < 0.01
    if len(same) > 1 or not close:
        raise AssertionError(f"engines wrote different numbers of ids: {tokens}")


def _two_workers(texts: Path, vocabulary: Path, settings: Settings) -> Case:
    sources = _many(_sources(texts, "jsonl.gz"))
    case = Case("shards", "two workers over one", "x", goal=Goal(">= 1.8x", limit=1.8))
    out = Path(CACHE, "shards-out", "workers").resolve()
    found = child.call("benchmarks.shard_workers", "speedups", str(vocabulary), str(sources),
                       str(out), settings.rounds)  # fmt: skip
    case.engines[OURS] = Measurement.of([found["two workers"]])
    case.note = (
        "by the clock, without the start of workers and waits for a processor that others have; "
        f"two processes that share nothing: {found['two strangers']:.2f}"
    )
    return case


def _many(sources: Path) -> Path:
    """The same files eight times, by links: a job that takes longer than its start."""
    target = sources.with_name(f"{sources.name}-8")
    target.mkdir(exist_ok=True)
    for path in sources.iterdir():
        for copy in range(8):
            link = target / f"{copy}-{path.name}"
            if not link.exists():
                os.link(path, link)
    return target


def _memory(vocabulary: Path) -> list[Case]:
    one = [_memory_of(kind, vocabulary) for kind in KINDS]
    return [*one, _memory_of("parquet", vocabulary, documents=4)]


def _memory_of(kind: str, vocabulary: Path, documents: int = 1) -> Case:
    what = "a document" if documents == 1 else f"{documents} documents (one page)"
    case = Case("shards", f"peak memory for {what} of 100 MB, {kind}", "MB", False,
                goal=Goal("<= 600 MB", limit=600.0))  # fmt: skip
    path = CACHE / f"large-{documents}.{kind}"
    if not path.exists():
        line = "The quick brown fox, naïve and 12 years old, jumps over 😀 the lazy dog.\n"
        text = line * (LARGE // len(line.encode()))
        _write(path, [f"{number} {text}" for number in range(documents)])
    found = child.call("benchmarks.races.shards", "measure", OURS, str(path), str(vocabulary), 1)
    case.engines[OURS] = Measurement.of([found["peak"]])
    return case


def _vocabulary(data: str | None) -> Path:
    if data is not None:
        return Path(data) / "tokenizers" / "gpt-2_tokenizer.json"
    from tokenry import learn

    target = CACHE / "shards-tokenizer"
    if not target.exists():
        texts = (path.read_text() for path in folder("mixed", mixed, 10_000_000, None).iterdir())
        learn(list(texts), vocab_size=16_000, pretokenizer="gpt2", special_tokens=(END,)).save(
            target
        )
    return target / "tokenizer.json"


def _sources(texts: Path, kind: str) -> Path:
    """The texts in documents of about three kilobytes, spread over files."""
    target = texts.with_name(f"{texts.name}-{kind}")
    if target.exists():
        return target
    new = target.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    files = sorted(texts.glob("*.txt"))
    for number in range(FILES):
        bodies = [path.read_text(encoding="utf-8") for path in files[number::FILES]]
        documents = [each for body in bodies for each in cut(body, DOCUMENT)]
        _write(new / f"{number}.{kind}", documents)
    return new.replace(target)


def _write(path: Path, documents: list[str]) -> None:
    if path.suffix == ".parquet":
        import pyarrow
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.table({"text": documents}), path)
        return
    rows = ({"id": f"{path.stem}-{i}", "text": text} for i, text in enumerate(documents))
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(lines.encode(), 6))


def _measured(name: str, sources: Path, vocabulary: Path, workers: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = child.call(
        "benchmarks.races.shards", "measure", name, str(sources), str(vocabulary), workers,
        env={"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    return found


def measure(name: str, sources: str, vocabulary: str, workers: int) -> dict[str, Any]:
    """MB a CPU second of a job, processes that it starts included; peak memory."""
    out = Path(CACHE, "shards-out", f"{name}-{os.getpid()}").resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    job = ENGINES[name](Path(sources), Path(vocabulary), out, workers)
    before = os.times()
    tokens = job()
    cpu = sum(os.times()[:4]) - sum(before[:4])
    peak = child.peak_megabytes()
    shutil.rmtree(out)
    megabytes = _text_bytes(Path(sources)) / 1e6
    return {"rate": megabytes / cpu, "cpu": cpu, "tokens": tokens, "peak": peak}


def _text_bytes(sources: Path) -> int:
    from tokenry.corpus import Corpus

    return sum(len(document.data) for document in Corpus.from_paths(sources))


def _tokenry(sources: Path, vocabulary: Path, out: Path, workers: int) -> Callable[[], int]:
    from tokenry import load
    from tokenry.shards import ShardOptions, write_shards

    tokenizer = load(vocabulary)
    tokenizer.encode("before the clock starts")
    options = ShardOptions(format="megatron", end=END, group_bytes=1)

    def job() -> int:
        summary = write_shards(sources, tokenizer, out, options, workers=workers).summary
        assert summary is not None
        return summary.tokens

    return job


def _datatrove(sources: Path, vocabulary: Path, out: Path, workers: int) -> Callable[[], int]:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader, ParquetReader
    from datatrove.pipeline.tokens import DocumentTokenizer

    kind = ParquetReader if list(sources.glob("*.parquet")) else JsonlReader
    tokenizer = DocumentTokenizer(
        output_folder=str(out / "ids"), tokenizer_name_or_path=str(vocabulary), eos_token=END,
        shuffle_documents=False, local_working_dir=str(out / "work"),
    )  # fmt: skip
    pipeline = [kind(str(sources)), tokenizer]
    executor = LocalPipelineExecutor(
        pipeline=pipeline, tasks=1, workers=workers, logging_dir=str(out / "logs")
    )

    def job() -> int:
        executor.run()
        return sum(path.stat().st_size for path in (out / "ids").rglob("*.ds")) // 2

    return job


def _megatron(sources: Path, vocabulary: Path, out: Path, workers: int) -> Callable[[], int]:
    from megatron.core.datasets.indexed_dataset import IndexedDatasetBuilder
    from transformers import PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(vocabulary))
    end = tokenizer.convert_tokens_to_ids(END)
    import torch

    def job() -> int:
        builder = IndexedDatasetBuilder(str(out / "ids.bin"), dtype=np.uint16)
        for text in _texts(sources):
            ids = [*tokenizer.encode(text, add_special_tokens=False), end]
            builder.add_document(torch.IntTensor(ids), [len(ids)])
        builder.finalize(str(out / "ids.idx"))
        return (out / "ids.bin").stat().st_size // 2

    return job


def _texts(sources: Path) -> Iterator[str]:
    for path in sorted(sources.iterdir()):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)["text"]


def _dolma(sources: Path, vocabulary: Path, out: Path, workers: int) -> Callable[[], int]:
    from dolma.tokenizer import tokenize_in_parallel
    from transformers import PreTrainedTokenizerFast

    end = PreTrainedTokenizerFast(tokenizer_file=str(vocabulary)).convert_tokens_to_ids(END)

    def job() -> int:
        tokenize_in_parallel(
            sources=[str(path) for path in sorted(sources.iterdir())],
            destination=str(out / "ids"), num_writers=workers, ring_size=1,
            tokenizer_name_or_path=str(vocabulary), eos_token_id=end, pad_token_id=end,
            dtype="uint16", metadata_dir=str(out / "metadata"),
        )  # fmt: skip
        return sum(path.stat().st_size for path in (out / "ids").rglob("*.npy")) // 2

    return job


ENGINES: dict[str, Callable[[Path, Path, Path, int], Callable[[], int]]] = {
    OURS: _tokenry,
    "datatrove": _datatrove,
    "megatron": _megatron,
    "dolma": _dolma,
}
