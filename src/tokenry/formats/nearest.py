"""What stands in for a segmenter that no file of another program can say."""

from __future__ import annotations

from dataclasses import replace

from tokenry.text.pipeline import Pipeline


def nearest(pipeline: Pipeline) -> tuple[Pipeline, tuple[str, ...]]:
    """A pipeline with the same ids that a file can say, and what is lost; itself and nothing.

    Raises:
        UnsupportedError: runs of words of a splitter that has no regular expression.
    """
    segmenter, lost = pipeline.segmenter.nearest()
    if not lost:
        return pipeline, ()
    pretokenizer = pipeline.pretokenizer.nearest()
    return replace(pipeline, segmenter=segmenter, pretokenizer=pretokenizer), lost
