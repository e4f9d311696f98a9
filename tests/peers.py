"""The libraries that our ids are held to, behind one face, and the check itself.

The split patterns are written out here a second time, in their published form, so that a mistake in
ours cannot hide.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tiktoken
import tokenizers

from tokenry.tokenizer import Tokenizer

_SHORT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_TAIL = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_ANY = r"[^\r\n\p{L}\p{N}]?"

PATTERNS = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    # tiktoken's own: white space at the very end is one stretch, line ends or not
    "cl100k": rf"{_SHORT}|{_ANY}\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|"
    r"\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "llama3": rf"{_SHORT}|{_ANY}\p{{L}}+|\p{{N}}{{1,3}}|{_TAIL}",
    "qwen2": rf"{_SHORT}|{_ANY}\p{{L}}+|\p{{N}}|{_TAIL}",
    "o200k": rf"{_ANY}{_UPPER}*{_LOWER}+{_SHORT}?|{_ANY}{_UPPER}+{_LOWER}*{_SHORT}?|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
}


@dataclass(frozen=True, slots=True)
class Oracle:
    """Another library's tokenizer: text to ids without specials, and ids to text."""

    encode: Callable[[str], list[int]]
    decode: Callable[[list[int]], str] | None = None
    # with every special in the text recognised
    encode_special: Callable[[str], list[int]] | None = None


def read_ranks(path: Path) -> dict[bytes, int]:
    """The lines of a tiktoken rank file."""
    lines = path.read_bytes().splitlines()
    return {base64.b64decode(piece): int(rank) for piece, rank in map(bytes.split, lines) if piece}


def write_ranks(ranks: dict[bytes, int], path: Path) -> Path:
    """Write a tiktoken rank file."""
    lines = [base64.b64encode(piece) + b" %d\n" % rank for piece, rank in ranks.items()]
    path.write_bytes(b"".join(lines))
    return path


def from_tiktoken(ranks: dict[bytes, int], pattern: str, specials: dict[str, int]) -> Oracle:
    """tiktoken with one of PATTERNS."""
    model = tiktoken.Encoding(
        pattern, pat_str=PATTERNS[pattern], mergeable_ranks=ranks, special_tokens=specials
    )
    return Oracle(
        model.encode_ordinary,
        model.decode,
        lambda text: model.encode(text, allowed_special="all"),
    )


def from_hugging_face(model: tokenizers.Tokenizer) -> Oracle:
    """tokenizers; specials in the text are text, as they are for us."""
    model.no_truncation()
    model.no_padding()
    as_text = tokenizers.Tokenizer.from_str(model.to_str())
    as_text.encode_special_tokens = True
    return Oracle(
        lambda text: as_text.encode(text, add_special_tokens=False).ids,
        lambda ids: model.decode(ids, skip_special_tokens=False),
        lambda text: model.encode(text, add_special_tokens=False).ids,
    )


def from_sentencepiece(path: Path) -> Oracle:
    """sentencepiece."""
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    return Oracle(model.encode_as_ids, model.decode_ids)


def from_merges(path: Path, pattern: str) -> tokenizers.Tokenizer:
    """Byte-level BPE from a merges.txt alone: ids are the 256 bytes, then the merges in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    merges = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    pieces = dict.fromkeys([*alphabet, *(left + right for left, right in merges)])
    vocabulary = {piece: id_ for id_, piece in enumerate(pieces)}
    model = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, merges))
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
    level = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    model.pre_tokenizer = tokenizers.pre_tokenizers.Sequence([split, level])
    model.decoder = tokenizers.decoders.ByteLevel()
    return model


def assert_exact(ours: Tokenizer, oracle: Oracle, texts: Sequence[str]) -> None:
    """Every way of encoding gives the oracle's ids; spans, counts and decoding agree with them."""
    batch = ours.encode_batch(texts)
    counts = ours.count_batch(texts)
    for number, text in enumerate(texts):
        expected = oracle.encode(text)
        given = ours.encode_to_numpy(text)
        assert given.dtype == np.uint32
        assert given.tolist() == expected, difference(text, given.tolist(), expected)
        assert batch[number].tolist() == expected, f"encode_batch differs on {text[:200]!r}"
        assert counts[number] == ours.count(text) == len(expected)
        assert_spans(ours, text, expected)
        if oracle.decode is not None:
            assert ours.decode(expected) == oracle.decode(expected), f"decode of {expected[:50]}"
        if ours.lossless:
            assert ours.decode_bytes(given) == text.encode()


def as_text(ours: Tokenizer, text: str) -> str:
    """``text`` without the specials of a Unigram.

    The Unigram of tokenizers matches a special's own piece in text even where specials are to be
    text; for us, as for sentencepiece, it is text.
    """
    if type(ours.segmenter).__name__ == "UnigramSegmenter":
        for special in ours.special_tokens_set:
            text = text.replace(special, "")
    return text


def assert_spans(ours: Tokenizer, text: str | bytes, expected: list[int]) -> None:
    """Spans belong to the same ids, are in order and, for a lossless tokenizer, are its pieces."""
    data = text.encode() if isinstance(text, str) else text
    ids, spans = ours.encode_with_spans(text)
    assert ids.tolist() == expected, f"encode_with_spans differs on {text[:200]!r}"
    assert spans.shape == (len(expected), 2)
    if not len(expected):
        return
    assert (spans[:, 0] <= spans[:, 1]).all()
    assert spans.min() >= 0
    assert spans.max() <= len(data)
    assert (np.diff(spans[:, 0]) >= 0).all()
    if ours.lossless and ours.normalizer is None:
        assert spans[0, 0] == 0
        assert spans[-1, 1] == len(data)
        assert (spans[1:, 0] == spans[:-1, 1]).all()
        pieces = [ours.vocabulary[id_] for id_ in expected]
        assert pieces == [data[begin:end] for begin, end in spans.tolist()]


def difference(text: str, given: list[int], expected: list[int]) -> str:
    """Where two id sequences part, in words."""
    pairs = zip(given, expected, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(given), len(expected)))
    shown = f"{at}: given {given[at : at + 8]}, expected {expected[at : at + 8]}"
    return f"ids part at {shown}; text {text[:200]!r} ({len(text)} characters)"


def mismatches(
    encode: Callable[[str], Any], oracle: Callable[[str], Any], texts: Iterable[str]
) -> list[str]:
    """The texts on which two encoders differ."""
    return [text for text in texts if list(encode(text)) != list(oracle(text))]


def byte_level_ranks(model: tokenizers.Tokenizer) -> dict[bytes, int]:
    """Bytes to id of a byte-level BPE, for tiktoken."""
    from tokenizers.pre_tokenizers import ByteLevel

    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    alphabet = {chr(b): b for b in shown} | {chr(256 + n): b for n, b in enumerate(hidden)}
    assert set(alphabet) == set(ByteLevel.alphabet())
    vocabulary = json.loads(model.to_str())["model"]["vocab"]
    return {bytes(alphabet[c] for c in piece): id_ for piece, id_ in vocabulary.items()}
