"""Writing SentencePiece `.model` files that sentencepiece runs with equal ids.

A file is written only where reading it gives the same parts again; else the part that a `.model`
cannot say is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import FormatError, UnsupportedError
from tokenry.files import write_atomically
from tokenry.formats import sentencepiece
from tokenry.formats.protobuf import encode_bytes, encode_float, encode_varint
from tokenry.formats.sentencepiece_proto import ModelType, PieceType
from tokenry.text.decoders.sentencepiece import SentencePieceDecoder
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.text.segmenters.user_defined import UserDefinedSegmenter
from tokenry.vocabulary import from_metaspace, to_metaspace

TYPES = {
    "unknown": PieceType.UNKNOWN,
    "special": PieceType.CONTROL,
    "user_defined": PieceType.USER_DEFINED,
    "unused": PieceType.UNUSED,
    "byte": PieceType.BYTE,
}
UNKNOWN_NAME = "<unk>"
# The fields of TrainerSpec that name the id of a role, and the piece that has it by default.
ROLE_FIELDS = ((41, "<s>"), (42, "</s>"), (43, "<pad>"))


def save(pipeline: Pipeline, path: str | os.PathLike[str]) -> Path:
    """Write a `.model` file; sentencepiece gives the same ids and text with it.

    Args:
        pipeline: a Unigram or character BPE model, as SentencePiece has them.
        path: the file to write.

    Raises:
        UnsupportedError: a `.model` cannot say what a part does; the message names the part.
    """
    data = to_bytes(pipeline)
    try:
        again = sentencepiece.load(data)
    except (FormatError, UnsupportedError) as error:
        raise UnsupportedError(f"a .model cannot hold this tokenizer: {error}") from None
    for name, same in _comparison(pipeline, again):
        if not same:
            given = getattr(pipeline, name, None)
            _refuse(f"its {name.replace('_', ' ')} ({_described(given)}) as it is")
    return write_atomically(path, data)


def to_bytes(pipeline: Pipeline) -> bytes:
    """The file, whether or not all of the pipeline is in it; see `save`."""
    segmenter, pieces = pipeline.segmenter, _entries(pipeline)
    merging = segmenter.inner if isinstance(segmenter, UserDefinedSegmenter) else segmenter
    if isinstance(merging, UnigramSegmenter):
        scores, kind = merging.scores, ModelType.UNIGRAM
    elif isinstance(merging, BytePairSegmenter) and not merging.starts_from_bytes:
        scores, kind = _scores_of_ranks(merging), ModelType.BPE
    else:
        _refuse(f"{_described(segmenter)}; only Unigram models and BPE over characters have a form")
    encoded = [
        encode_bytes(
            1,
            encode_bytes(1, name.encode())
            + encode_float(2, _score(float(score), type_))
            + (b"" if type_ is PieceType.NORMAL else encode_varint(3, type_)),
        )
        for (name, type_), score in zip(pieces, scores.tolist(), strict=True)
    ]
    trainer = _trainer_spec(pipeline, kind, merging.byte_fallback)
    return b"".join([*encoded, encode_bytes(2, trainer), encode_bytes(3, _normalizer(pipeline))])


def _entries(pipeline: Pipeline) -> list[tuple[str, PieceType]]:
    vocabulary = pipeline.vocabulary
    if not vocabulary.ids_with("unknown"):
        _refuse("that there is no unknown id; sentencepiece needs one")
    # The normalizer has user-defined pieces as they were written: with spaces or with U+2581.
    kept = {from_metaspace(name): name for name in _kept(pipeline)}
    result = []
    for id_, piece in enumerate(vocabulary.pieces):
        role = vocabulary.roles.get(id_, "")
        if piece is None:
            _refuse(f"id {id_}, which stands for nothing")
        if role == "added":
            _refuse(f"the added token {piece!r}, which is found before text is normalised")
        if role in ("user_defined", "unused") and piece in kept:
            result.append((kept[piece], PieceType.USER_DEFINED))
            continue
        result.append((_name(piece, role, id_), TYPES.get(role, PieceType.NORMAL)))
    return result


def _name(piece: bytes, role: str, id_: int) -> str:
    if role == "byte":
        return f"<0x{piece[0]:02X}>"
    if role == "unknown":
        return UNKNOWN_NAME
    try:
        return piece.decode() if role == "special" else to_metaspace(piece)
    except UnicodeDecodeError:
        _refuse(f"piece {id_} ({piece!r}), which is not UTF-8")


def _score(score: float, type_: PieceType) -> float:
    return score if type_ in (PieceType.NORMAL, PieceType.UNUSED) else 0.0


def _scores_of_ranks(segmenter: BytePairSegmenter) -> NDArray[np.float64]:
    """The lowest rank has the highest score; what merging never makes has the lowest."""
    order = _dense(segmenter.ranks)
    scores = np.full(len(segmenter.vocabulary), -float(len(order) + 1))
    scores[segmenter.merges[:, 2]] = -order.astype(np.float64)
    return scores


def _dense(ranks: NDArray[np.uint32]) -> NDArray[np.int64]:
    return np.unique(ranks, return_inverse=True)[1].astype(np.int64)


def _trainer_spec(pipeline: Pipeline, kind: ModelType, byte_fallback: bool) -> bytes:
    normalizer, decoder = pipeline.normalizer, pipeline.decoder
    ids = {pipeline.vocabulary[id_]: id_ for id_ in pipeline.vocabulary.ids_with("special")}
    surface = decoder.surface if isinstance(decoder, SentencePieceDecoder) else " \u2047 "
    suffix = isinstance(normalizer, SentencePieceNormalizer) and normalizer.dummy == "after"
    return b"".join(
        [
            encode_varint(3, kind),
            encode_varint(4, len(pipeline.vocabulary)),
            encode_varint(24, suffix),
            encode_varint(35, byte_fallback),
            encode_varint(40, pipeline.vocabulary.ids_with("unknown")[0]),
            *(encode_varint(field, ids.get(name.encode(), -1)) for field, name in ROLE_FIELDS),
            encode_bytes(44, surface.encode()),
        ]
    )


def _normalizer(pipeline: Pipeline) -> bytes:
    part = pipeline.normalizer
    if not isinstance(part, SentencePieceNormalizer):
        _refuse(f"its normalizer ({_described(part)}); SentencePiece's own is the only one")
    rules = b"" if part.charsmap is None else encode_bytes(2, part.charsmap.blob)
    return (
        encode_bytes(1, b"identity" if part.charsmap is None else b"user_defined")
        + rules
        + encode_varint(3, part.dummy != "none")
        + encode_varint(4, part.remove_extra_spaces)
        + encode_varint(5, True)
    )


def _comparison(pipeline: Pipeline, again: Pipeline) -> Iterator[tuple[str, bool]]:
    """Which parts came back the same."""
    yield "vocabulary", pipeline.vocabulary == again.vocabulary
    yield "normalizer", pipeline.normalizer == again.normalizer
    one, other = (
        (each.pretokenizer.native, _splitter(each.segmenter)) for each in (pipeline, again)
    )
    yield "pretokenizer", one == other and one[0] is not None
    yield "segmenter", _equal_segmenters(pipeline.segmenter, again.segmenter)
    yield "decoder", pipeline.decoder == again.decoder
    yield "added_tokens", set(pipeline.added_tokens) == set(again.added_tokens)
    yield "template", pipeline.template is None


def _kept(pipeline: Pipeline) -> tuple[str, ...]:
    normalizer = pipeline.normalizer
    return tuple(normalizer.kept) if isinstance(normalizer, SentencePieceNormalizer) else ()


def _splitter(segmenter: object) -> str | None:
    return segmenter.splitter if isinstance(segmenter, UserDefinedSegmenter) else None


def _equal_segmenters(one: object, other: object) -> bool:
    if isinstance(one, UserDefinedSegmenter) and isinstance(other, UserDefinedSegmenter):
        return one.frozen == other.frozen and _equal_segmenters(one.inner, other.inner)
    if isinstance(one, UnigramSegmenter) and isinstance(other, UnigramSegmenter):
        roles = one.vocabulary.roles
        known = [id_ for id_ in range(len(one.scores)) if roles.get(id_, "unused") == "unused"]
        return (
            np.array_equal(one.scores[known], other.scores[known])
            and one.unknown_score == other.unknown_score
            and (one.unknown, one.byte_fallback, one.arithmetic)
            == (other.unknown, other.byte_fallback, other.arithmetic)
        )
    if isinstance(one, BytePairSegmenter) and isinstance(other, BytePairSegmenter):
        return _merges(one) == _merges(other) and (
            (one.unknown, one.byte_fallback, one.fuse_unknown, one.whole_pretokens)
            == (other.unknown, other.byte_fallback, other.fuse_unknown, other.whole_pretokens)
        )
    return False


def _merges(segmenter: BytePairSegmenter) -> list[list[int]]:
    return sorted(np.column_stack([_dense(segmenter.ranks), segmenter.merges]).tolist())


def _described(part: object) -> str:
    theirs = isinstance(part, UnigramSegmenter) and part.arithmetic == "transformers"
    more = " with the sums of transformers" if theirs else ""
    return f"{type(part).__name__}{more}"


def _refuse(what: str) -> NoReturn:
    raise UnsupportedError(
        f"a SentencePiece .model cannot say {what}; save(folder) keeps all of it in our own format"
    )
