"""``vocab.json`` alone: the characters of speech models (Wav2Vec2: Baevski et al. 2020,
arXiv:2006.11477), as transformers reads them.

A space is written as a delimiter, ``|``; what connectionist temporal classification gives is
decoded without its repetitions and blanks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.json_walk import JsonObject
from tokenry.formats.tokenizer_json import reading
from tokenry.text.config import content_of
from tokenry.text.pipeline import Pipeline

WHAT: Final = "vocab.json"
CLASSES: Final = ("Wav2Vec2CTCTokenizer", "Wav2Vec2Tokenizer")
# In the order in which transformers numbers those that the vocabulary lacks.
_USES: Final = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
_ONE_CHARACTER: Final = {
    "type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": False,
}  # fmt: skip


def are_characters(vocabulary: Mapping[str, object]) -> bool:
    """Whether names are characters, but for specials such as ``<pad>``, with a delimiter."""
    longer = [name for name in vocabulary if len(name) != 1]
    specials = [name for name in longer if name[:1] + name[-1:] in ("<>", "[]")]
    return "|" in vocabulary and len(longer) == len(specials) < len(vocabulary)


def load(data: bytes, config: Mapping[str, Any]) -> Pipeline:
    """Load such a vocabulary.

    Args:
        data: ``vocab.json``.
        config: the ``tokenizer_config.json`` beside it.

    Raises:
        FormatError: the file is malformed.
        UnsupportedError: text is to be in upper case, or the file holds several languages.
    """
    try:
        ids = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{WHAT} is not JSON: {error}") from None
    if config.get("do_lower_case") or config.get("target_lang"):
        raise UnsupportedError(
            f"{WHAT} of characters with do_lower_case or target_lang; take the vocabulary of one "
            "language, and lower or raise text yourself"
        )
    return reading.load(json.dumps(_document(ids, config)).encode())


def _document(ids: Mapping[str, Any], config: Mapping[str, Any]) -> JsonObject:
    named = {use: content_of(config.get(use)) or name for use, name in _USES.items()}
    delimiter = content_of(config.get("word_delimiter_token")) or "|"
    space = {"type": "Replace", "pattern": {"String": " "}, "content": delimiter}
    undone = {"type": "Replace", "pattern": {"String": delimiter}, "content": " "}
    joined = {
        "type": "CTC", "pad_token": named["pad_token"], "word_delimiter_token": delimiter,
        "cleanup": False,
    }  # fmt: skip
    more = [name for name in ids if len(name) > 1 and name not in named.values()]
    missing = [name for name in dict.fromkeys(named.values()) if name not in ids]
    numbers = {**ids, **{name: len(ids) + place for place, name in enumerate(missing)}}
    return {
        "version": "1.0",
        "added_tokens": [
            *(
                _added(name, numbers[name], special=True, eats=name in ids)
                for name in dict.fromkeys(named.values())
            ),
            *(_added(name, numbers[name], special=False, eats=True) for name in more),
        ],
        "normalizer": space,
        "pre_tokenizer": _ONE_CHARACTER,
        "decoder": {"type": "Sequence", "decoders": [joined, undone]},
        "model": {"type": "WordLevel", "vocab": ids, "unk_token": named["unk_token"]},
    }


def _added(content: str, id_: int, *, special: bool, eats: bool) -> JsonObject:
    """A token to look for; those of the vocabulary eat the white space around them."""
    return {"id": id_, "content": content, "special": special, "single_word": False,
            "normalized": False, "lstrip": eats, "rstrip": eats}  # fmt: skip
