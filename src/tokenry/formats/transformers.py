"""Hugging Face transformers: ``tokenizer_config.json``, and a tokenizer object of that library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tokenry.errors import MissingExtraError
from tokenry.formats.tokenizer_json.writing import TokenizerJson, to_document
from tokenry.text.config import content_of
from tokenry.text.pipeline import Pipeline

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

CLASS_NAME = "PreTrainedTokenizerFast"
# transformers' own sign for "no limit is known"
NO_LIMIT = 10**30
# Code of a repository, and ways to make a tokenizer of other files; ours is all in its own.
_CODE = frozenset(("auto_map", "from_slow", "tokenizer_file", "vocab_file", "merges_file"))
_OF_OUR_OWN = _CODE | {"tokenizer_class"}
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
    stated = pipeline.config.values
    kept = {key: value for key, value in stated.items() if key not in _OF_OUR_OWN}
    for key in unknown_specials(pipeline):
        del kept[key]
    if "added_tokens_decoder" in stated:
        kept["added_tokens_decoder"] = _added_tokens(pipeline)
    return {
        "tokenizer_class": CLASS_NAME,
        "model_max_length": NO_LIMIT,
        "clean_up_tokenization_spaces": False,
        **special_tokens(pipeline),
        **kept,
    }


def unknown_specials(pipeline: Pipeline) -> dict[str, str]:
    """Uses whose special the tokenizer does not have (any more), by their key."""
    known = {token.content for token in pipeline.added_tokens}
    named = ((key, content_of(value)) for key, value in pipeline.config.values.items())
    return {
        key: name
        for key, name in named
        if key.endswith("_token")
        and name is not None
        and name not in known
        and name.encode() not in pipeline.vocabulary
    }


def dropped(pipeline: Pipeline) -> tuple[str, ...]:
    """What `config` leaves out or changes of what the pipeline's configuration says."""
    stated = pipeline.config.values
    found = [
        f"{key} {name!r}, which is no token of it"
        for key, name in unknown_specials(pipeline).items()
    ]
    if stated.get("tokenizer_class", CLASS_NAME) != CLASS_NAME:
        found.append(f"tokenizer_class {stated['tokenizer_class']!r}, now {CLASS_NAME!r}")
    return (*found, *(key for key in sorted(_CODE) if key in stated))


def _added_tokens(pipeline: Pipeline) -> dict[str, dict[str, object]]:
    """The added tokens under the ids that they have now."""
    keys = ("content", "lstrip", "normalized", "rstrip", "single_word", "special")
    return {
        str(token.id): {key: getattr(token, key) for key in keys}
        for token in sorted(pipeline.added_tokens, key=lambda token: token.id)
    }


def dump_config(pipeline: Pipeline) -> bytes:
    """`config` as a file."""
    return json.dumps(config(pipeline), ensure_ascii=False, indent=2).encode() + b"\n"


def special_tokens(pipeline: Pipeline) -> dict[str, str]:
    """Which special serves which use of transformers, where the tokenizer says it."""
    names = {token.id: token.content for token in pipeline.added_tokens if token.special}
    stated = pipeline.config.values
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
    gone = unknown_specials(pipeline)
    for use in _USES | {"unk_token": ()}:
        if use in stated and use not in gone:
            name = content_of(stated[use])
            found.pop(use, None)
            if name is not None:
                found[use] = name
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
    values = {**config(pipeline), **special_tokens(pipeline)}
    for key in ("tokenizer_class", "added_tokens_decoder"):
        values.pop(key, None)
    return PreTrainedTokenizerFast(tokenizer_object=theirs, **values)
