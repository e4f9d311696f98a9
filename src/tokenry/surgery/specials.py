"""Specials that are added, reserved for later, or given another name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tokenry.arguments import checked, explained
from tokenry.errors import VocabularyError
from tokenry.surgery.id_map import IdMap, Surgery
from tokenry.surgery.pad import pad
from tokenry.text.appending import check_free, with_tokens
from tokenry.text.id_changes import Renumbering
from tokenry.text.pipeline import Pipeline
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary


@explained
def add_specials(tokenizer: Tokenizer, names: Sequence[str]) -> Surgery:
    """Append specials with these names, in this order; old ids and encodings stay as they are.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
        VocabularyError: a name that is taken, empty, or given twice.
    """
    first = len(tokenizer.vocabulary)
    larger = Tokenizer.of(with_tokens(tokenizer.pipeline, names, special=True))
    old = np.arange(first, dtype=np.int64)
    ids = IdMap.between(tokenizer, larger, old, [[] for _ in names])
    return Surgery(larger, ids, "add-special")


@checked
def reserve(tokenizer: Tokenizer, count: int) -> Surgery:
    """Append so many specials ``<|reserved_0|>``, ... that `rename` gives a meaning later.

    Raises:
        UnsupportedError: a segmenter or decoder that we cannot extend.
        VocabularyError: ``count`` is negative.
    """
    return replace(pad(tokenizer, len(tokenizer.vocabulary) + count), operation="reserve")


@explained
def rename(tokenizer: Tokenizer, names: Mapping[str, str]) -> Surgery:
    """Give specials other names; no id moves.

    The names also change in the configuration: as BOS, EOS, padding and in the chat template.

    Args:
        tokenizer: whose specials.
        names: the new name of each special, by the one that it has.

    Raises:
        VocabularyError: a name that no special has, or a new one that is taken.
        UnsupportedError: a segmenter whose vocabulary cannot be changed.
    """
    if not isinstance(names, Mapping):
        raise VocabularyError(f"names {names!r}; expected a mapping, {{old name: new name}}")
    pipeline = tokenizer.pipeline
    specials = pipeline.specials()
    for old, new in names.items():
        if old not in specials:
            shown = ", ".join(map(repr, list(specials)[:8])) or "none"
            raise VocabularyError(f"{old!r} is no special of this tokenizer; it has: {shown}")
        others = [each for each in names.values() if each == new]
        check_free(pipeline, new, others[1:])
    renamed = Tokenizer.of(_renamed(pipeline, {specials[old]: old for old in names}, names))
    every = np.arange(len(tokenizer.vocabulary), dtype=np.int64)
    return Surgery(renamed, IdMap.between(tokenizer, renamed, every), "rename")


def _renamed(pipeline: Pipeline, at: Mapping[int, str], names: Mapping[str, str]) -> Pipeline:
    old = pipeline.vocabulary
    new_names = {id_: names[name] for id_, name in at.items()}
    pieces = list(old.pieces)
    for id_, name in new_names.items():
        pieces[id_] = name.encode()
    every = np.arange(len(old), dtype=np.int64)
    change = Renumbering(Vocabulary(pieces, old.roles), every, every)
    decoder = pipeline.decoder
    return replace(
        pipeline,
        vocabulary=change.vocabulary,
        segmenter=pipeline.segmenter.renumbered(change),
        added_tokens=[
            replace(token, content=names.get(token.content, token.content))
            for token in pipeline.added_tokens
        ],
        decoder=None if decoder is None else decoder.renumbered(change).renamed(new_names),
        metadata={key: _in_json(text, names) for key, text in pipeline.metadata.items()},
        config=pipeline.config.renamed(names),
    )


def _in_json(text: str, names: Mapping[str, str]) -> str:
    """A section of a tokenizer.json with other names; any other text as it is."""
    if not any(name in text for name in names):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return json.dumps(_walk(value, names))


def _walk(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(key, key): _walk(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_walk(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
