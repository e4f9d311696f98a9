"""SentencePiece models as slow classes of transformers read them that give the model every stretch
between specials as a text: what stands around a text, and pieces joined by their names.

BERT Generation (Rothe et al. 2020, arXiv:1907.12461), SpeechT5 (Ao et al. 2022, arXiv:2110.07205)
and BARTpho (Tran et al. 2022, arXiv:2109.09701).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.added_specials import OF_FAIRSEQ, Specials
from tokenry.formats.fairseq import EATS_SPACE, UNKNOWN
from tokenry.formats.files import GivenFile
from tokenry.formats.piece_ids import renamed
from tokenry.formats.whole_model import WholeModel
from tokenry.text.decoders.continued import MarkedDecoder
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline

_OF_T5: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>",
}  # fmt: skip
_WORDS: Final = "dict.txt"


def read_bert_generation(file: GivenFile) -> Pipeline:
    """A ``spiece.model`` that was found, with the configuration that names the class.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: it has no unknown piece.
    """
    whole = WholeModel.read(file, commas=False)
    specials = Specials(file.beside, {**_OF_T5, "sep_token": "<::::>"})
    return _read(whole, whole.ids, specials.added(whole.ids), whole.unknown, Template())


def read_speecht5(file: GivenFile) -> Pipeline:
    """The same of a ``spm_char.model``; each text ends with eos.

    Raises:
        UnsupportedError: its numbers are to be spelled out.
    """
    specials = Specials(file.beside, _OF_T5)
    if specials.values.get("normalize"):
        raise UnsupportedError(
            f"{file.path}: tokenizer_config.json says normalize, for which numbers are spelled out "
            "in English first; do that to the text and take the line out"
        )
    whole = WholeModel.read(file, commas=False)
    added = specials.added(whole.ids)
    around = specials.template(added, None, "eos_token")
    return _read(whole, whole.ids, added, whole.unknown, around)


def read_bartpho(file: GivenFile) -> Pipeline:
    """The same of a ``sentencepiece.bpe.model`` of which ``dict.txt`` lists the pieces with ids.

    Raises:
        FormatError: there is no list.
    """
    try:
        listed = file.beside.need(_WORDS, file.path).decode()
    except UnicodeDecodeError as error:
        raise FormatError(f"{_WORDS} beside {file.path} is not UTF-8: {error}") from None
    specials = Specials(file.beside, {**OF_FAIRSEQ, "mask_token": EATS_SPACE})
    uses = ("bos_token", "pad_token", "eos_token", "unk_token", "sep_token", "cls_token")
    lines = (line.split() for line in listed.splitlines())
    names = [*map(specials.name, uses), *(words[0] for words in lines if words)]
    ids: dict[str, int] = {}
    for name in (*names, specials.name("mask_token")):
        if name:
            ids.setdefault(name, len(ids))
    added = specials.added(ids)
    whole = WholeModel.read(file, commas=False)
    around = specials.template(added, "cls_token", "sep_token")
    return _read(whole, ids, added, UNKNOWN, around)


def _read(
    whole: WholeModel,
    ids: Mapping[str, int],
    added: Sequence[AddedToken],
    unknown: int,
    template: Template,
) -> Pipeline:
    pipeline = renamed(whole.named, ids, [*added], unknown)
    called: dict[int, Any] = {id_: name for name, id_ in ids.items()}
    called |= {token.id: token.content for token in added}
    names = tuple(called.get(id_) for id_ in range(len(pipeline.vocabulary)))
    return replace(
        pipeline,
        template=template,
        decoder=SpelledDecoder(names, (MarkedDecoder(),)),
        metadata={"format": "slow_classes"},
    )
