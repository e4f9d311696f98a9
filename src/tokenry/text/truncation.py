"""The first ids alone: vocabularies of a learner nest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tokenry.errors import VocabularyError
from tokenry.text.parts import Template
from tokenry.text.pipeline import Pipeline


def truncated(pipeline: Pipeline, size: int) -> Pipeline:
    """The pipeline of the first ``size`` ids.

    Raises:
        UnsupportedError: the segmenter has no nested vocabularies.
        VocabularyError: the size does not fit, or a byte would be lost.
    """
    vocabulary = pipeline.vocabulary.truncate(size)
    segmenter = pipeline.segmenter.truncated(vocabulary)
    if pipeline.lossless and not all(bytes([byte]) in vocabulary for byte in range(256)):
        raise VocabularyError(
            f"the first {size} ids lack single bytes, so some text would have no ids; "
            "truncate to more ids"
        )
    return replace(
        pipeline,
        vocabulary=vocabulary,
        segmenter=segmenter,
        added_tokens=[token for token in pipeline.added_tokens if token.id < size],
        template=_template_below(pipeline.template, size),
        lossless=None,
    )


def _template_below(template: Template | None, size: int) -> Template | None:
    if template is None:
        return None
    before, after = (_below(ids, size) for ids in (template.before, template.after))
    return replace(template, before=before, after=after)


def _below(ids: Sequence[int], size: int) -> tuple[int, ...]:
    return tuple(id_ for id_ in ids if id_ < size)
