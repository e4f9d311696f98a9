"""``spiece.model`` of BERT for Japanese, as transformers' BertJapaneseTokenizer reads it: words
that another program cuts, each of them a text of the model."""

from __future__ import annotations

from dataclasses import replace

from tokenry.formats import bert_japanese
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.listed_words import WHAT
from tokenry.formats.piece_ids import NamedModel, joining, renamed
from tokenry.formats.whole_model import WholeModel
from tokenry.text.normalizers.japanese import PieceWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer


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
    whole = WholeModel.read(file)
    model, normalizer, unknown = whole
    ids = whole.ids
    added = specials.added(ids)
    return replace(
        renamed(model, ids, added, unknown, " "),
        normalizer=PieceWords(bert_japanese.words_of(file, specials.values, None), normalizer),
        pretokenizer=RegexPretokenizer(f"[^{UNSEEN}]+", behaviour="removed", invert=True),
        template=specials.template(added, *bert_japanese.AROUND),
        decoder=replace(joining(model), unknown=unknown, silent=_silent(model)),
        metadata={"format": "bert_japanese"},
    )


def _silent(model: NamedModel) -> frozenset[int]:
    """What the model writes nothing for."""
    return frozenset(model.pipeline.vocabulary.ids_with("special"))
