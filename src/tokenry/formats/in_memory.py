"""Tokenizers that are in memory: the bytes of a file, or an object of another library.

An object is known by what it offers, so that its library is not imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats import detect, tiktoken
from tokenry.formats.files import GivenFile
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import Vocabulary

# A folder that cannot be, so that nothing stands beside the bytes.
_NOWHERE = Path("the given bytes") / "tokenizer"


def load(
    source: Any,
    *,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
) -> Pipeline:
    """Load a tokenizer from memory.

    Args:
        source: bytes of a file; a tokenizer of tokenizers, a fast one of transformers, an encoding
            of tiktoken, or a processor of sentencepiece.
        pattern: for bytes; see `tokenry.load`.
        special_tokens: for bytes; see `tokenry.load`.

    Raises:
        FormatError: the bytes are of no known format.
        UnsupportedError: it asks for something that tokenry does not do, or is no tokenizer.
    """
    if isinstance(source, bytes):
        return detect.load_given(GivenFile(_NOWHERE, source, pattern, special_tokens))
    if pattern is not None or special_tokens is not None:
        raise UnsupportedError(
            f"a {type(source).__name__} states its own pattern and specials; load it without them"
        )
    if all(hasattr(source, name) for name in ("_pat_str", "_mergeable_ranks", "_special_tokens")):
        return _of_encoding(source)
    return detect.load_given(GivenFile(_NOWHERE, _written(source)))


def _written(source: Any) -> bytes:
    """The file that an object would be saved as."""
    inner = getattr(source, "backend_tokenizer", source)
    if callable(getattr(inner, "to_str", None)):
        return str(inner.to_str()).encode()
    if callable(getattr(source, "serialized_model_proto", None)):
        return bytes(source.serialized_model_proto())
    raise UnsupportedError(
        f"path is {type(source).__name__}; expected a path, the bytes of a tokenizer file, or a "
        "tokenizer of tokenizers, transformers (fast), tiktoken or sentencepiece"
    )


def _of_encoding(encoding: Any) -> Pipeline:
    ranks: Mapping[bytes, int] = encoding._mergeable_ranks
    pieces = {rank: piece for piece, rank in ranks.items()}
    if len(pieces) < len(ranks):
        raise FormatError("two pieces of the encoding have one rank; every piece needs its own")
    return tiktoken.of_pieces(
        Vocabulary.from_ids(pieces),
        tiktoken.cut_by(encoding._pat_str),
        encoding._special_tokens,
        name=encoding.name,
    )
