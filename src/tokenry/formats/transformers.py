"""Hugging Face transformers: ``tokenizer_config.json``, and a tokenizer object of that library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tokenry.errors import MissingExtraError
from tokenry.formats.tokenizer_json.writing import TokenizerJson, to_document
from tokenry.text.pipeline import Pipeline

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

CLASS_NAME = "PreTrainedTokenizerFast"
# transformers' own sign for "no limit is known"
NO_LIMIT = 10**30
# What specials with these names are for; a template says which begin and end a sequence.
_USES = {
    "pad_token": ("<pad>", "[PAD]", "<|pad|>", "<|padding|>"),
    "mask_token": ("<mask>", "[MASK]", "<|mask|>"),
    "cls_token": ("[CLS]", "<|cls|>"),
    "sep_token": ("[SEP]", "<|sep|>"),
    "bos_token": ("<s>", "<|begin_of_text|>", "<|startoftext|>", "<bos>"),
    "eos_token": ("</s>", "<|endoftext|>", "<|end_of_text|>", "<eos>"),
}


def config(pipeline: Pipeline) -> dict[str, Any]:
    """The ``tokenizer_config.json`` with which AutoTokenizer gives equal ids."""
    return {
        "tokenizer_class": CLASS_NAME,
        "model_max_length": NO_LIMIT,
        "clean_up_tokenization_spaces": False,
        **special_tokens(pipeline),
    }


def dump_config(pipeline: Pipeline) -> bytes:
    """`config` as a file."""
    return json.dumps(config(pipeline), ensure_ascii=False, indent=2).encode() + b"\n"


def special_tokens(pipeline: Pipeline) -> dict[str, str]:
    """Which special serves which use of transformers, where the tokenizer says it."""
    names = {token.id: token.content for token in pipeline.added_tokens if token.special}
    found = dict(_by_name(set(names.values())))
    template = pipeline.template
    if template is not None:
        if template.before and template.before[-1] in names:
            found["bos_token"] = names[template.before[-1]]
        if template.after and template.after[0] in names:
            found["eos_token"] = names[template.after[0]]
    unknown = pipeline.segmenter.unknown
    if unknown in names:
        found["unk_token"] = names[unknown]
    return found


def _by_name(names: set[str]) -> Iterator[tuple[str, str]]:
    for use, known in _USES.items():
        present = [name for name in known if name in names]
        if present:
            yield use, present[0]


def to_transformers(
    pipeline: Pipeline, document: TokenizerJson | None = None
) -> PreTrainedTokenizerFast:
    """A ``PreTrainedTokenizerFast`` of this tokenizer; padding and truncation are its business.

    Args:
        pipeline: what to convert.
        document: its tokenizer.json, where that is at hand.

    Raises:
        MissingExtraError: transformers is not installed.
        UnsupportedError: a tokenizer.json cannot say this tokenizer.
    """
    try:
        from tokenizers import Tokenizer as Theirs
        from transformers import PreTrainedTokenizerFast
    except ImportError:
        raise MissingExtraError("transformers", "neural", "to_transformers()") from None
    document = document or to_document(pipeline)
    theirs = Theirs.from_str(document.dump().decode())
    return PreTrainedTokenizerFast(
        tokenizer_object=theirs,
        clean_up_tokenization_spaces=False,
        model_max_length=NO_LIMIT,
        **special_tokens(pipeline),
    )
