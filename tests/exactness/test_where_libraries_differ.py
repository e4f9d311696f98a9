"""Where the libraries differ among themselves each format follows its own (docs/exactness.md)."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import sentencepiece
from tokenizers import Tokenizer as Theirs

from malformed_files import sentencepiece_model
from running import running
from tokenry.formats import sentencepiece as model_files
from tokenry.formats.sentencepiece_proto import read_model
from tokenry.formats.tokenizer_json import reading

load_json, load_model = running(reading.load), running(model_files.load)
LETTERS = "abcdefgHello 123,'"
FAIRSEQ = ("<s>", "<pad>", "</s>", "<unk>")


def texts(rng: random.Random) -> list[str]:
    return ["".join(rng.choices(LETTERS, k=rng.randint(0, 30))) for _ in range(200)]


def in_fairseqs_order(data: bytes) -> dict[str, Any]:
    """The tokenizer.json of such a model: four ids of its own, then the pieces behind three."""
    pieces = read_model(data).pieces
    vocab = [[name, 0.0] for name in FAIRSEQ] + [[each.piece, each.score] for each in pieces[3:]]
    mark = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    model = {"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": False}
    return {"version": "1.0", "pre_tokenizer": mark, "decoder": mark, "model": model}


def test_shifted_ids_are_those_of_the_file() -> None:
    """Fairseq and Marian number pieces otherwise than the `.model` that they are from."""
    data = sentencepiece_model(1)
    content = json.dumps(in_fairseqs_order(data))
    theirs, shifted = Theirs.from_str(content), load_json(content.encode())
    by_model = sentencepiece.SentencePieceProcessor(model_proto=data)
    plain = load_model(data)
    differ = 0
    for text in texts(random.Random(15)):
        assert shifted.encode(text) == theirs.encode(text).ids
        assert plain.encode(text) == by_model.encode(text)
        differ += shifted.encode(text) != plain.encode(text)
        assert shifted.decode(shifted.encode(text)) == theirs.decode(theirs.encode(text).ids)
    assert differ > 100


def close_scores(rng: random.Random) -> list[tuple[str, float]]:
    """Scores of which 32 bits lose a unit in the last place when they are added up."""
    pieces = ["a", "b", "ab", "ba", "aba", "bab", "\u2581", "\u2581a", "\u2581b", "\u2581ab"]
    scores = {piece: float(np.float32(-rng.uniform(8, 9))) for piece in pieces}
    for piece in ("ab", "ba", "aba", "bab", "\u2581ab"):
        parts = [scores[each] for each in piece.replace("\u2581a", "A") if each in scores]
        whole = sum(parts) + (scores["\u2581a"] if "\u2581a" in piece else 0.0)
        scores[piece] = float(np.float32(whole))
    return list(scores.items())


def test_near_ties_fall_as_in_the_library_of_the_file() -> None:
    """sentencepiece adds floats of 32 bits over a sentence, tokenizers of 64 over a pretoken."""
    rng = random.Random(20)
    differ = 0
    for _ in range(12):
        named = close_scores(rng)
        data = model_with(named)
        by_model, ours = sentencepiece.SentencePieceProcessor(model_proto=data), load_model(data)
        vocab = [["<unk>", 0.0], ["<s>", 0.0], ["</s>", 0.0], *map(list, named)]
        content = json.dumps(
            {**in_fairseqs_order(data), "model": {"type": "Unigram", "unk_id": 0, "vocab": vocab}}
        )
        theirs, ours_json = Theirs.from_str(content), load_json(content.encode())
        for _ in range(40):
            text = "".join(rng.choices("ab ", weights=(5, 5, 1), k=rng.randint(1, 40)))
            assert ours.encode(text) == by_model.encode(text), text
            assert ours_json.encode(text) == theirs.encode(text).ids, text
            differ += by_model.encode(text) != theirs.encode(text).ids
    assert differ > 0


def model_with(named: list[tuple[str, float]]) -> bytes:
    """A Unigram model of these pieces."""
    import struct

    from malformed_files import field, varint

    out = bytearray()
    for number, (piece, score) in enumerate([("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), *named]):
        role = field(3, 2 if number == 0 else 3 if number < 3 else 1)
        weight = varint(2 << 3 | 5) + struct.pack("<f", score)
        out += field(1, field(1, piece.encode()) + weight + role)
    normalizer = field(1, b"identity") + field(3, 1) + field(4, 0) + field(5, 1)
    return bytes(out + field(2, field(3, 1)) + field(3, normalizer))
