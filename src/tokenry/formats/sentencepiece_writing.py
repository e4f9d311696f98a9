"""Writing SentencePiece `.model` files that sentencepiece runs with equal ids.

A file is written only where reading it gives the same parts again; else the part that a `.model`
cannot say is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenry.errors import FormatError, UnsupportedError
from tokenry.files import write_atomically
from tokenry.formats import sentencepiece
from tokenry.formats.protobuf import encode_bytes, encode_float, encode_varint
from tokenry.formats.sentencepiece_pieces import PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, NormalizerSpec, TrainerSpec
from tokenry.text.model_fields import ModelNormalization, ModelPieces, no_model_says
from tokenry.text.parts import UNKNOWN_TEXT
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import from_metaspace, to_metaspace

TYPES = {
    "unknown": PieceType.UNKNOWN,
    "special": PieceType.CONTROL,
    "user_defined": PieceType.USER_DEFINED,
    "unused": PieceType.UNUSED,
    "byte": PieceType.BYTE,
}
# The fields of TrainerSpec that say which id has a role, and by which name sentencepiece finds it.
ROLE_FIELDS = ((41, 46, "bos_piece"), (42, 47, "eos_piece"), (43, 48, "pad_piece"))


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
            no_model_says(f"its {name.replace('_', ' ')} ({type(given).__name__}) as it is")
    return write_atomically(path, data)


def to_bytes(pipeline: Pipeline) -> bytes:
    """The file, whether or not all of the pipeline is in it; see `save`."""
    entries, normalization = _entries(pipeline), _normalization(pipeline)
    pieces = pipeline.segmenter.to_sentencepiece()
    encoded = _pieces(
        PieceEntry(name, _score(float(score), type_), type_)
        for (name, type_), score in zip(entries, pieces.scores.tolist(), strict=True)
    )
    trainer = _trainer_spec(pipeline, pieces, normalization)
    return b"".join(
        [encoded, encode_bytes(2, trainer), encode_bytes(3, _normalizer_spec(normalization))]
    )


def of_model(model: ModelProto) -> bytes:
    """The file of a model, all that `tokenry.formats.sentencepiece_proto.read_model` reads."""
    specs = [
        encode_bytes(2, _whole_trainer_spec(model.trainer_spec, len(model.pieces))),
        encode_bytes(3, _whole_normalizer_spec(model.normalizer_spec)),
    ]
    if model.denormalizer_spec.precompiled_charsmap:
        specs.append(encode_bytes(5, _whole_normalizer_spec(model.denormalizer_spec)))
    return b"".join([_pieces(model.pieces), *specs])


def _pieces(entries: Iterable[PieceEntry]) -> bytes:
    return b"".join(
        encode_bytes(
            1,
            encode_bytes(1, entry.piece.encode())
            + encode_float(2, entry.score)
            + (b"" if entry.type is PieceType.NORMAL else encode_varint(3, entry.type)),
        )
        for entry in entries
    )


def _whole_trainer_spec(spec: TrainerSpec, size: int) -> bytes:
    numbers = {
        3: spec.model_type, 4: size, 24: spec.treat_whitespace_as_suffix, 35: spec.byte_fallback,
        40: spec.unk_id, 41: spec.bos_id, 42: spec.eos_id, 43: spec.pad_id,
    }  # fmt: skip
    texts = {
        44: spec.unk_surface, 45: spec.unk_piece, 46: spec.bos_piece, 47: spec.eos_piece,
        48: spec.pad_piece,
    }  # fmt: skip
    return b"".join(
        [
            *(encode_varint(field, value) for field, value in numbers.items()),
            *(encode_bytes(field, text.encode()) for field, text in texts.items()),
        ]
    )


def _whole_normalizer_spec(spec: NormalizerSpec) -> bytes:
    rules = spec.precompiled_charsmap
    return (
        encode_bytes(1, spec.name.encode())
        + (encode_bytes(2, rules) if rules else b"")
        + encode_varint(3, spec.add_dummy_prefix)
        + encode_varint(4, spec.remove_extra_whitespaces)
        + encode_varint(5, spec.escape_whitespaces)
    )


def _entries(pipeline: Pipeline) -> list[tuple[str, PieceType]]:
    vocabulary = pipeline.vocabulary
    if not vocabulary.ids_with("unknown"):
        no_model_says("that there is no unknown id; sentencepiece needs one")
    # The normalizer has user-defined pieces as they were written: with spaces or with U+2581.
    kept = {from_metaspace(name): name for name in _normalization(pipeline).kept}
    result = []
    for id_, piece in enumerate(vocabulary.pieces):
        role = vocabulary.roles.get(id_, "")
        if piece is None:
            no_model_says(f"id {id_}, which stands for nothing")
        if role == "added":
            no_model_says(f"the added token {piece!r}, which is found before text is normalised")
        if role in ("user_defined", "unused") and piece in kept:
            result.append((kept[piece], PieceType.USER_DEFINED))
            continue
        name = _called(pipeline, "unk_piece") if role == "unknown" else _name(piece, role, id_)
        result.append((name, TYPES.get(role, PieceType.NORMAL)))
    return result


def _called(pipeline: Pipeline, use: str) -> str:
    """What the piece of a role is called."""
    return pipeline.metadata.get(use, str(getattr(TrainerSpec(), use)))


def _name(piece: bytes, role: str, id_: int) -> str:
    if role == "byte":
        return f"<0x{piece[0]:02X}>"
    try:
        return piece.decode() if role == "special" else to_metaspace(piece)
    except UnicodeDecodeError:
        no_model_says(f"piece {id_} ({piece!r}), which is not UTF-8")


def _score(score: float, type_: PieceType) -> float:
    return score if type_ in (PieceType.NORMAL, PieceType.UNUSED) else 0.0


def _normalization(pipeline: Pipeline) -> ModelNormalization:
    if pipeline.normalizer is None:
        no_model_says("that there is no normalizer; SentencePiece's own is the only one")
    return pipeline.normalizer.to_sentencepiece()


def _trainer_spec(
    pipeline: Pipeline, pieces: ModelPieces, normalization: ModelNormalization
) -> bytes:
    vocabulary, decoder = pipeline.vocabulary, pipeline.decoder
    ids = {vocabulary[id_]: id_ for id_ in vocabulary.ids_with("special")}
    names = {use: _called(pipeline, use) for *_, use in ROLE_FIELDS}
    surface = UNKNOWN_TEXT if decoder is None else decoder.unknown_text
    return b"".join(
        [
            encode_varint(3, ModelType[pieces.kind.upper()]),
            encode_varint(4, len(vocabulary)),
            encode_varint(24, normalization.dummy == "after"),
            encode_varint(35, pieces.byte_fallback),
            encode_varint(40, vocabulary.ids_with("unknown")[0]),
            *(
                encode_varint(field, ids.get(names[use].encode(), -1))
                for field, _, use in ROLE_FIELDS
            ),
            encode_bytes(44, surface.encode()),
            encode_bytes(45, _called(pipeline, "unk_piece").encode()),
            *(encode_bytes(field, names[use].encode()) for _, field, use in ROLE_FIELDS),
        ]
    )


def _normalizer_spec(normalization: ModelNormalization) -> bytes:
    rules = normalization.rules
    return (
        encode_bytes(1, b"identity" if rules is None else b"user_defined")
        + (b"" if rules is None else encode_bytes(2, rules))
        + encode_varint(3, normalization.dummy != "none")
        + encode_varint(4, normalization.remove_extra_spaces)
        + encode_varint(5, True)
    )


def _comparison(pipeline: Pipeline, again: Pipeline) -> Iterator[tuple[str, bool]]:
    """Which parts came back the same."""
    yield "vocabulary", pipeline.vocabulary == again.vocabulary
    yield "normalizer", pipeline.normalizer == again.normalizer
    one, other = _splitters(pipeline), _splitters(again)
    yield "pretokenizer", one == other and one[0] is not None
    yield "segmenter", pipeline.segmenter.agrees_with(again.segmenter)
    yield "decoder", pipeline.decoder == again.decoder
    yield "added_tokens", set(pipeline.added_tokens) == set(again.added_tokens)
    yield "template", pipeline.template is None


def _splitters(pipeline: Pipeline) -> tuple[str | None, str | None]:
    return pipeline.pretokenizer.native, pipeline.segmenter.to_sentencepiece().splitter
