"""The first ids alone: vocabularies of a learner nest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.text.parts import Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.bpe import BytePairSegmenter


def truncated(pipeline: Pipeline, size: int) -> Pipeline:
    """The pipeline of the first ``size`` ids.

    Merges whose result is gone are dropped. What remains is closed where ids follow the order of
    merges; a merge that needs an id past ``size`` is dropped too.

    Raises:
        UnsupportedError: the segmenter is no BPE.
        VocabularyError: the size does not fit, or a byte would be lost.
    """
    segmenter = pipeline.segmenter
    if not isinstance(segmenter, BytePairSegmenter):
        raise UnsupportedError(
            f"{type(segmenter).__name__} has no nested vocabularies; only BPE can be truncated"
        )
    vocabulary = pipeline.vocabulary.truncate(size)
    if pipeline.lossless and not all(bytes([byte]) in vocabulary for byte in range(256)):
        raise VocabularyError(
            f"the first {size} ids lack single bytes, so some text would have no ids; "
            "truncate to more ids"
        )
    kept = (segmenter.merges < size).all(axis=1)
    unknown = segmenter.unknown if (segmenter.unknown or 0) < size else None
    smaller = replace(
        segmenter,
        vocabulary=vocabulary,
        merges=np.ascontiguousarray(segmenter.merges[kept]),
        ranks=np.ascontiguousarray(segmenter.ranks[kept]),
        unknown=unknown,
    )
    return replace(
        pipeline,
        vocabulary=vocabulary,
        segmenter=smaller,
        added_tokens=[token for token in pipeline.added_tokens if token.id < size],
        template=_template_below(pipeline.template, size),
        lossless=None,
    )


def _template_below(template: Template | None, size: int) -> Template | None:
    if template is None:
        return None
    return Template(_below(template.before, size), _below(template.after, size))


def _below(ids: Sequence[int], size: int) -> tuple[int, ...]:
    return tuple(id_ for id_ in ids if id_ < size)
