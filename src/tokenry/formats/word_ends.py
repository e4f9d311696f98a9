r"""``vocab.json`` with merges whose pieces end words with ``</w>``: CLIP, the first GPT, HerBERT.

Both files say nothing of the text around the model; what the published tokenizers do is added, as
a tokenizer.json says it. CLIP (Radford et al. 2021, arXiv:2103.00020) spells bytes in GPT-2's
alphabet; GPT (Radford et al. 2018) spells characters, cuts words as BERT does and lowers them, and
HerBERT (Mroczkowski et al. 2021, arXiv:2105.01735) has pieces with capitals, so it does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.tokenizer_json import reading
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import BYTE_ALPHABET

WORD_END: Final = "</w>"
_CLIP_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
_CLIP_SPECIALS = ("<|startoftext|>", "<|endoftext|>")
_UNKNOWNS = ("<unk>", "<|endoftext|>")


def ends_words(merges: bytes) -> bool:
    """Whether the merges make pieces that end words."""
    return any(line.rstrip(b"\r").endswith(WORD_END.encode()) for line in merges.split(b"\n")[:64])


def counts_words(merges: bytes) -> bool:
    """Whether such merges have their counts behind them, as fastBPE writes them."""
    found = (line.split() for line in merges.split(b"\n")[:64])
    return any(len(row) == 3 and row[1].endswith(WORD_END.encode()) for row in found)


def load(
    vocabulary: bytes, merges: bytes, specials: Mapping[str, int] | None, pattern: str | None
) -> Pipeline:
    """Load such a pair of files.

    Raises:
        FormatError: a file is malformed.
        UnsupportedError: a pattern is given; it is part of what these files are.
    """
    if pattern is not None:
        raise UnsupportedError(
            f"these merges end words with {WORD_END}, and how they cut text is known; load them "
            "without pattern="
        )
    try:
        ids = json.loads(vocabulary)
        lines = merges.decode("utf-8").splitlines()
    except (ValueError, RecursionError) as error:
        raise FormatError(f"vocab.json or merges.txt cannot be read: {error}") from None
    if not isinstance(ids, dict):
        raise FormatError("vocab.json is not an object of pieces and ids")
    content = _document(ids, [line.rstrip("\r") for line in lines if line], specials)
    return reading.load(json.dumps(content).encode())


def _document(ids: JsonObject, merges: list[str], specials: Mapping[str, int] | None) -> JsonObject:
    clip = all(character + WORD_END in ids for character in BYTE_ALPHABET)
    known = {name: ids[name] for name in _CLIP_SPECIALS if name in ids} if clip else {}
    unknown = next((name for name in _UNKNOWNS if name in ids), None)
    model = {
        "type": "BPE",
        "unk_token": unknown,
        "end_of_word_suffix": WORD_END,
        "vocab": ids,
        "merges": [line for line in merges if not line.startswith("#version")],
    }
    if not clip and unknown is not None:
        known = {unknown: ids[unknown]}
    named = specials if specials is not None else known
    cased = any(text != text.lower() for text in ids.keys() - named.keys())
    return {
        "version": "1.0",
        "added_tokens": [_added(name, id_) for name, id_ in sorted(named.items(), key=_by_id)],
        **(_clip() if clip else _as_bert(cased=cased)),
        "model": model,
    }


def _by_id(item: tuple[str, int]) -> int:
    return item[1]


def _added(content: str, id_: int) -> JsonObject:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": id_, "content": content, "special": True, **flags}


def _clip() -> JsonObject:
    level = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
    spaces = {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "}
    words = {
        "type": "Split",
        "pattern": {"Regex": _CLIP_WORDS},
        "behavior": "Removed",
        "invert": True,
    }
    joined: list[JsonObject] = [
        level,
        {"type": "Replace", "pattern": {"String": WORD_END}, "content": " "},
        {"type": "Strip", "content": " ", "start": 0, "stop": 1},
    ]
    cleaning: list[JsonObject] = [{"type": "NFC"}, spaces, {"type": "Lowercase"}]
    return {
        "normalizer": _sequence("normalizers", cleaning),
        "pre_tokenizer": _sequence("pretokenizers", [words, level]),
        "decoder": _sequence("decoders", joined),
    }


def _as_bert(*, cased: bool) -> JsonObject:
    cleaning = {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": False if cased else None,
        "lowercase": not cased,
    }
    return {
        "normalizer": cleaning,
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "decoder": {"type": "BPEDecoder", "suffix": WORD_END},
    }


def _sequence(key: str, parts: list[JsonObject]) -> JsonObject:
    return {"type": "Sequence", key: parts}
