"""Drawings of vocabulary sizes are files that stand by themselves."""

from __future__ import annotations

from pathlib import Path

from tokenry.drawing.sizes import draw_sizes
from tokenry.learning import learn
from tokenry.measuring import ModelShape, Sample, sweep_sizes


def test_draws_the_same_bytes_for_the_same_figures(tmp_path: Path, prose_text: str) -> None:
    tokenizer = learn([prose_text[:50_000]], vocab_size=600)
    sample = Sample.of([prose_text[50_000:60_000].encode()])
    shape = ModelShape(width=16, layers=1)
    sweep = sweep_sizes(tokenizer, [300, 400, 600], sample, shape=shape)
    languages = {f"l{i}": {300: 900 + i, 400: 700 + i, 600: 500 + i} for i in range(9)}
    first = draw_sizes(sweep, languages, tmp_path / "a.svg").read_bytes()
    assert draw_sizes(sweep, languages, tmp_path / "b.svg").read_bytes() == first
    assert first.count(b'<g id="axes_') == 3
    assert draw_sizes(sweep, {}, tmp_path / "c.svg").read_bytes().count(b'<g id="axes_') == 2
