"""Marian's folders of translation models (Junczys-Dowmunt et al. 2018, arXiv:1804.00344; Tiedemann
et al. 2022, arXiv:2212.01936), as transformers reads them: two SentencePiece models, one of each
language, whose ids are in one ``vocab.json``, or in two.

A text may begin with the language that it is to be translated into, ``>>fra<<``: what stands
between these marks is one id, unknown where the vocabulary does not list it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.piece_ids import NamedModel, joining, read_ids, renamed, unknown_id
from tokenry.text.decoders.around_specials import AroundSpecialsDecoder
from tokenry.text.parts import AddedToken, HeadToken, Template
from tokenry.text.pipeline import Pipeline

MODEL: Final = "source.spm"
SIDES: Final = {"source": "vocab.json", "target": "target_vocab.json"}
CLASS: Final = "MarianTokenizer"
OPENING, CLOSING = ">>", "<<"
_USUAL: Final = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}


def read(file: GivenFile) -> Pipeline:
    """A ``vocab.json`` that was found, with ``source.spm`` beside it.

    The tokenizer is that of the source, and of the target where the caller names it as the pattern.

    Raises:
        FormatError: a file is malformed or missing, or the vocabulary has no unknown token.
        UnsupportedError: the configuration names another class or the pattern no side, the model
            falls back to bytes or has no space, or the two sides have specials of other ids.
    """
    side, config = file.pattern or "source", file.beside.values
    kind = config.get("tokenizer_class") or CLASS
    if kind != CLASS or side not in SIDES:
        raise UnsupportedError(
            f"{file.path} has {MODEL} beside it, which {CLASS} reads as one of the sides "
            f"{', '.join(SIDES)} (pattern=); given are {kind!r} and {side!r}"
        )
    own = SIDES[side] if config.get("separate_vocabs") else file.path.name
    source = read_ids(file.data, str(file.path))
    ids = source if own == file.path.name else read_ids(file.beside.need(own, file.path), own)
    specials = Specials(file.beside, _USUAL)
    added = specials.added(source)
    for token in added:
        if ids.get(token.content, token.id) != token.id:
            raise UnsupportedError(f"{own} gives {token.content!r} another id than {file.path}")
    model = NamedModel.read(file.beside.need(f"{side}.spm", file.path))
    unknown = unknown_id(ids, specials, own)
    pipeline = renamed(model, ids, added, unknown, " ")
    eos = next(token.id for token in added if token.content == specials.name("eos_token"))
    return replace(
        pipeline,
        added_tokens=(*added, *_languages(ids, unknown)),
        template=Template((), (eos,)),
        decoder=AroundSpecialsDecoder(
            joining(model, ids),
            tuple((token.id, token.content) for token in added if token.special),
            " ",
        ),
        metadata={**pipeline.metadata, "format": "marian"},
    )


def _languages(ids: Mapping[str, int], unknown: int) -> list[AddedToken]:
    """Those of the vocabulary, and what stands for all others."""
    known = [
        HeadToken(name, id_, special=False)
        for name, id_ in ids.items()
        if name.startswith(OPENING) and name.find(CLOSING) == len(name) - len(CLOSING)
    ]
    return [*known, HeadToken(OPENING, unknown, special=False, closing=CLOSING)]
