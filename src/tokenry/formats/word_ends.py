r"""``vocab.json`` with merges whose pieces end words with ``</w>``: CLIP, the first GPT, HerBERT.

Both files say nothing of the text around the model; what the published tokenizers do is added, as
a tokenizer.json says it. CLIP (Radford et al. 2021, arXiv:2103.00020) spells bytes in GPT-2's
alphabet; GPT (Radford et al. 2018) spells characters, cuts words as BERT does and lowers them, and
HerBERT (Mroczkowski et al. 2021, arXiv:2105.01735) has pieces with capitals, so it does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import OF_FAIRSEQ, Specials
from tokenry.formats.files import GivenFile, text_of
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.piece_ids import read_ids
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.text.parts import Template
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


@dataclass(frozen=True)
class EndedClass:
    """What tells the classes of transformers apart that read such a pair.

    Attributes:
        usual: names of uses that no file names.
        clip: whether the pair is CLIP's.
        cased: whether text keeps its case and accents.
    """

    usual: Mapping[str, str]
    clip: bool = False
    cased: bool = False


_END: Final = "<|endoftext|>"
CLIP, HERBERT = "CLIPTokenizer", "HerbertTokenizer"
KINDS: Final[Mapping[str, EndedClass]] = {
    CLIP: EndedClass(
        {"bos_token": "<|startoftext|>", **dict.fromkeys(("eos_token", "unk_token", "pad_token"),
                                                         _END)}, clip=True,
    ),
    HERBERT: EndedClass(
        {use: OF_FAIRSEQ[use] for use in ("cls_token", "unk_token", "pad_token", "mask_token",
                                          "sep_token")}, cased=True,
    ),
    "OpenAIGPTTokenizer": EndedClass({"unk_token": "<unk>"}),
}  # fmt: skip
_AROUND_HERBERT: Final = Template((0,), (2,))  # whatever the names of these ids


def read(file: GivenFile, merges: bytes, kind: EndedClass) -> Pipeline:
    """Such a pair as the class reads it that is named beside it.

    Raises:
        FormatError: a file is malformed.
    """
    specials = Specials(file.beside, kind.usual, normalizes=True)
    ids = read_ids(file.data, str(file.path))
    added = specials.added(ids)
    content = _document(
        ids, _lines(merges), specs_of(added), specials.name("unk_token"),
        clip=kind.clip, cased=kind.cased,
    )  # fmt: skip
    closed = specials.template(added, "bos_token", "eos_token") if kind.clip else Template()
    around = _AROUND_HERBERT if file.beside.class_name == HERBERT else closed
    return replace(reading.load(json.dumps(content).encode()), template=around)


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
    ids = read_ids(vocabulary, "vocab.json")
    clip = all(character + WORD_END in ids for character in BYTE_ALPHABET)
    unknown = next((name for name in _UNKNOWNS if name in ids), None)
    known = {name: ids[name] for name in _CLIP_SPECIALS if name in ids} if clip else {}
    if not clip and unknown is not None:
        known = {unknown: ids[unknown]}
    named = specials if specials is not None else known
    cased = any(text != text.lower() for text in ids.keys() - named.keys())
    added = [_added(name, id_) for name, id_ in sorted(named.items(), key=_by_id)]
    content = _document(ids, _lines(merges), added, unknown, clip=clip, cased=cased)
    return reading.load(json.dumps(content).encode())


def _lines(merges: bytes) -> list[str]:
    lines = text_of(merges, "merges.txt").split("\n")
    return [line for line in lines if line and not line.startswith("#version")]


def _document(
    ids: Mapping[str, int],
    merges: list[str],
    added: list[JsonObject],
    unknown: str | None,
    *,
    clip: bool,
    cased: bool,
) -> JsonObject:
    model = {
        "type": "BPE",
        "unk_token": unknown,
        "end_of_word_suffix": WORD_END,
        "vocab": ids,
        "merges": merges,
    }
    return {
        "version": "1.0",
        "added_tokens": added,
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
