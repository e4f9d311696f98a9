"""Text between a prefix and a suffix, without the mark that cutting leaves in tokens.

A model that was trained to fill in reads special ids, the prefix and the suffix, and writes what
stands between (Bavarian et al. 2022, arXiv:2207.14255). Where the prefix ends inside of a token,
its ids are not those that the model has seen. Here the last ids of the prefix, from its last
certain cut on, are read as bytes that the middle begins with, so the sum is over all ids that
cross the place (Phan et al. 2024, arXiv:2410.09303).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tokenry.decoding.bytewise.byte_model import ByteModel
from tokenry.decoding.bytewise.lanes import Lanes
from tokenry.decoding.drawing import Drawing
from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer

NAMES = (
    ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
    ("<|fim_begin|>", "<|fim_hole|>", "<|fim_end|>"),
    ("<PRE>", "<SUF>", "<MID>"),
)
"""Specials before the prefix, the suffix and the middle, as published models call them."""


@dataclass(frozen=True)
class FillFormat:
    """How a model is told what to fill in.

    Attributes:
        prefix: the id before the prefix.
        suffix: the id before the suffix.
        middle: the id before the middle.
        suffix_first: whether the suffix stands first and the middle follows the prefix at once.
    """

    prefix: int
    suffix: int
    middle: int
    suffix_first: bool = False

    @classmethod
    def of(cls, tokenizer: Tokenizer, *, suffix_first: bool = False) -> FillFormat:
        """By the names of a tokenizer's specials.

        Raises:
            ModelError: it has none of `NAMES`.
        """
        specials = tokenizer.pipeline.specials()
        for names in NAMES:
            if all(name in specials for name in names):
                before, behind, between = (specials[name] for name in names)
                return cls(before, behind, between, suffix_first)
        raise ModelError(
            "this tokenizer has no specials to fill in with, such as <fim_prefix>, <fim_suffix> "
            "and <fim_middle>; give a FillFormat with the ids that the model was trained with"
        )


@dataclass(frozen=True, eq=False)
class Infilling:
    """A model that fills in.

    Attributes:
        model: reads and writes; its own ids before a text come first.
        format: what it was trained with.
    """

    model: ByteModel
    format: FillFormat

    def lanes(self, prefix: bytes, suffix: bytes) -> Lanes:
        """The middle of one text, to go on with byte by byte: one lane."""
        begin, rest = self._begin(prefix, suffix)
        return self.model.beginning_with(begin).lanes([rest])

    def stream(
        self,
        prefix: bytes,
        suffix: bytes,
        *,
        max_bytes: int | None = 256,
        drawing: Drawing | None = None,
        seed: int = 0,
    ) -> Iterator[int]:
        """Bytes between ``prefix`` and ``suffix``; the other arguments as of `ByteModel.stream`."""
        begin, rest = self._begin(prefix, suffix)
        model = self.model.beginning_with(begin)
        return model.stream(rest, max_bytes=max_bytes, drawing=drawing, seed=seed)

    def logprob(self, prefix: bytes, middle: bytes, suffix: bytes, *, end: bool = True) -> float:
        """The logarithm of the probability of a middle, given what stands around it.

        Args:
            prefix: before it.
            middle: it.
            suffix: behind it.
            end: whether ``middle`` is all of it.
        """
        begin, rest = self._begin(prefix, suffix)
        model = self.model.beginning_with(begin)
        return model.logprob(rest + middle, end=end) - model.logprob(rest)

    def _begin(self, prefix: bytes, suffix: bytes) -> tuple[list[int], bytes]:
        """The ids that stand before the middle, and the bytes that it begins with."""
        form, model = self.format, self.model
        after = model.spelling.ids(suffix)
        own = [*model.spelling.begin]
        if form.suffix_first:
            return [*own, form.prefix, form.suffix, *after, form.middle], prefix
        before, rest = model.certain(prefix)
        return [*own, form.prefix, *before, form.suffix, *after, form.middle], rest
