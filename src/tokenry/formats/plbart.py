"""``sentencepiece.bpe.model`` of PLBART (Ahmad et al. 2021, arXiv:2103.06333), as transformers
reads it: fairseq's specials before the pieces, languages of programs behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import OF_FAIRSEQ, Specials
from tokenry.formats.fairseq import EATS_SPACE, FIRST, PASSED_OVER, UNKNOWN
from tokenry.formats.files import GivenFile
from tokenry.formats.piece_ids import NamedModel, renamed
from tokenry.text.decoders.continued import CleaningDecoder, MarkedDecoder
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.parts import Template
from tokenry.text.pipeline import Pipeline

_LANGUAGES: Final = ("__java__", "__python__", "__en_XX__")
_USUAL: Final = {
    **OF_FAIRSEQ, "mask_token": EATS_SPACE, "additional_special_tokens": list(_LANGUAGES),
}  # fmt: skip
_MASK: Final = OF_FAIRSEQ["mask_token"]


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names the class.

    Raises:
        FormatError: it is malformed.
        UnsupportedError: the configuration names more languages, one that is none or another
            mask, or the model has no piece for a space.
    """
    specials = Specials(file.beside, _USUAL)
    config, model = file.beside.values, NamedModel.read(file.data)
    language, mask = config.get("src_lang"), specials.name("mask_token")
    listed = config.get("language_codes", "base")
    if listed != "base" or language not in (None, *_LANGUAGES) or mask != _MASK:
        raise UnsupportedError(
            f"{file.path}: tokenizer_config.json names language_codes {listed!r}, src_lang "
            f"{language!r} and mask_token {mask!r}; expected 'base', {_MASK!r} and one of "
            f"{', '.join(_LANGUAGES)}"
        )
    names = [*FIRST, *model.names[PASSED_OVER:], *_LANGUAGES, _MASK]
    ids = {name: id_ for id_, name in reversed([*enumerate(names)])}
    around = [name for name in ("</s>", language) if name]
    cleans = [CleaningDecoder()] if config.get("clean_up_tokenization_spaces", True) else []
    return replace(
        renamed(model, ids, specials.added(ids), UNKNOWN),
        template=Template((), tuple(ids[name] for name in around)),
        decoder=SpelledDecoder(tuple(names), (MarkedDecoder(), *cleans)),
        metadata={"format": "plbart"},
    )
