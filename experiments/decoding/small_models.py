"""Sizes and tokenizers of the small models that are trained here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.harness.corpora import Sides
from experiments.harness.experiment import Setting
from tokenry.learning.bpe import Bpe
from tokenry.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokenry.neural.recipes.sizes import Passes, Shape


def shape_of(setting: Setting) -> Shape:
    """Of every small model."""
    from tokenry.neural.recipes.sizes import Shape

    return setting.pick(
        Shape(width=64, layers=2, heads=4, context=192),
        Shape(width=16, layers=1, heads=2, context=64),
    )


def passes_of(setting: Setting) -> Passes:
    """How often each reads its text."""
    from tokenry.neural.recipes.sizes import Passes

    return Passes(passes=setting.pick(3, 1), batch=8)


def tokenizers(setting: Setting, sides: Sides) -> tuple[Tokenizer, Tokenizer]:
    """Two over the same text, with other splitters and other sizes."""
    learnt = sides.all_learnt
    one = Bpe(vocab_size=setting.pick(1200, 400), pretokenizer="cl100k", threads=1).learn(learnt)
    other = Bpe(vocab_size=setting.pick(800, 350), pretokenizer="gpt2", threads=1).learn(learnt)
    return one, other
