"""A pipeline with fewer ids, or the same ids in another order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.text.id_changes import IdTable, Renumbering
from tokenry.text.parts import Segmenter, Template
from tokenry.text.pipeline import Pipeline

LONGEST_START = 5  # bytes: a space and a character


def check_known(pipeline: Pipeline) -> None:
    """Refuse a pipeline whose segmenter or decoder cannot take other ids, before any work.

    Raises:
        UnsupportedError: it names the part.
    """
    renumbered(pipeline, np.arange(len(pipeline.vocabulary), dtype=np.int64))


def fixed(pipeline: Pipeline) -> NDArray[np.bool_]:
    """Ids that surgery leaves alone: without one of them some text would have no ids.

    These are ids with a role, added tokens, the ids of a template, the unknown id, and what
    segmentation starts from: single bytes, and single characters where symbols are characters.
    """
    vocabulary, segmenter = pipeline.vocabulary, pipeline.segmenter
    mask = np.zeros(len(vocabulary), dtype=np.bool_)
    mask[list(vocabulary.roles)] = True
    mask[[token.id for token in pipeline.added_tokens]] = True
    if pipeline.template is not None:
        mask[[*pipeline.template.before, *pipeline.template.after]] = True
    unknown = segmenter.unknown
    if unknown is not None:
        mask[unknown] = True
    for id_, piece in enumerate(vocabulary.pieces):
        if piece and len(piece) <= LONGEST_START and _is_start(piece, segmenter):
            mask[id_] = True
    return mask


def _is_start(piece: bytes, segmenter: Segmenter) -> bool:
    if len(piece) == 1:
        return True
    if segmenter.starts_from_bytes:
        return False
    bare = piece.removeprefix(b" ") if segmenter.bare_words else piece
    return len(bare.decode("utf-8", "surrogateescape")) == 1


def renumbered(pipeline: Pipeline, kept: IdTable) -> tuple[Pipeline, IdTable]:
    """The pipeline whose id i is the old id ``kept[i]``, and the new id of each old one.

    Merges keep their ranks and pieces their scores; a merge of an id that is gone is gone.

    Raises:
        UnsupportedError: a segmenter or decoder that cannot take other ids.
    """
    change = Renumbering.of(pipeline.vocabulary, kept)
    decoder, new_of_old = pipeline.decoder, change.new_of_old
    changed = replace(
        pipeline,
        vocabulary=change.vocabulary,
        segmenter=pipeline.segmenter.renumbered(change),
        added_tokens=[
            replace(token, id=int(new_of_old[token.id])) for token in pipeline.added_tokens
        ],
        template=_template(pipeline.template, change),
        decoder=None if decoder is None else decoder.renumbered(change),
        metadata=_metadata(pipeline, new_of_old),
    )
    return changed, new_of_old


def _template(template: Template | None, change: Renumbering) -> Template | None:
    if template is None:
        return None
    before, after = change.all_new(template.before), change.all_new(template.after)
    return replace(template, before=tuple(before), after=tuple(after))


def _metadata(pipeline: Pipeline, new_of_old: IdTable) -> dict[str, str]:
    """Sections that came from a tokenizer.json, with the ids that they name.

    A post-processor is kept as it was written only where no id with a role has moved; otherwise
    saving writes one from the template.
    """
    kept = dict(pipeline.metadata)
    if any(new_of_old[id_] != id_ for id_ in pipeline.vocabulary.roles):
        kept.pop("post_processor", None)
    if kept.get("padding", "null") != "null":
        padding: dict[str, Any] = json.loads(kept["padding"])
        padding["pad_id"] = max(0, int(new_of_old[int(padding.get("pad_id", 0))]))
        kept["padding"] = json.dumps(padding)
    return kept
