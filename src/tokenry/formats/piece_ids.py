"""A SentencePiece model whose ids are in a ``vocab.json`` beside it, as transformers reads M2M-100
(Fan et al. 2020, arXiv:2010.11125) and Speech2Text (Wang et al. 2020, arXiv:2010.05171).

Pieces that the vocabulary lacks are unknown; a text that the model does not know is looked up in
the vocabulary as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats import sentencepiece
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile
from tokenry.formats.sentencepiece_pieces import PieceColumns
from tokenry.formats.sentencepiece_proto import read_model
from tokenry.text.decoders.around_specials import AroundSpecialsDecoder
from tokenry.text.decoders.sentencepiece import SentencePieceDecoder
from tokenry.text.normalizers.sentencepiece import MARK
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.renamed import RenamedSegmenter
from tokenry.vocabulary import MAX_ID, Vocabulary

MODEL: Final = "sentencepiece.bpe.model"
CLASSES: Final = ("M2M100Tokenizer", "Speech2TextTokenizer")
_USUAL: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
}  # fmt: skip


def read(file: GivenFile, data: bytes) -> Pipeline:
    """A ``vocab.json`` that was found, with the model beside it.

    Raises:
        FormatError: one of them is malformed, or the vocabulary has no unknown token.
        UnsupportedError: the configuration names none of `CLASSES`, or the model falls back to
            bytes, has no space or rewrites its text, or no file names the languages of M2M-100.
    """
    config = file.beside.values
    kind = config.get("tokenizer_class")
    if kind not in CLASSES:
        raise UnsupportedError(
            f"{file.path} has the ids of {MODEL}, but which program reads both is not said: "
            f"tokenizer_config.json names {kind!r}, not one of {', '.join(CLASSES)}; load {MODEL} "
            "alone for its own ids"
        )
    ids = read_ids(file.data, str(file.path))
    many = kind == CLASSES[0]
    specials = Specials(file.beside, {**_USUAL, **({"sep_token": "</s>"} if many else {})})
    if config.get("lang_codes"):
        raise UnsupportedError(f"{file.path} of several languages, named by lang_codes")
    unknown = unknown_id(ids, specials, str(file.path))
    added, model = specials.added(ids), NamedModel.read(data)
    around = AroundSpecialsDecoder(
        joining(model),
        tuple((token.id, token.content) for token in added if token.special),
        "" if many else " ",
        bool(config.get("do_upper_case")) and not many,
    )
    return replace(
        renamed(model, ids, added, unknown),
        template=_template(added, specials, many=many),
        decoder=around,
    )


def read_ids(data: bytes, what: str) -> dict[str, int]:
    """Names and their ids.

    Raises:
        FormatError: it is no JSON object of ids.
    """
    try:
        ids = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{what} is not JSON: {error}") from None
    if not isinstance(ids, dict) or not ids:
        raise FormatError(f"{what} is no object of names and ids")
    for name, id_ in ids.items():
        if type(id_) is not int or not 0 <= id_ <= MAX_ID:
            raise FormatError(f"{what}: {name!r} has the id {id_!r}, not 0 to {MAX_ID}")
    return ids


def unknown_id(ids: Mapping[str, int], specials: Specials, what: str) -> int:
    """The id of what has none.

    Raises:
        FormatError: the vocabulary does not list it.
    """
    name = specials.name("unk_token") or ""
    if name not in ids:
        raise FormatError(f"{what} has no {name!r}, the unknown token")
    return ids[name]


class NamedModel(NamedTuple):
    """A SentencePiece model.

    Attributes:
        pipeline: with ids of its own.
        names: of its pieces, by these ids.
    """

    pipeline: Pipeline
    names: list[str]

    @classmethod
    def read(cls, data: bytes) -> NamedModel:
        """Read one."""
        proto = read_model(data)
        pipeline, columns = sentencepiece.of_proto(proto), PieceColumns.of(proto.pieces)
        return cls(pipeline, [columns.name(id_) for id_ in range(len(pipeline.vocabulary))])


def joining(model: NamedModel, ids: Mapping[str, int] | None = None) -> SentencePieceDecoder:
    """What joins pieces of the model, by its own ids or by ``ids``.

    Pieces that the model does not have keep the space before them.

    Raises:
        UnsupportedError: it falls back to bytes or rewrites its text.
    """
    decoder, names = model.pipeline.decoder, model.names
    if not isinstance(decoder, SentencePieceDecoder) or decoder.fallback:
        raise UnsupportedError("the model falls back to bytes or rewrites its text; load it alone")
    if ids is None:
        return replace(decoder, silent=frozenset(), unknown=None)
    return replace(
        decoder,
        silent=frozenset(ids[names[id_]] for id_ in decoder.silent if names[id_] in ids),
        unknown=None,
        fallback=frozenset(ids[name] for name in ids.keys() - set(names)),
    )


def renamed(
    model: NamedModel,
    ids: Mapping[str, int],
    added: list[AddedToken],
    unknown: int,
    mark: str = MARK,
) -> Pipeline:
    """The model's pipeline with the ids of its pieces' names; what has none is ``unknown``.

    ``mark`` is what U+2581 is in names that the model does not have.

    Raises:
        UnsupportedError: it has no piece for a space.
    """
    inner, names = model
    if MARK not in names:
        raise UnsupportedError("the model has no piece for a space; load it alone")
    canonical = dict(zip(names, inner.vocabulary.pieces, strict=True))
    pieces: list[bytes | None] = [None] * (1 + max([*ids.values(), *(t.id for t in added)]))
    for name, id_ in ids.items():
        pieces[id_] = canonical.get(name) or name.replace(MARK, mark).encode()
    for token in added:
        pieces[token.id] = token.content.encode()
    roles = {token.id: "special" if token.special else "added" for token in added}
    vocabulary = Vocabulary(pieces, roles | {unknown: "unknown"})
    segmenter = RenamedSegmenter(
        inner.segmenter,
        vocabulary,
        np.array([ids.get(name, unknown) for name in names], np.uint32),
        next(iter(inner.vocabulary.ids_with("unknown")), None),
        unknown,
        looks_up=True,
    )
    metadata = {**inner.metadata, "format": "piece_ids"}
    return replace(
        inner, vocabulary=vocabulary, segmenter=segmenter, added_tokens=added, metadata=metadata,
    )  # fmt: skip


def _template(added: list[AddedToken], specials: Specials, *, many: bool) -> Template:
    """What is put around a text: its language, English where nothing is said, and the end."""
    ids = {token.content: token.id for token in added}
    end = (ids[specials.name("eos_token") or ""],)
    language = f"__{specials.values.get('src_lang') or 'en'}__"
    if many and language not in ids:
        raise UnsupportedError(
            f"no file names {language!r}, whose id stands before a text; list the languages as "
            "additional_special_tokens in tokenizer_config.json, as the published folders do"
        )
    return Template((ids[language],) if many else (), end)
