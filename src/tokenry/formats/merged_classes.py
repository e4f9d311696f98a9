"""``vocab.json`` with ``merges.txt`` as that class of transformers reads it which is named beside
them: what it does before GPT-2's words are cut, and what it puts around a text.

GPT-2 (Radford et al. 2019) and those with its words: RoBERTa (Liu et al. 2019, arXiv:1907.11692),
BART (Lewis et al. 2019, arXiv:1910.13461), DeBERTa (He et al. 2020, arXiv:2006.03654), Whisper
(Radford et al. 2022, arXiv:2212.04356) and others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import ADDITIONAL, OF_FAIRSEQ, Specials
from tokenry.formats.configuration import BIG_BLENDERBOT, ROBERTA_FAMILY
from tokenry.formats.files import GivenFile, text_of
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.piece_ids import read_ids
from tokenry.formats.tokenizer_json import reading
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.unicode.spaces import PYTHON_SPACE

_END: Final = "<|endoftext|>"
_OF_GPT2: Final = {"bos_token": _END, "eos_token": _END, "unk_token": _END}
_OF_BERT: Final = {
    "bos_token": "[CLS]", "eos_token": "[SEP]", "unk_token": "[UNK]", "sep_token": "[SEP]",
    "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]",
}  # fmt: skip
_OF_COHERE: Final = {
    "bos_token": "<BOS_TOKEN>", "eos_token": "<|END_OF_TURN_TOKEN|>", "unk_token": "<UNK>",
    "sep_token": "<SEP>", "pad_token": "<PAD>", "cls_token": "<CLS>",
    "mask_token": "<MASK_TOKEN>",
}  # fmt: skip
_EATS_SPACE: Final = {**OF_FAIRSEQ, "mask_token": {"content": "<mask>", "lstrip": True}}


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What tells the classes apart.

    Attributes:
        usual: names of uses that no file names.
        more: uses of this class only.
        prefixes: whether a space is put before a text where no file says it.
        form: of Unicode that text comes in; "" where it stays as it is.
        steps: what cuts text before GPT-2's words are.
        words: whether these are cut.
        closed: whether a text stands between the tokens of two uses, ``cls_token`` and
            ``sep_token``; else the configuration says whether bos and eos do.
    """

    usual: Mapping[str, Any]
    more: tuple[str, ...] = ()
    prefixes: bool = False
    form: str = ""
    steps: tuple[JsonObject, ...] = ()
    words: bool = True
    closed: bool = False


_OF_LUKE: Final = {
    "entity_1_token": "<ent>", "entity_2_token": "<ent2>", "entity_unk_token": "[UNK]",
    "entity_pad_token": "[PAD]", "entity_mask_token": "[MASK]", "entity_mask2_token": "[MASK2]",
}  # fmt: skip
_DIGITS: Final = {"type": "Digits", "individual_digits": True}
_WORDS: Final = {
    "type": "Split", "pattern": {"Regex": f"[^{PYTHON_SPACE}]+"}, "behavior": "Removed",
    "invert": True,
}  # fmt: skip
_OF_QWEN: Final = {
    "type": "Split", "pattern": {"Regex": PATTERNS["qwen2"]}, "behavior": "Isolated",
    "invert": False,
}  # fmt: skip
WHISPER: Final = "WhisperTokenizer"
KINDS: Final[Mapping[str, Merged]] = {
    "GPT2Tokenizer": Merged(usual=_OF_GPT2),
    "CodeGenTokenizer": Merged(usual=_OF_GPT2),
    "GPTNeoXTokenizer": Merged(usual={**_OF_GPT2, "pad_token": "<|padding|>"}, form="NFC"),
    WHISPER: Merged(usual=_OF_GPT2),
    **dict.fromkeys(ROBERTA_FAMILY, Merged(usual=OF_FAIRSEQ, closed=True)),
    BIG_BLENDERBOT: Merged(usual=_EATS_SPACE, prefixes=True),
    "DebertaTokenizer": Merged(usual=_OF_BERT, closed=True),
    "LayoutLMv3Tokenizer": Merged(usual=OF_FAIRSEQ, prefixes=True, steps=(_WORDS,), closed=True),
    "LukeTokenizer": Merged(usual={**OF_FAIRSEQ, **_OF_LUKE}, more=tuple(_OF_LUKE), closed=True),
    "MarkupLMTokenizer": Merged(usual=_EATS_SPACE, steps=(_WORDS,), closed=True),
    "CohereTokenizer": Merged(usual=_OF_COHERE, form="NFC", steps=(_DIGITS,)),
    "Qwen2Tokenizer": Merged(
        usual={"eos_token": _END, "unk_token": _END, "pad_token": _END}, form="NFC",
        steps=(_OF_QWEN,), words=False,
    ),
}  # fmt: skip


def read(file: GivenFile, merges: bytes, kind: Merged) -> Pipeline:
    """A ``vocab.json`` that was found, with the merges beside it.

    Raises:
        FormatError: one of them is malformed.
        UnsupportedError: the configuration names a language of Whisper's by a word.
    """
    ids = read_ids(file.data, str(file.path))
    specials = Specials(file.beside, kind.usual, normalizes=True)
    more = [specials.name(use) for use in kind.more]
    specials.values[ADDITIONAL] = [*more, *(specials.values.get(ADDITIONAL) or [])]
    added = specials.added(ids)
    lines = text_of(merges, "merges.txt").split("\n")
    document = {**_parts(kind, specials.values), "added_tokens": specs_of(added), "model": {
        "type": "BPE", "vocab": ids,
        "merges": [line for line in lines if line and not line.startswith("#version")],
    }}  # fmt: skip
    return replace(
        reading.load(json.dumps(document).encode()),
        template=_template(file, kind, specials, ids, added),
        metadata={"format": "merged_classes"},
    )


def _parts(kind: Merged, values: Mapping[str, Any]) -> JsonObject:
    level = {
        "type": "ByteLevel", "trim_offsets": False, "use_regex": kind.words,
        "add_prefix_space": bool(values.get("add_prefix_space", kind.prefixes)),
    }  # fmt: skip
    return {
        "version": "1.0",
        "normalizer": {"type": kind.form} if kind.form else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [*kind.steps, level]},
        "decoder": level,
    }


def _template(
    file: GivenFile,
    kind: Merged,
    specials: Specials,
    ids: Mapping[str, int],
    added: list[AddedToken],
) -> Template:
    values, whisper = specials.values, file.beside.class_name == WHISPER
    if whisper:
        ids = {**ids, **{token.content: token.id for token in added}}
        unknown = ids[specials.name("unk_token") or ""]
        before = tuple(ids.get(name, unknown) for name in _heads(file, values))
        return Template(before, specials.template(added, None, "eos_token").after)
    if kind.closed:
        return specials.template(added, "cls_token", "sep_token")
    return specials.template(
        added,
        "bos_token" if values.get("add_bos_token") else None,
        "eos_token" if values.get("add_eos_token") else None,
    )


def _heads(file: GivenFile, values: Mapping[str, Any]) -> list[str]:
    """What tells Whisper what to write, before a text."""
    language, task = values.get("language"), values.get("task")
    if language is not None and not 2 <= len(str(language)) <= 3:
        raise UnsupportedError(
            f"{file.path}: tokenizer_config.json names the language {language!r}; name it by its "
            "code, as 'fr'"
        )
    return [
        "<|startoftranscript|>",
        *([f"<|{str(language).lower()}|>"] if language else []),
        *([f"<|{task}|>"] if task else []),
        *([] if values.get("predict_timestamps") else ["<|notimestamps|>"]),
    ]
