"""SentencePiece `.model` files (Kudo and Richardson 2018, arXiv:1808.06226): Unigram, BPE, word and
character models, followed as sentencepiece 0.2.3 runs them.

Not supported, and refused by name: ``escape_whitespaces = false``, unused pieces in BPE models,
spaces behind the words of word models.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.files import GivenFile
from tokenry.formats.sentencepiece_proto import (
    ModelProto,
    ModelType,
    PieceEntry,
    PieceType,
    read_model,
)
from tokenry.text.decoders.denormalizing import DenormalizingDecoder
from tokenry.text.decoders.sentencepiece import SentencePieceDecoder
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.normalizers.sentencepiece import Dummy, SentencePieceNormalizer
from tokenry.text.parts import AddedToken, Decoder, Pretokenizer, Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import NO_RANK, BytePairSegmenter
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.text.segmenters.user_defined import UserDefinedSegmenter
from tokenry.text.segmenters.words import WordSegmenter
from tokenry.vocabulary import Vocabulary, fallback_byte, from_metaspace

ROLES = {
    PieceType.UNKNOWN: "unknown",
    PieceType.CONTROL: "special",
    PieceType.USER_DEFINED: "user_defined",
    PieceType.UNUSED: "unused",
    PieceType.BYTE: "byte",
}
RESERVED = (PieceType.UNKNOWN, PieceType.CONTROL, PieceType.BYTE)


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """Read a tokenizer from the bytes of a `.model` file.

    A literal U+2581 in text is a space to the model, and comes back as one.

    Raises:
        FormatError: the file is damaged or contradicts itself.
        UnsupportedError: it asks for something that tokenry does not do; the message names it.
    """
    return of_proto(read_model(data))


def of_proto(model: ModelProto) -> Pipeline:
    """The tokenizer of a model that was read; see `load`."""
    _refuse_unsupported(model)
    vocabulary = Vocabulary(*_pieces_and_roles(model))
    normalizer = part_of(model)
    segmenter, pretokenizer = _segmenter(model, vocabulary)
    decoder = _decoder(model, vocabulary)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=segmenter,
        pretokenizer=pretokenizer,
        normalizer=normalizer,
        added_tokens=[
            AddedToken(model.pieces[id_].piece, id_) for id_ in vocabulary.ids_with("special")
        ],
        decoder=decoder,
        lossless=False,  # a U+2581 in the text comes back as a space, whatever the model
        metadata={"format": "sentencepiece", "model_type": model.trainer_spec.model_type.name},
    )


def _refuse_unsupported(model: ModelProto) -> None:
    spec = model.trainer_spec
    suffixed = spec.model_type is ModelType.WORD and spec.treat_whitespace_as_suffix
    refused = {
        "a word model with spaces behind words": suffixed,
        "escape_whitespaces = false": not model.normalizer_spec.escape_whitespaces,
    }
    for what, present in refused.items():
        if present:
            raise UnsupportedError(
                f"this SentencePiece model has {what}, which tokenry does not do; "
                "use sentencepiece for it"
            )


# Vocabulary


def _pieces_and_roles(model: ModelProto) -> tuple[list[bytes | None], dict[int, str]]:
    pieces: list[bytes | None] = []
    roles: dict[int, str] = {}
    _check_names(model)
    for id_, entry in enumerate(model.pieces):
        kind = _type_of(entry, model)
        if kind in ROLES:
            roles[id_] = ROLES[kind]
        if kind not in RESERVED and " " in entry.piece:
            # the normalizer makes every space U+2581, so this never occurs in text
            roles[id_] = "unused"
        pieces.append(_canonical(entry, kind, model))
    _check_roles(model, roles)
    return pieces, roles


def _type_of(entry: PieceEntry, model: ModelProto) -> PieceType:
    # Converters write a piece NUL beside <0x00>; SentencePiece passes it over.
    if entry.piece == "\0" and model.trainer_spec.byte_fallback:
        return PieceType.UNUSED
    return entry.type


def _canonical(entry: PieceEntry, kind: PieceType, model: ModelProto) -> bytes:
    if kind is PieceType.BYTE:
        byte = fallback_byte(entry.piece)
        if byte is None:
            raise FormatError(f"{entry.piece!r} is a byte piece; its name should be like <0x0A>")
        return bytes([byte])
    if kind is PieceType.UNKNOWN:
        return model.trainer_spec.unk_surface.encode()
    if kind is PieceType.CONTROL:
        return entry.piece.encode()
    return from_metaspace(entry.piece)


def _check_names(model: ModelProto) -> None:
    seen: dict[tuple[str, bool], int] = {}
    for id_, entry in enumerate(model.pieces):
        kind = _type_of(entry, model)
        if "\0" in entry.piece and not (entry.piece == "\0" and kind is PieceType.UNUSED):
            raise FormatError(f"piece {id_} ({entry.piece[:40]!r}) contains NUL")
        reserved = kind in RESERVED and model.trainer_spec.model_type is ModelType.UNIGRAM
        first = seen.setdefault((entry.piece, reserved), id_)
        if first != id_:
            raise FormatError(
                f"pieces {first} and {id_} are both {entry.piece[:40]!r}; pieces must differ"
            )


def _check_roles(model: ModelProto, roles: dict[int, str]) -> None:
    unknown = [id_ for id_, role in roles.items() if role == "unknown"]
    fallback = [id_ for id_, role in roles.items() if role == "byte"]
    expected = 256 if model.trainer_spec.byte_fallback else 0
    if len(unknown) > 1:
        raise FormatError(f"ids {unknown[:3]} are all unknown pieces; there should be one")
    if not unknown and not expected:
        raise FormatError("no piece is the unknown one, and there is no byte fallback")
    if len(fallback) != expected:
        raise FormatError(
            f"there are {len(fallback)} byte pieces; expected {expected}, since byte_fallback is "
            f"{model.trainer_spec.byte_fallback}"
        )


# Parts


def part_of(model: ModelProto) -> SentencePieceNormalizer:
    """The normalizer of a model."""
    spec = model.normalizer_spec
    charsmap = Charsmap(spec.precompiled_charsmap) if spec.precompiled_charsmap else None
    dummy: Dummy = "none"
    if spec.add_dummy_prefix:
        dummy = "after" if model.trainer_spec.treat_whitespace_as_suffix else "before"
    kept = sorted(each.piece for each in model.pieces if each.type is PieceType.USER_DEFINED)
    return SentencePieceNormalizer(charsmap, spec.remove_extra_whitespaces, dummy, tuple(kept))


def _decoder(model: ModelProto, vocabulary: Vocabulary) -> Decoder:
    joining = _joining(model, vocabulary)
    rules = model.denormalizer_spec.precompiled_charsmap
    return DenormalizingDecoder(joining, Charsmap(rules)) if rules else joining


def _joining(model: ModelProto, vocabulary: Vocabulary) -> SentencePieceDecoder:
    spec = model.normalizer_spec
    return SentencePieceDecoder(
        silent=frozenset(vocabulary.ids_with("special")),
        unknown=_unknown(vocabulary),
        surface=model.trainer_spec.unk_surface,
        fallback=frozenset(vocabulary.ids_with("byte")),
        strip="leading"
        if spec.remove_extra_whitespaces
        else "first"
        if spec.add_dummy_prefix
        else "none",
    )


def _segmenter(model: ModelProto, vocabulary: Vocabulary) -> tuple[Segmenter, Pretokenizer]:
    if model.trainer_spec.model_type is ModelType.UNIGRAM:
        return _unigram(model, vocabulary), NativePretokenizer("whole")
    if model.trainer_spec.model_type is ModelType.WORD:
        return _words(model, vocabulary), NativePretokenizer("whole")
    return _bpe(model, vocabulary)


def _words(model: ModelProto, vocabulary: Vocabulary) -> WordSegmenter:
    spec = model.trainer_spec
    return WordSegmenter(vocabulary, _unknown(vocabulary), spec.byte_fallback)


def _unknown(vocabulary: Vocabulary) -> int | None:
    return next(iter(vocabulary.ids_with("unknown")), None)


def _unigram(model: ModelProto, vocabulary: Vocabulary) -> UnigramSegmenter:
    normal = [each.score for each in model.pieces if each.type is PieceType.NORMAL]
    if not normal:
        raise FormatError("the model has no normal pieces, so unknown characters have no score")
    return UnigramSegmenter(
        vocabulary,
        np.array([_unigram_score(each) for each in model.pieces], dtype=np.float64),
        unknown_score=float(np.float32(min(normal)) - np.float32(UNKNOWN_PENALTY)),
        unknown=_unknown(vocabulary),
        byte_fallback=model.trainer_spec.byte_fallback,
    )


def _unigram_score(entry: PieceEntry) -> float:
    if entry.type is not PieceType.USER_DEFINED:
        return entry.score
    # one user-defined piece beats several that cover the same text
    return float(np.float32(0.1 * (len(entry.piece.encode()) - 1)))


def _bpe(model: ModelProto, vocabulary: Vocabulary) -> tuple[Segmenter, Pretokenizer]:
    _refuse_bpe_types(model)
    segmenter = BytePairSegmenter.from_ranks(
        vocabulary,
        _ranks(model),
        symbols="characters",
        byte_fallback=model.trainer_spec.byte_fallback,
        unknown=_unknown(vocabulary),
        fuse_unknown=True,
        whole_pretokens=False,
    )
    splitter = _bpe_splitter(model, vocabulary)
    frozen = vocabulary.ids_with("user_defined")
    if not frozen:
        return segmenter, NativePretokenizer(splitter)
    return UserDefinedSegmenter(segmenter, frozen, splitter), NativePretokenizer("whole")


def _refuse_bpe_types(model: ModelProto) -> None:
    for id_, entry in enumerate(model.pieces):
        if entry.type is PieceType.UNUSED and entry.piece != "\0":
            raise UnsupportedError(
                f"piece {id_} ({entry.piece[:40]!r}) of this BPE model is marked unused, which "
                "tokenry does not do; use sentencepiece for it"
            )


def _ranks(model: ModelProto) -> NDArray[np.uint32]:
    """The highest score has the lowest rank, equal scores have equal ranks."""
    ranks = np.full(len(model.pieces), NO_RANK, dtype=np.uint32)
    if model.trainer_spec.model_type is ModelType.CHAR:
        return ranks
    normal = [id_ for id_, each in enumerate(model.pieces) if each.type is PieceType.NORMAL]
    keys = np.array([_score_order(model.pieces[id_].score) for id_ in normal], dtype=np.int64)
    ranks[normal] = np.unique(-keys, return_inverse=True)[1]
    return ranks


def _score_order(score: float) -> int:
    # SentencePiece compares the bits of floats, so -0.0 is less than 0.0
    bits: int = struct.unpack("<i", struct.pack("<f", score))[0]
    return bits if bits >= 0 else -(bits & 0x7FFFFFFF) - 1


def _bpe_splitter(model: ModelProto, vocabulary: Vocabulary) -> str:
    """Where no piece crosses, text may be cut beforehand."""
    merged = zip(vocabulary.matchable(), model.pieces, strict=True)
    pieces = [piece for piece, entry in merged if piece and entry.type is PieceType.NORMAL]
    joins_unknowns = not model.trainer_spec.byte_fallback and b" " not in vocabulary
    if joins_unknowns or any(b" " in piece.lstrip(b" ") for piece in pieces):
        return "whole"
    return "space_prefix" if any(piece.startswith(b"  ") for piece in pieces) else "metaspace"
