"""A pipeline in a few lines of HTML, for a notebook."""

from __future__ import annotations

from tokenry.text.pipeline import Pipeline

_SPECIALS = 6


def html_summary(pipeline: Pipeline, specials: frozenset[str] | set[str]) -> str:
    """A small table: how many ids, what cuts and changes text, specials, whether text comes back.

    Args:
        pipeline: what to describe.
        specials: of it; a few are shown.
    """
    from html import escape  # for notebooks only

    split, normalizer = pipeline.pretokenizer, pipeline.normalizer
    few = sorted(specials)[:_SPECIALS]
    more = f" and {len(specials) - len(few):,} more" if len(specials) > len(few) else ""
    facts = {
        "ids": f"{len(pipeline.vocabulary):,}",
        "segmenter": type(pipeline.segmenter).__name__,
        "split": split.native or type(split).__name__,
        "normalizer": "none" if normalizer is None else type(normalizer).__name__,
        "specials": f"{', '.join(few)}{more}" if few else "none",
        "lossless": "yes" if pipeline.lossless else "not declared",
    }
    rows = "".join(
        f'<tr><th style="text-align:left">{key}</th>'
        f'<td style="text-align:left">{escape(value)}</td></tr>'
        for key, value in facts.items()
    )
    name = f"Tokenizer {pipeline.name}" if pipeline.name else "Tokenizer"
    return f'<table><caption style="text-align:left">{escape(name)}</caption>{rows}</table>'
