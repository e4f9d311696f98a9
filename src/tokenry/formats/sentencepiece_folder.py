"""A ``.model`` in a folder, which is mostly all that is to be read."""

from __future__ import annotations

from tokenry.formats import sentencepiece
from tokenry.formats.configuration import BERT_JAPANESE
from tokenry.formats.files import GivenFile
from tokenry.text.pipeline import Pipeline


def read(file: GivenFile) -> Pipeline:
    """`tokenry.formats.sentencepiece.load` for a file that was found.

    Where the configuration beside it names BERT for Japanese, it is read by
    `tokenry.formats.bert_japanese_pieces`.
    """
    if file.beside.class_name == BERT_JAPANESE:
        from tokenry.formats import bert_japanese_pieces  # few folders need it

        return bert_japanese_pieces.read(file)
    return sentencepiece.load(file.data)
