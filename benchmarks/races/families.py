"""Unigram, WordPiece and SentencePiece-BPE: lines as documents, never seen and warm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.corpora import CACHE, KINDS, cut, first, text
from benchmarks.fresh import passes
from benchmarks.result import OURS, Case, Goal, Measurement, Settings
from benchmarks.timing import pin, speeds, warm

Calls = dict[str, Callable[[list[str]], Any]]
CHUNKS = 5
RIVALS = ("sentencepiece", "tokenizers", "tokie", "gigatoken", "fastokens")
GOAL = Goal(">= 4x the best rival", RIVALS, 4.0)


def run(settings: Settings) -> list[Case]:
    """Two cases for each model and kind of text."""
    pin()
    cases = []
    for name, kinds, make in _models(settings.data):
        field = make()
        for kind in kinds:
            body, source = text(kind, settings.data)
            body = first(body, settings.megabytes(1))
            chunks = [chunk.splitlines() for chunk in cut(body, len(body.encode()) // CHUNKS)]
            sizes = [sum(len(line.encode()) for line in chunk) for chunk in chunks]
            unseen = Case("families", f"{name} {kind}, never seen", "MB/s", goal=GOAL, note=source)
            unseen.engines = _unseen(make, chunks, sizes, unseen.name, settings)
            seen = Case("families", f"{name} {kind}, warm", "MB/s", goal=GOAL, note=source)
            seen.engines = warm(field, chunks[0], sizes[0], settings.rounds, seen.name)
            cases += [unseen, seen]
    return cases


def _unseen(
    make: Callable[[], Calls], chunks: list[list[str]], sizes: list[int], what: str,
    settings: Settings,
) -> dict[str, Measurement]:  # fmt: skip
    """MB/s of each chunk of all passes."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for found in passes(make, ["Hello world"], chunks, what, settings):
        for engine, spent in found.items():
            seconds[engine] += spent
    return {
        engine: speeds(sizes * (len(spent) // len(sizes)), spent)
        for engine, spent in seconds.items()
    }


def _models(data: str | None) -> Iterable[tuple[str, tuple[str, ...], Callable[[], Calls]]]:
    """Each model, the kinds of text that it is tried on, and what makes fresh engines for it."""
    if data is None:
        for kind in ("unigram", "bpe"):
            path = _learn(kind, None)
            yield f"{kind} (learnt 8k)", ("english", "code"), _maker(path, _sentencepiece)
        return
    for name, (file, rivals) in MODELS.items():
        yield name, KINDS, _maker(Path(data) / "tokenizers" / file, *rivals)
    learnt = _maker(_learn("bpe", data), _sentencepiece, _gigatoken)
    yield "SentencePiece-BPE (.model, learnt 8k)", KINDS, learnt


def _maker(path: Path, *rivals: Callable[[Path], Calls]) -> Callable[[], Calls]:
    return lambda: {name: run for each in (_ours, *rivals) for name, run in each(path).items()}


def _learn(kind: str, data: str | None) -> Path:
    """A model of 8,000 pieces from 2 MB of English."""
    import sentencepiece

    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / f"learnt-{kind}{'' if data is None else '-shared'}.model"
    if not path.exists():
        body, _ = text("english", data)
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(first(body, 2_000_000).splitlines()), vocab_size=8000,
            model_prefix=str(path.with_suffix("")), model_type=kind, byte_fallback=True,
            minloglevel=2,
        )  # fmt: skip
    return path


def _ours(path: Path) -> Calls:
    from tokenry import load

    tokenizer = load(str(path))
    return {OURS: lambda lines: tokenizer.encode_batch(lines, threads=1).ids}


def _sentencepiece(path: Path) -> Calls:
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return {"sentencepiece": lambda lines: _flat(model.encode(lines, num_threads=1))}


def _tokenizers(path: Path) -> Calls:
    import tokenizers

    return _hugging_face(tokenizers.Tokenizer.from_file(str(path)))


def _bert(path: Path) -> Calls:
    import tokenizers
    import tokie

    model = tokenizers.BertWordPieceTokenizer(str(path), lowercase=True)._tokenizer
    CACHE.mkdir(parents=True, exist_ok=True)
    file = CACHE / "bert-tokenizer.json"
    model.save(str(file))
    flat = tokie.Tokenizer.from_json(str(file)).encode_batch_flat
    calls = {"tokie": lambda lines: flat(lines, add_special_tokens=False)[0]}
    return _hugging_face(model) | calls


def _hugging_face(model: Any) -> Calls:
    model.no_truncation()
    model.no_padding()
    return {"tokenizers": lambda lines: _flat(_ids(model, lines))}


def _ids(model: Any, lines: list[str]) -> Iterable[list[int]]:
    return (each.ids for each in model.encode_batch_fast(lines, add_special_tokens=False))


def _gigatoken(path: Path) -> Calls:
    import gigatoken

    load = (
        gigatoken.Tokenizer.from_sentencepiece if path.suffix == ".model" else gigatoken.Tokenizer
    )
    encode = load(str(path)).encode_batch
    # The numpy array below the awkward one, which it makes faster than lists.
    return {"gigatoken": lambda lines: encode(lines, parallel=False).layout.content.data}


def _fastokens(path: Path) -> Calls:
    import fastokens

    model = fastokens.Tokenizer.from_file(str(path))
    return {"fastokens": lambda lines: np.frombuffer(model.encode_batch_flat(lines)[0], np.uint32)}


def _flat(rows: Iterable[list[int]]) -> list[int]:
    """One list: what these engines give without an array output, joined cheaply."""
    return [id for row in rows for id in row]


# Files of the shared data, and whom each is raced against.
MODELS: dict[str, tuple[str, tuple[Callable[[Path], Calls], ...]]] = {
    "Unigram (.model)": ("compoundpiece_baseline_de.model", (_sentencepiece,)),
    "Unigram (pegasus)": ("pegasus_unigram96k_tokenizer.json", (_tokenizers,)),
    "WordPiece (bert)": ("bert-base-uncased-vocab.txt", (_bert,)),
    "SentencePiece-BPE (llama)": ("llama_tokenizer.json", (_tokenizers, _gigatoken, _fastokens)),
}
