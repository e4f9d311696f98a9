"""GGUF as the container of a tokenizer: the ``tokenizer.ggml.*`` values of llama.cpp's model files.

Byte-level BPE ("gpt2") is read as the tokenizer.json that llama.cpp's names of pre-tokenizers
stand for (`tokenry.formats.gguf_pretokenizers`), and so is Gemma's of characters ("gemma4");
SentencePiece's BPE ("llama") and Unigram ("t5") as the model that was converted. What cuts text is
not in the file, only a name; one that is not known here is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError, VocabularyError
from tokenry.formats import rwkv, tiktoken, wordpiece
from tokenry.formats.files import GivenFile
from tokenry.formats.gguf_metadata import read_metadata
from tokenry.formats.gguf_pretokenizers import IGNORES_MERGES, LEVEL, NFC, cutting
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.known_ranks import KNOWN_RANKS
from tokenry.formats.notes import told
from tokenry.formats.sentencepiece import of_proto
from tokenry.formats.sentencepiece_pieces import PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, NormalizerSpec, TrainerSpec
from tokenry.formats.specials import check_single_bytes, ordinary
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.formats.tokenizer_json.wordpiece import CONTINUATION
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import METASPACE, from_byte_level

WHAT = "GGUF"
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_BETWEEN: Final = "\x7f"  # which JSON writes as it is
_ADDED: Final = frozenset({PieceType.CONTROL, PieceType.USER_DEFINED})
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """Load the tokenizer of a GGUF file.

    Raises:
        FormatError: the file is cut short or malformed.
        UnsupportedError: its kind of model or its pre-tokenizer is not known.
    """
    values = {
        name.removeprefix("tokenizer.ggml."): value
        for name, value in read_metadata(data).items()
        if name.startswith("tokenizer.ggml.")
    }
    tokens = _list(values, "tokens", str)
    kinds = _list(values, "token_type", int) if "token_type" in values else [1] * len(tokens)
    if len(kinds) != len(tokens):
        raise FormatError(f"{WHAT}: {len(tokens)} tokens have {len(kinds)} types")
    model = values.get("model")
    if model == "gpt2" and "merges" not in values and values.get("pre") == "kimi-k2":
        return _ranked(tokens, kinds)
    if model == "gemma4":
        return reading.load(json.dumps(_marked(values, tokens, kinds)).encode())
    if model == "gpt2":
        return _with_notes(values, reading.load(_byte_level(values, tokens, kinds)))
    if model in ("llama", "t5"):
        return of_proto(_proto(values, tokens, kinds, str(model)))
    if model == "bert":
        spelled = _vocab([*map(_as_in_vocab_txt, tokens, kinds)])
        return wordpiece.of_tokens(Tokens.listed(list(spelled)))
    if model == "rwkv":
        pieces = {id_: _unescaped(text) for id_, text in enumerate(tokens) if id_}
        return rwkv.of_pieces(pieces, WHAT)
    raise UnsupportedError(
        f"{WHAT}: the tokenizer model {model!r} is not known; known are gpt2, gemma4, llama, t5, "
        "bert and rwkv"
    )


def _as_in_vocab_txt(text: str, kind: int) -> str:
    """llama.cpp marks the starts of words, and not what continues them."""
    if kind in (PieceType.CONTROL, PieceType.UNKNOWN):
        return text.removeprefix(METASPACE) or text
    return text.removeprefix(METASPACE) if text.startswith(METASPACE) else CONTINUATION + text


def _unescaped(text: str) -> bytes:
    """A piece that was written as Python writes bytes, without the quotes."""
    return _ESCAPE.sub(_escaped_byte, text.encode())


def _escaped_byte(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else _ESCAPED.get(found[2], found[2])


def _with_notes(values: Mapping[str, object], pipeline: Pipeline) -> Pipeline:
    if "pre" in values:
        return pipeline
    note = "the file names no pre-tokenizer; text is cut as by GPT-2"
    return replace(pipeline, metadata={**pipeline.metadata, **told([note], WHAT)})


def _list(values: Mapping[str, object], name: str, kind: type) -> list[Any]:
    found = values.get(name)
    if not isinstance(found, list) or not {*map(type, found)} <= {kind}:
        raise FormatError(f"{WHAT}: expected tokenizer.ggml.{name}, a list of {kind.__name__}")
    return found


def _ranked(tokens: list[str], kinds: list[int]) -> Pipeline:
    """Kimi's: ids are ranks, so there are no merges."""
    names = {id_: text for id_, text in enumerate(tokens) if kinds[id_] == PieceType.NORMAL}
    specials = {text: id_ for id_, text in enumerate(tokens) if kinds[id_] == PieceType.CONTROL}
    try:
        pieces = ordinary({id_: from_byte_level(text) for id_, text in names.items()}, WHAT)
    except VocabularyError as error:
        raise FormatError(f"{WHAT}: {error}") from None
    check_single_bytes(pieces, WHAT)
    pattern = KNOWN_RANKS["kimi_k2"].pattern
    return tiktoken.of_pieces(pieces, tiktoken.cut_by(pattern), specials)


def _marked(values: Mapping[str, object], tokens: list[str], kinds: list[int]) -> JsonObject:
    """Gemma's: merges of text in which every space is a mark, and bytes for what has no piece."""
    space, mark = {"String": " "}, {"String": METASPACE}
    joined: list[JsonObject] = [
        {"type": "Replace", "pattern": mark, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ]
    unknown = next((text for text, kind in zip(tokens, kinds, strict=True) if kind == 2), None)
    model = {
        "type": "BPE",
        "byte_fallback": True,
        "fuse_unk": True,
        "unk_token": unknown,
        "vocab": _vocab(tokens),
        "merges": [_sides(text) for text in _list(values, "merges", str)],
    }
    return {
        "version": "1.0",
        "added_tokens": _all_added(tokens, kinds),
        "normalizer": {"type": "Replace", "pattern": space, "content": METASPACE},
        "decoder": {"type": "Sequence", "decoders": joined},
        "model": model,
    }


def _sides(merge: str) -> list[str]:
    """The two sides of a merge; the first may begin with a space."""
    at = merge.find(" ", 1)
    if at < 0:
        raise FormatError(f"{WHAT}: the merge {merge!r} has no two sides")
    return [merge[:at], merge[at + 1 :]]


def _all_added(tokens: list[str], kinds: list[int]) -> list[JsonObject]:
    return [
        _added(tokens[id_], id_, kind == PieceType.CONTROL)
        for id_, kind in enumerate(kinds)
        if kind in _ADDED
    ]


def _byte_level(values: Mapping[str, object], tokens: list[str], kinds: list[int]) -> bytes:
    """A tokenizer.json; its names and merges are quoted at once, as an encoder takes longer."""
    name = str(values.get("pre", "default"))
    _check_distinct(tokens)
    merges = _quoted(_list(values, "merges", str))
    named = ",".join([f"{text}:{id_}" for id_, text in enumerate(_quoted(tokens))])
    rest = {
        "version": "1.0",
        "added_tokens": _all_added(tokens, kinds),
        "normalizer": {"type": "NFC"} if name in NFC else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": cutting(name, WHAT)},
        "decoder": LEVEL,
    }
    ignores = json.dumps(name in IGNORES_MERGES)
    return (
        f'{json.dumps(rest)[:-1]}, "model": {{"type": "BPE", "ignore_merges": {ignores}, '
        f'"vocab": {{{named}}}, "merges": [{",".join(merges)}]}}}}'
    ).encode()


def _quoted(texts: list[str]) -> list[str]:
    """Texts as JSON writes them; all at once where none has the sign that is put between them."""
    together = _BETWEEN.join(texts)
    if together.count(_BETWEEN) != len(texts) - 1:
        return [json.dumps(text, ensure_ascii=False) for text in texts]
    return (
        json.dumps(together, ensure_ascii=False).replace(_BETWEEN, f'"{_BETWEEN}"').split(_BETWEEN)
    )


def _check_distinct(tokens: list[str]) -> None:
    again = len(tokens) - len({*tokens})
    if again:
        raise FormatError(f"{WHAT}: {again} tokens are given twice")


def _vocab(tokens: list[str]) -> dict[str, int]:
    _check_distinct(tokens)
    return {text: id_ for id_, text in enumerate(tokens)}


def _added(content: str, id_: int, special: bool) -> JsonObject:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id_, "content": content, "special": special, **flags}


def _proto(
    values: Mapping[str, object], tokens: list[str], kinds: list[int], model: str
) -> ModelProto:
    scores = _list(values, "scores", float)
    if len(scores) != len(tokens):
        raise FormatError(f"{WHAT}: {len(tokens)} tokens have {len(scores)} scores")
    try:
        pieces = tuple(
            PieceEntry(text, score, PieceType(kind))
            for text, score, kind in zip(tokens, scores, kinds, strict=True)
        )
    except ValueError as error:
        raise FormatError(f"{WHAT}: {error}") from None
    rules = values.get("precompiled_charsmap", [])
    trainer = TrainerSpec(
        model_type=ModelType.BPE if model == "llama" else ModelType.UNIGRAM,
        byte_fallback=PieceType.BYTE in kinds,
    )
    normalizer = NormalizerSpec(
        precompiled_charsmap=bytes(rules) if isinstance(rules, list) else b"",
        add_dummy_prefix=bool(values.get("add_space_prefix", True)),
        remove_extra_whitespaces=bool(values.get("remove_extra_whitespaces", model == "t5")),
    )
    return ModelProto(pieces, trainer, normalizer)
