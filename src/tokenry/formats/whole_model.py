"""A SentencePiece model as slow classes of transformers use it that give it a word or a text at a
time: numbers have no comma behind them, where a piece of the model may have one."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tokenry.errors import UnsupportedError
from tokenry.formats.files import GivenFile
from tokenry.formats.piece_ids import NamedModel
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.segmenters.digit_commas import DigitCommaSegmenter, ends_so


class WholeModel(NamedTuple):
    """What such a class takes of a model.

    Attributes:
        named: the model with the names of its pieces.
        normalizer: what it does to text.
        unknown: its unknown id.
    """

    named: NamedModel
    normalizer: SentencePieceNormalizer
    unknown: int

    @classmethod
    def read(cls, file: GivenFile, *, commas: bool = True) -> WholeModel:
        """Read one; ``commas`` says whether numbers lose them.

        Raises:
            FormatError: it is malformed.
            UnsupportedError: it has no unknown piece.
        """
        pipeline, names = model = NamedModel.read(file.data)
        normalizer, unknown = pipeline.normalizer, pipeline.segmenter.unknown
        if not isinstance(normalizer, SentencePieceNormalizer) or unknown is None:
            raise UnsupportedError(f"{file.path} has no unknown piece")
        if commas and ("," not in names or any(map(ends_so, names))):
            apart = DigitCommaSegmenter(
                pipeline.segmenter, pipeline.vocabulary, normalizer, unknown
            )
            model = NamedModel(replace(pipeline, segmenter=apart), names)
        return cls(model, normalizer, unknown)

    @property
    def ids(self) -> dict[str, int]:
        """Those of the names."""
        return {name: id_ for id_, name in enumerate(self.named.names)}
