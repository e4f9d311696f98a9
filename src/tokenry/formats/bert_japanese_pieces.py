"""``spiece.model`` of BERT for Japanese, as transformers' BertJapaneseTokenizer reads it: words
that another program cuts, each of them a text of the model."""

from __future__ import annotations

from dataclasses import replace

from tokenry.errors import UnsupportedError
from tokenry.formats import bert_japanese
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.listed_words import WHAT
from tokenry.formats.piece_ids import NamedModel, joining, renamed
from tokenry.text.normalizers.japanese import PieceWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.segmenters.digit_commas import DigitCommaSegmenter, ends_so


def read(file: GivenFile) -> Pipeline:
    """A ``.model`` that was found in such a folder; another file of it where that is asked for.

    Raises:
        FormatError: a file is malformed.
        UnsupportedError: the model or the configuration asks for something that is not known here.
        MissingExtraError: the program that cuts words is not installed.
    """
    specials = Specials(file.beside, bert_japanese.USUAL)
    if specials.values.get("subword_tokenizer_type") != "sentencepiece":
        return bert_japanese.of_names(file, file.beside.need(WHAT, file.path))
    return _words_of_model(file, specials)


def _words_of_model(file: GivenFile, specials: Specials) -> Pipeline:
    model = NamedModel.read(file.data)
    normalizer, unknown = model.pipeline.normalizer, model.pipeline.segmenter.unknown
    if not isinstance(normalizer, SentencePieceNormalizer) or unknown is None:
        raise UnsupportedError(f"{file.path} has no unknown piece")
    ids = {name: id_ for id_, name in enumerate(model.names)}
    added = specials.added(ids)
    return replace(
        renamed(without_commas(model, normalizer, unknown), ids, added, unknown, " "),
        normalizer=PieceWords(bert_japanese.words_of(file, specials.values, None), normalizer),
        pretokenizer=RegexPretokenizer(f"[^{UNSEEN}]+", behaviour="removed", invert=True),
        template=specials.template(added, *bert_japanese.AROUND),
        decoder=replace(joining(model), unknown=unknown, silent=_silent(model)),
        metadata={"format": "bert_japanese"},
    )


def _silent(model: NamedModel) -> frozenset[int]:
    """What the model writes nothing for."""
    return frozenset(model.pipeline.vocabulary.ids_with("special"))


def without_commas(
    model: NamedModel, normalizer: SentencePieceNormalizer, unknown: int
) -> NamedModel:
    """The model whose numbers have no comma behind them, where a piece of it may have one."""
    pipeline, names = model
    if "," in names and not any(map(ends_so, names)):
        return model
    apart = DigitCommaSegmenter(pipeline.segmenter, pipeline.vocabulary, normalizer, unknown)
    return NamedModel(replace(pipeline, segmenter=apart), names)
