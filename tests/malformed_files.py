"""Small valid files of every format, and the one thing a bad file may do: raise our error."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenry import load
from tokenry.errors import TokenryError
from tokenry.formats.native_file import dump
from tokenry.tokenizer import Tokenizer

SAMPLE = "Hello world, it's  a test\n\u4f60\u597d caf\u00e9 123\x00"


def survives(path: Path, **options: Any) -> Tokenizer | None:
    """Load and use a file that may be bad: a tokenizer, or None where it was refused with words."""
    try:
        tokenizer = load(path, **options)
        ids = tokenizer.encode(SAMPLE)
        tokenizer.decode(ids)
        tokenizer.encode_with_spans(SAMPLE)
        tokenizer.encode_batch([SAMPLE, ""])
    except TokenryError:
        return None
    return tokenizer


def _byte_level() -> dict[str, Any]:
    import tokenizers

    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    merges = [("H", "e"), ("l", "l"), ("He", "ll"), ("\u0120", "w"), ("o", "r"), ("Hell", "o")]
    pieces = [*alphabet, *(a + b for a, b in merges)]
    model = {"type": "BPE", "vocab": {p: i for i, p in enumerate(pieces)},
             "merges": [list(merge) for merge in merges]}  # fmt: skip
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    special = {"id": len(pieces), "content": "<|end|>", "special": True, "normalized": False,
               "single_word": False, "lstrip": False, "rstrip": False}  # fmt: skip
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [special],
            "normalizer": {"type": "NFC"}, "pre_tokenizer": level, "post_processor": None,
            "decoder": level, "model": model}  # fmt: skip


def _unigram() -> dict[str, Any]:
    pieces: list[list[Any]] = [["<unk>", 0.0], ["\u2581", -2.0], ["\u2581Hello", -5.0]]
    pieces += [[letter, -4.0] for letter in "abcdefghijklmnopqrstuvwxyzH,'.123"]
    mark = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    return {"version": "1.0", "added_tokens": [], "normalizer": {"type": "NFKC"},
            "pre_tokenizer": mark, "post_processor": None, "decoder": mark,
            "model": {"type": "Unigram", "unk_id": 0, "vocab": pieces}}  # fmt: skip


def _word_piece() -> dict[str, Any]:
    pieces = ["[UNK]", "hello", "world", "##s", ",", "'", "a", "test", *(f"##{c}" for c in "abc")]
    return {"version": "1.0", "added_tokens": [], "normalizer": {"type": "BertNormalizer",
            "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
            "lowercase": True}, "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": None, "decoder": {"type": "WordPiece", "prefix": "##",
            "cleanup": True}, "model": {"type": "WordPiece", "unk_token": "[UNK]",
            "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
            "vocab": {p: i for i, p in enumerate(pieces)}}}  # fmt: skip


JSON_FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "bpe": _byte_level,
    "unigram": _unigram,
    "wordpiece": _word_piece,
}


def rank_lines() -> list[bytes]:
    """A rank file of 256 bytes and a few merges."""
    pieces = [bytes([byte]) for byte in range(256)] + [b"He", b"ll", b"Hell", b" w", b"Hello"]
    return [base64.b64encode(piece) + b" %d" % rank for rank, piece in enumerate(pieces)]


def varint(value: int) -> bytes:
    """A protobuf variable-length integer."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, payload: bytes | int) -> bytes:
    """A protobuf field: an integer or length-delimited bytes."""
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def sentencepiece_model(kind: int = 2, pieces: list[str] | None = None) -> bytes:
    """A tiny SentencePiece model: kind 1 is Unigram, 2 is BPE."""
    import struct

    letters = [*"\u2581abcdefghijklmnopqrstuvwxyzH,'123", "He", "ll", "Hell", "\u2581H"]
    out = bytearray()
    for number, piece in enumerate(["<unk>", "<s>", "</s>", *(pieces or letters)]):
        score = varint(2 << 3 | 5) + struct.pack("<f", -float(number))
        role = field(3, 2 if number == 0 else 3 if number < 3 else 1)
        out += field(1, field(1, piece.encode()) + score + role)
    trainer = field(3, kind)
    normalizer = field(1, b"identity") + field(3, 1) + field(4, 0) + field(5, 1)
    return bytes(out + field(2, trainer) + field(3, normalizer))


def valid_files() -> dict[str, tuple[str, bytes, dict[str, Any]]]:
    """Format -> file name, contents and options of `load`."""
    files: dict[str, tuple[str, bytes, dict[str, Any]]] = {
        f"tokenizer.json {name}": ("tokenizer.json", json.dumps(make()).encode(), {})
        for name, make in JSON_FILES.items()
    }
    files["tiktoken"] = ("small.tiktoken", b"\n".join(rank_lines()) + b"\n", {"pattern": "cl100k"})
    files["model bpe"] = ("small.model", sentencepiece_model(2), {})
    files["model unigram"] = ("small.model", sentencepiece_model(1), {})
    words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\nworld\n##s\n,\n'\na\ntest\n"
    files["vocab.txt"] = ("vocab.txt", words.encode(), {})
    files["tekken"] = ("tekken.json", _tekken(), {})
    files["gguf"] = ("small.gguf", gguf_file(), {})
    files["rwkv"] = ("rwkv_vocab.txt", _rwkv(), {})
    files["our own"] = ("tokenry.json", _own(), {})
    return files


def _tekken() -> bytes:
    ranks = [line.split(b" ") for line in rank_lines()]
    vocab = [{"rank": int(rank), "token_bytes": piece.decode()} for piece, rank in ranks]
    config = {"pattern": r"\p{L}+|[^\p{L}]", "default_vocab_size": len(vocab) + 3,
              "default_num_special_tokens": 3}  # fmt: skip
    return json.dumps({"config": config, "vocab": vocab}).encode()


def gguf_file(**changes: Any) -> bytes:
    """A GGUF of the byte-level tokenizer; ``changes`` are other values, None takes one away."""
    import struct

    content = _byte_level()
    tokens = [*content["model"]["vocab"], "<|end|>"]
    values = {
        "model": "gpt2",
        "pre": "gpt-2",
        "tokens": tokens,
        "token_type": [1] * (len(tokens) - 1) + [3],
        "merges": [" ".join(pair) for pair in content["model"]["merges"]],
        **changes,
    }

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value.encode())) + value.encode()

    def value_of(value: Any) -> bytes:
        if isinstance(value, str):
            return struct.pack("<I", 8) + text(value)
        kind = 8 if isinstance(value[0], str) else 6 if isinstance(value[0], float) else 5
        pack = {8: text, 6: lambda each: struct.pack("<f", each)}.get(
            kind, lambda each: struct.pack("<i", each)
        )
        return struct.pack("<IIQ", 9, kind, len(value)) + b"".join(map(pack, value))

    given = {name: value for name, value in values.items() if value is not None}
    rows = [text(f"tokenizer.ggml.{name}") + value_of(value) for name, value in given.items()]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(rows)) + b"".join(rows)


def _rwkv() -> bytes:
    pieces = [bytes([byte]) for byte in range(256)] + [b"He", b"ll", b"Hello"]
    lines = [f"{id_} {piece!r} {len(piece)}" for id_, piece in enumerate(pieces, start=1)]
    return "\n".join(lines).encode()


def _own() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.tiktoken"
        path.write_bytes(b"\n".join(rank_lines()))
        return dump(load(path, pattern="cl100k").pipeline)
