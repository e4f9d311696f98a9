"""How each engine is loaded and called: its fastest array output, text read as plain text."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.result import OURS
from benchmarks.vocabularies import PATTERNS, Vocabulary


@dataclass(frozen=True, slots=True)
class Engine:
    """A loaded tokenizer. What an engine cannot do is None."""

    name: str
    encode: Callable[[str], Any]  # ids as an array
    decode: Callable[[Any], bytes] | None = None
    # what `decode` takes: ids in the form that the engine reads fastest
    prepare: Callable[[np.ndarray], Any] = lambda ids: ids.astype(np.uint32)
    count: Callable[[str], int] | None = None
    batch: Callable[[list[str], int], Any] | None = None  # documents, threads


def loaded(vocabulary: Vocabulary) -> Any:
    """Our tokenizer of a vocabulary."""
    from tokenry import load

    rank_file = vocabulary.path.suffix == ".tiktoken"
    options = {"pattern": vocabulary.pattern} if rank_file else {}
    return load(str(vocabulary.path), **options)


def tokenry(vocabulary: Vocabulary) -> Engine:
    """Ours."""
    ours = loaded(vocabulary)
    return Engine(
        OURS,
        ours.encode_to_numpy,
        decode=ours.decode_bytes,
        count=ours.count,
        batch=lambda texts, threads: ours.encode_batch(texts, threads=threads).ids,
    )


def tiktoken(vocabulary: Vocabulary) -> Engine:
    """OpenAI's tiktoken: lists, twice as fast for it as its arrays, both ways."""
    import tiktoken

    encoding = tiktoken.Encoding(
        vocabulary.name,
        pat_str=PATTERNS[vocabulary.pattern],
        mergeable_ranks=vocabulary.ranks,
        special_tokens={},
    )
    return Engine(
        "tiktoken",
        encoding.encode_ordinary,
        decode=encoding.decode_bytes,
        prepare=lambda ids: ids.tolist(),
        count=lambda text: len(encoding.encode_ordinary(text)),
        batch=lambda texts, threads: encoding.encode_ordinary_batch(texts, num_threads=threads),
    )


def gigatoken(vocabulary: Vocabulary) -> Engine:
    """gigatoken; specials in the text are always recognised, so none are given where possible."""
    import gigatoken

    if vocabulary.path.suffix == ".tiktoken":
        ours = gigatoken.Tokenizer.from_tiktoken(vocabulary.path, vocabulary.pattern, {})
    else:
        ours = gigatoken.Tokenizer(str(vocabulary.path))
    return Engine(
        "gigatoken",
        ours.encode,
        decode=ours.decode,
        count=lambda text: len(ours.encode(text)),
        batch=lambda texts, threads: ours.encode_batch(texts, parallel=threads > 1),
    )


def fastokens(vocabulary: Vocabulary) -> Engine:
    """fastokens; the flat batch of one text is its fastest output."""
    import fastokens

    if vocabulary.path.suffix == ".tiktoken":
        base = f"{vocabulary.name}_base"
        ours = fastokens.Tokenizer.from_tiktoken(str(vocabulary.path), encoding=base)
    else:
        ours = fastokens.Tokenizer.from_file(str(vocabulary.path))

    def flat(texts: list[str]) -> np.ndarray:
        ids, _ = ours.encode_batch_flat(texts, split_special_tokens=True)
        return np.frombuffer(ids, np.uint32)

    return Engine(
        "fastokens",
        lambda text: flat([text]),
        count=lambda text: len(flat([text])),
        batch=lambda texts, threads: flat(texts),
    )


MAKERS: Mapping[str, Callable[[Vocabulary], Engine]] = {
    OURS: tokenry,
    "tiktoken": tiktoken,
    "gigatoken": gigatoken,
    "fastokens": fastokens,
}
PACKAGES = ("tiktoken", "tokenizers", "sentencepiece", "gigatoken", "fastokens")


def present(name: str) -> bool:
    """Whether the package is installed."""
    return importlib.util.find_spec(name) is not None


def engines(vocabulary: Vocabulary, names: tuple[str, ...] = tuple(MAKERS)) -> list[Engine]:
    """A fresh instance of each engine that is installed."""
    return [MAKERS[name](vocabulary) for name in names if present(name)]


def versions() -> dict[str, str]:
    """What is installed, ours first."""
    import tokenry

    names = filter(present, (*PACKAGES, "numpy"))
    return {OURS: tokenry.__version__} | {name: importlib.metadata.version(name) for name in names}
