"""What a pipeline holds, part by part, for those who have a tokenizer in hand."""

from __future__ import annotations

from collections.abc import Mapping

from tokenry.text.config import TokenizerConfig
from tokenry.text.parts import (
    AddedToken,
    Decoder,
    Normalizer,
    Pretokenizer,
    Segmenter,
    Template,
)
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import Vocabulary


class PipelineParts:
    """Reads the parts of ``pipeline``."""

    pipeline: Pipeline  # all of it, as data

    @property
    def vocabulary(self) -> Vocabulary:
        """Ids and their canonical bytes."""
        return self.pipeline.vocabulary

    @property
    def segmenter(self) -> Segmenter:
        """What turns one pretoken into ids."""
        return self.pipeline.segmenter

    @property
    def pretokenizer(self) -> Pretokenizer:
        """What cuts text into pretokens."""
        return self.pipeline.pretokenizer

    @property
    def normalizer(self) -> Normalizer | None:
        """What changes text before it is cut."""
        return self.pipeline.normalizer

    @property
    def added_tokens(self) -> tuple[AddedToken, ...]:
        """What is found in text before all else."""
        return tuple(self.pipeline.added_tokens)

    @property
    def template(self) -> Template | None:
        """Ids that are put around a sequence on request."""
        return self.pipeline.template

    @property
    def decoder(self) -> Decoder | None:
        """What joins pieces into bytes; None for plain concatenation."""
        return self.pipeline.decoder

    @property
    def lossless(self) -> bool:
        """Whether ``decode_bytes(encode(x)) == x`` for every UTF-8 ``x``."""
        return bool(self.pipeline.lossless)

    @property
    def name(self) -> str | None:
        """What to call it in reports."""
        return self.pipeline.name

    @property
    def metadata(self) -> Mapping[str, str]:
        """Strings that travel with its own file."""
        return self.pipeline.metadata

    @property
    def config(self) -> TokenizerConfig:
        """What its repository says beside it: chat template, BOS, EOS, padding, limits."""
        return self.pipeline.config
