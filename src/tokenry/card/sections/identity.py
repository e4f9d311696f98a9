"""What a tokenizer is, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tokenry.results import Result
from tokenry.tokenizer_files import NamedTokenizer, size_on_disk

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Identity(Result):
    """Facts of a tokenizer and its file.

    Attributes:
        name: what to call it.
        file: name of the file or folder; None where it came from memory.
        file_bytes: size of the file, or of all files of the folder.
        fingerprint: of the tokenizer.
        vocabulary_fingerprint: of its vocabulary alone.
        vocabulary_size: ids.
        segmenter: name of the class.
        split: name of the native splitter, or of the class.
        normalizer: name of the class.
        specials: some of them, in order.
        declared_lossless: whether it says that all text comes back.
        metadata: what its file says of it.
    """

    name: str
    file: str | None
    file_bytes: int
    fingerprint: str
    vocabulary_fingerprint: str
    vocabulary_size: int
    segmenter: str
    split: str
    normalizer: str | None
    specials: tuple[str, ...]
    declared_lossless: bool
    metadata: dict[str, Any]


def identity(named: NamedTokenizer) -> Identity:
    """The facts of one tokenizer."""
    tokenizer, path = named.tokenizer, named.path
    normalizer = tokenizer.normalizer
    return Identity(
        name=named.name,
        file=None if path is None else path.name,
        file_bytes=0 if path is None else size_on_disk(path),
        fingerprint=tokenizer.fingerprint(),
        vocabulary_fingerprint=tokenizer.vocabulary.fingerprint(),
        vocabulary_size=tokenizer.n_vocab,
        segmenter=type(tokenizer.segmenter).__name__,
        split=tokenizer.pretokenizer.native or type(tokenizer.pretokenizer).__name__,
        normalizer=None if normalizer is None else type(normalizer).__name__,
        specials=tuple(sorted(tokenizer.special_tokens_set)[:SHOWN]),
        declared_lossless=tokenizer.lossless,
        metadata=dict(tokenizer.metadata),
    )
