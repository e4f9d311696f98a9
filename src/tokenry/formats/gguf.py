"""GGUF as the container of a tokenizer: the ``tokenizer.ggml.*`` values of llama.cpp's model files.

Byte-level BPE ("gpt2") is read as the tokenizer.json that llama.cpp's names of pre-tokenizers
stand for; SentencePiece's BPE ("llama") and Unigram ("t5") as the model that was converted. What
cuts text is not in the file, only a name; one that is not known here is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats import rwkv, wordpiece
from tokenry.formats.files import GivenFile
from tokenry.formats.gguf_metadata import read_metadata
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.notes import told
from tokenry.formats.sentencepiece import of_proto
from tokenry.formats.sentencepiece_pieces import PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, NormalizerSpec, TrainerSpec
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.formats.tokenizer_json.wordpiece import CONTINUATION
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.vocabulary import METASPACE

WHAT = "GGUF"
_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_LEVEL: Final[JsonObject] = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}
_UNCUT: Final[JsonObject] = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
_DIGITS: Final[JsonObject] = {"type": "Digits", "individual_digits": True}
# A pattern of the table, by the names of llama.cpp (its src/llama-vocab.cpp).
_PATTERNS: Final[Mapping[str, str]] = {
    "llama-bpe": "llama3",
    "llama3": "llama3",
    "llama-v3": "llama3",
    "qwen2": "qwen2",
    "deepseek-r1-qwen": "qwen2",
    "gpt-4o": "o200k",
    "tekken": "tekken",
    "dbrx": "llama3",
    "smaug-bpe": "llama3",
}
_GPT2: Final = ("default", "gpt-2", "phi-2", "jina-es", "jina-de", "mpt", "olmo", "roberta-bpe")
_DIGITS_FIRST: Final = ("starcoder", "refact", "command-r", "smollm", "codeshell", "exaone")
_NFC: Final = ("mpt", "olmo", "command-r", "qwen2", "deepseek-r1-qwen")
_IGNORES_MERGES: Final = ("llama-bpe", "llama3", "llama-v3", "tekken", "gpt-4o")


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
    if model == "gpt2":
        return _with_notes(
            values, reading.load(json.dumps(_byte_level(values, tokens, kinds)).encode())
        )
    if model in ("llama", "t5"):
        return of_proto(_proto(values, tokens, kinds, str(model)))
    if model == "bert":
        spelled = _vocab([*map(_as_in_vocab_txt, tokens, kinds)])
        return wordpiece.of_tokens(Tokens.listed(list(spelled)))
    if model == "rwkv":
        pieces = {id_: _unescaped(text) for id_, text in enumerate(tokens) if id_}
        return rwkv.of_pieces(pieces, WHAT)
    raise UnsupportedError(
        f"{WHAT}: the tokenizer model {model!r} is not known; known are gpt2, llama, t5, bert and "
        "rwkv"
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
    if not isinstance(found, list) or not all(type(each) is kind for each in found):
        raise FormatError(f"{WHAT}: expected tokenizer.ggml.{name}, a list of {kind.__name__}")
    return found


def _byte_level(values: Mapping[str, object], tokens: list[str], kinds: list[int]) -> JsonObject:
    added = [
        _added(text, id_, kind == PieceType.CONTROL)
        for id_, (text, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind in (PieceType.CONTROL, PieceType.USER_DEFINED)
    ]
    name = str(values.get("pre", "default"))
    model = {
        "type": "BPE",
        "ignore_merges": name in _IGNORES_MERGES,
        "vocab": _vocab(tokens),
        "merges": _list(values, "merges", str),
    }
    return {
        "version": "1.0",
        "added_tokens": added,
        "normalizer": {"type": "NFC"} if name in _NFC else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": _cutting(name)},
        "decoder": _LEVEL,
        "model": model,
    }


def _vocab(tokens: list[str]) -> dict[str, int]:
    ids = {text: id_ for id_, text in enumerate(tokens)}
    if len(ids) < len(tokens):
        raise FormatError(f"{WHAT}: {len(tokens) - len(ids)} tokens are given twice")
    return ids


def _added(content: str, id_: int, special: bool) -> JsonObject:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id_, "content": content, "special": special, **flags}


def _cutting(name: str) -> list[JsonObject]:
    if name in _GPT2:
        return [_LEVEL]
    if name in _DIGITS_FIRST:
        return [_DIGITS, _LEVEL]
    if name in _PATTERNS:
        return [_split(PATTERNS[_PATTERNS[name]]), _UNCUT]
    if name == "deepseek-llm":
        return [*map(_split, _DEEPSEEK_LLM), _DIGITS, _UNCUT]
    known = ", ".join(sorted({*_GPT2, *_DIGITS_FIRST, *_PATTERNS, "deepseek-llm"}))
    raise UnsupportedError(f"{WHAT}: the pre-tokenizer {name!r} is not known; known are {known}")


def _split(pattern: str) -> JsonObject:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


# DeepSeek LLM (2024): letters with case, punctuation, CJK; in llama.cpp's spelling, where two signs
# became the letters that they are composed to, so that a range begins at K.
_DEEPSEEK_LLM: Final = (
    "[\r\n]",
    r"\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293"
    r"\u0295-\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c"
    r"\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5"
    r"\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77"
    r"\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59"
    r"\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc"
    r"\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107"
    r"\u210a-\u2113\u2115\u2119-\u211d\u2124\u03a9\u2128K-\u212d\u212f-\u2134\u2139"
    r"\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee"
    r"\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e"
    r"\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a"
    "\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-\U000104fb\U00010c80-\U00010cb2"
    "\U00010cc0-\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943]+",
    r"\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+",
    r"\s+$",
    r"[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+",
)


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
