"""SentencePiece `.model` files (Kudo and Richardson 2018, arXiv:1808.06226): Unigram, BPE, word and
character models, followed as sentencepiece 0.2.3 runs them.

Not supported, and refused by name: ``escape_whitespaces = false``, which no trainer writes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.files import GivenFile
from tokenry.formats.sentencepiece_pieces import PieceColumns, PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, TrainerSpec, read_model
from tokenry.text.decoders.denormalizing import DenormalizingDecoder
from tokenry.text.decoders.sentencepiece import SentencePieceDecoder
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.normalizers.sentencepiece import MARK, Dummy, SentencePieceNormalizer
from tokenry.text.parts import AddedToken, Decoder, Pretokenizer, Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.glued import spanning_pieces
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import NO_RANK, BytePairSegmenter
from tokenry.text.segmenters.space_bytes import SpaceBytesSegmenter
from tokenry.text.segmenters.unigram import UNKNOWN_PENALTY, UnigramSegmenter
from tokenry.text.segmenters.unused_pieces import UnusedPieceSegmenter
from tokenry.text.segmenters.user_defined import UserDefinedSegmenter
from tokenry.text.segmenters.words import WordSegmenter
from tokenry.vocabulary import Packed, Vocabulary, fallback_byte

ROLES: dict[int, str] = {
    PieceType.UNKNOWN: "unknown",
    PieceType.CONTROL: "special",
    PieceType.USER_DEFINED: "user_defined",
    PieceType.UNUSED: "unused",
    PieceType.BYTE: "byte",
}
ROLE_NAMES = ("unk_piece", "bos_piece", "eos_piece", "pad_piece")
"""What names the pieces of roles in a model, and in the metadata of what was read from it."""
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
    columns = PieceColumns.of(model.pieces)
    model = replace(model, pieces=columns)
    vocabulary = make_vocabulary(model)
    normalizer = part_of(model)
    segmenter, pretokenizer = _segmenter(model, vocabulary)
    decoder = _decoder(model, vocabulary)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=segmenter,
        pretokenizer=pretokenizer,
        normalizer=normalizer,
        added_tokens=[AddedToken(columns.name(id_), id_) for id_ in vocabulary.ids_with("special")],
        decoder=decoder,
        lossless=False,  # a U+2581 in the text comes back as a space, whatever the model
        metadata={
            "format": "sentencepiece",
            "model_type": model.trainer_spec.model_type.name,
            **_role_names(model),
        },
    )


def _role_names(model: ModelProto) -> dict[str, str]:
    """What the model calls its roles, where that is not what most call them."""
    given, usual = model.trainer_spec, TrainerSpec()
    names = {use: getattr(given, use) for use in ROLE_NAMES}
    unknown = PieceColumns.of(model.pieces).ids_of(PieceType.UNKNOWN)
    if unknown:  # whatever the model says it is called
        names["unk_piece"] = model.pieces[unknown[0]].piece
    return {use: name for use, name in names.items() if name != getattr(usual, use)}


def _refuse_unsupported(model: ModelProto) -> None:
    if not model.normalizer_spec.escape_whitespaces:
        raise UnsupportedError(
            "this SentencePiece model has escape_whitespaces = false, which tokenry does not do; "
            "use sentencepiece for it"
        )


# Vocabulary


def make_vocabulary(model: ModelProto) -> Vocabulary:
    """The vocabulary of a model's pieces.

    Raises:
        FormatError: two pieces are one text, or their types do not fit together.
    """
    columns = PieceColumns.of(model.pieces)
    if columns.names.repeats or columns.names.holds(b"\0"):
        _check_names(model)
    kinds = _types_of(columns, model)
    run, offsets, spaced = columns.names.pieces("marks")
    others = np.flatnonzero(kinds != PieceType.NORMAL)
    kind_of = dict(zip(others.tolist(), map(PieceType, kinds[others].tolist()), strict=True))
    roles = {id_: ROLES[kind] for id_, kind in kind_of.items()}
    # The normalizer makes every space U+2581, so this never occurs in text.
    unused = [id_ for id_ in spaced.tolist() if kinds[id_] not in RESERVED]
    roles.update(dict.fromkeys(unused, "unused"))
    canonical = {
        id_: _canonical(columns.name(id_), kind, model)
        for id_, kind in kind_of.items()
        if kind in RESERVED
    }
    _check_roles(model, roles)
    return Vocabulary.from_packed(run, offsets).with_ids(canonical, roles)


def _types_of(columns: PieceColumns, model: ModelProto) -> NDArray[np.uint8]:
    # Converters write a piece NUL beside <0x00>; SentencePiece passes it over.
    nul = columns.names.find("\0") if model.trainer_spec.byte_fallback else -1
    if nul < 0:
        return columns.types
    kinds = columns.types.copy()
    kinds[nul] = PieceType.UNUSED
    return kinds


def _type_of(entry: PieceEntry, model: ModelProto) -> PieceType:
    if entry.piece == "\0" and model.trainer_spec.byte_fallback:
        return PieceType.UNUSED
    return entry.type


def _canonical(name: str, kind: PieceType, model: ModelProto) -> bytes:
    if kind is PieceType.UNKNOWN:
        return model.trainer_spec.unk_surface.encode()
    if kind is not PieceType.BYTE:
        return name.encode()
    byte = fallback_byte(name)
    if byte is None:
        raise FormatError(f"{name!r} is a byte piece; its name should be like <0x0A>")
    return bytes([byte])


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
    columns = PieceColumns.of(model.pieces)
    kept = sorted(map(columns.name, columns.ids_of(PieceType.USER_DEFINED)))
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
        unigram: Segmenter = _unigram(model, vocabulary)
        if model.trainer_spec.byte_fallback and not _knows_space(model):
            unigram = SpaceBytesSegmenter(unigram, vocabulary)
        return unigram, NativePretokenizer("whole")
    if model.trainer_spec.model_type is ModelType.WORD:
        return _words(model, vocabulary), NativePretokenizer("whole")
    return _bpe(model, vocabulary)


def _words(model: ModelProto, vocabulary: Vocabulary) -> WordSegmenter:
    spec = model.trainer_spec
    return WordSegmenter(vocabulary, _unknown(vocabulary), spec.byte_fallback)


def _unknown(vocabulary: Vocabulary) -> int | None:
    return next(iter(vocabulary.ids_with("unknown")), None)


def _unigram(model: ModelProto, vocabulary: Vocabulary) -> UnigramSegmenter:
    columns = PieceColumns.of(model.pieces)
    normal = columns.scores[columns.types == PieceType.NORMAL]
    if not len(normal):
        raise FormatError("the model has no normal pieces, so unknown characters have no score")
    return UnigramSegmenter(
        vocabulary,
        _unigram_scores(columns),
        unknown_score=float(np.float32(normal.min()) - np.float32(UNKNOWN_PENALTY)),
        unknown=_unknown(vocabulary),
        byte_fallback=model.trainer_spec.byte_fallback,
    )


def _unigram_scores(columns: PieceColumns) -> NDArray[np.float64]:
    scores = columns.scores.copy()
    for id_ in columns.ids_of(PieceType.USER_DEFINED):
        # one user-defined piece beats several that cover the same text
        scores[id_] = np.float32(0.1 * (len(columns.name(id_).encode()) - 1))
    return scores


def _bpe(model: ModelProto, vocabulary: Vocabulary) -> tuple[Segmenter, Pretokenizer]:
    if not _knows_space(model) or _has_unused(model):
        whole = NativePretokenizer("whole")
        return _with_unused(model, vocabulary), whole
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


def _knows_space(model: ModelProto) -> bool:
    """Whether there is a piece for a space alone."""
    columns = PieceColumns.of(model.pieces)
    found = columns.names.find(MARK)
    return found >= 0 and columns.types[found] in (PieceType.NORMAL, PieceType.USER_DEFINED)


def _has_unused(model: ModelProto) -> bool:
    columns = PieceColumns.of(model.pieces)
    return any(columns.name(id_) != "\0" for id_ in columns.ids_of(PieceType.UNUSED))


def _with_unused(model: ModelProto, vocabulary: Vocabulary) -> UnusedPieceSegmenter:
    columns = PieceColumns.of(model.pieces)
    ranks = np.unique(-_score_order(columns.scores), return_inverse=True)[1]
    fallback = model.trainer_spec.byte_fallback
    return UnusedPieceSegmenter(vocabulary, ranks, _unknown(vocabulary), fallback)


def _ranks(model: ModelProto) -> NDArray[np.uint32]:
    """The highest score has the lowest rank, equal scores have equal ranks."""
    columns = PieceColumns.of(model.pieces)
    ranks = np.full(len(columns), NO_RANK, dtype=np.uint32)
    if model.trainer_spec.model_type is ModelType.CHAR:
        return ranks
    normal = columns.types == PieceType.NORMAL
    keys = -_score_order(columns.scores[normal])
    ascending = bool((np.diff(keys) > 0).all())  # as trainers write them
    ranks[normal] = np.arange(len(keys)) if ascending else np.unique(keys, return_inverse=True)[1]
    return ranks


def _score_order(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    # SentencePiece compares the bits of floats, so -0.0 is less than 0.0
    bits = scores.astype(np.float32).view(np.int32).astype(np.int64)
    return np.where(bits >= 0, bits, -(bits & 0x7FFFFFFF) - 1)


def _bpe_splitter(model: ModelProto, vocabulary: Vocabulary) -> str:
    """Where no piece crosses, text may be cut beforehand."""
    columns = PieceColumns.of(model.pieces)
    others = np.flatnonzero(columns.types != PieceType.NORMAL).tolist()
    run, offsets = vocabulary.packed(without={*others, *vocabulary.ids_with("unused")})
    if not model.trainer_spec.byte_fallback and not _has_space(vocabulary.packed()):
        return "whole"  # unknown characters join over it
    if spanning_pieces((run, offsets)):
        return "whole"
    return "space_prefix" if _starts_with_two_spaces(run, offsets) else "metaspace"


def _has_space(packed: Packed) -> bool:
    run, offsets = packed
    data = np.frombuffer(run, np.uint8)
    return bool((data[offsets[:-1][np.diff(offsets) == 1].astype(np.int64)] == 0x20).any())


def _starts_with_two_spaces(run: bytes, offsets: NDArray[np.uint64]) -> bool:
    data = np.frombuffer(run, np.uint8)
    first = offsets[:-1][np.diff(offsets) > 1].astype(np.int64)
    return bool(((data[first] == 0x20) & (data[first + 1] == 0x20)).any())
