"""`SentencePieceTrainer`: sentences to a `.model` file, with sentencepiece's options.

It learns with the learners of `tokenry.learning` under sentencepiece's rules for what may be a
piece, so the vocabulary is of the same size and form, but not the same piece for piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol

from tokenry.errors import LearnError
from tokenry.files import write_atomically
from tokenry.formats.sentencepiece import part_of
from tokenry.formats.sentencepiece_pieces import PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, NormalizerSpec, TrainerSpec
from tokenry.formats.sentencepiece_writing import of_model
from tokenry.sentencepiece import rules
from tokenry.sentencepiece.training.options import TrainingOptions, of_flags, of_options
from tokenry.sentencepiece.training.pieces import LEARNERS
from tokenry.sentencepiece.training.words import count, sentences
from tokenry.vocabulary import to_metaspace

Meta = dict[int, PieceEntry]


class TakesBytes(Protocol):
    """A file that takes bytes."""

    def write(self, data: bytes, /) -> Any:
        """Take them."""


class SentencePieceTrainer:
    """Trains models."""

    @staticmethod
    def train(
        arg: str | None = None,
        logstream: Any = None,
        *,
        sentence_iterator: Iterable[str | bytes] | None = None,
        model_writer: TakesBytes | None = None,
        **options: Any,
    ) -> None:
        """Learn a model and write it.

        Args:
            arg: all options as flags, ``--input=FILE --model_prefix=m --vocab_size=1000``.
            logstream: nothing is logged.
            sentence_iterator: sentences, instead of the files of ``input``.
            model_writer: takes the model, instead of the files of ``model_prefix``.
            options: those of `TrainingOptions`.

        Raises:
            LearnError: an option that there is not, another value than it takes, or fewer ids than
                asked for.
            CorpusError: there are no sentences.
        """
        chosen = of_options(options) if arg is None else of_flags(arg)
        if model_writer is None and not chosen.model_prefix:
            raise LearnError("nowhere to write to; give model_prefix or model_writer")
        model = trained(sentence_iterator, chosen)
        if model_writer is not None:
            model_writer.write(of_model(model))
            return
        write_atomically(f"{chosen.model_prefix}.model", of_model(model))
        write_atomically(f"{chosen.model_prefix}.vocab", _listed(model, chosen).encode())

    Train = train


def trained(given: Iterable[str | bytes] | None, options: TrainingOptions) -> ModelProto:
    """The model of sentences; see `SentencePieceTrainer.train`."""
    meta = _meta_pieces(options)
    empty = ModelProto(tuple(meta.values()), _trainer_spec(options), *_normalizers(options))
    plain = replace(part_of(empty), kept=())  # symbols are looked for in normalised text
    words = count(sentences(given, options), plain, options)
    taken = {entry.piece for entry in meta.values()}
    size = options.vocab_size - len(meta)
    if options.model_type in ("unigram", "bpe") and size < len(words.alphabet):
        raise LearnError(
            f"vocab_size {options.vocab_size} has no room for {len(meta)} meta pieces and "
            f"{len(words.alphabet)} characters; ask for "
            f"{len(meta) + len(words.alphabet)} or more, or lower character_coverage"
        )
    scored = LEARNERS[options.model_type](words, size, options)
    learnt = [(to_metaspace(each.encode()), score) for each, score in scored]
    pieces = _placed(meta, [each for each in learnt if each[0] not in taken])
    _check_size(len(pieces), options)
    return ModelProto(pieces, *(empty.trainer_spec, empty.normalizer_spec, empty.denormalizer_spec))


def _placed(meta: Meta, learnt: list[tuple[str, float]]) -> list[PieceEntry]:
    """Meta pieces at their ids, and the others between and behind them."""
    left, pieces = iter(learnt), []
    for id_ in range(len(meta) + len(learnt)):
        if id_ in meta:
            pieces.append(meta[id_])
        elif (following := next(left, None)) is not None:
            pieces.append(PieceEntry(*following, PieceType.NORMAL))
    return pieces


def _check_size(found: int, options: TrainingOptions) -> None:
    soft = not options.hard_vocab_limit or options.use_all_vocab or options.model_type == "char"
    if found != options.vocab_size and not soft:
        raise LearnError(
            f"vocab_size {options.vocab_size} is too high for these sentences, which give {found}; "
            f"ask for {found} or fewer, or pass hard_vocab_limit=False"
        )


def _meta_pieces(options: TrainingOptions) -> Meta:
    """Pieces that are not learnt, by id."""
    controls, defined = options.control_symbols, options.user_defined_symbols
    meta: Meta = {}
    for role in ("unk", "bos", "eos", "pad"):
        id_, piece = getattr(options, f"{role}_id"), getattr(options, f"{role}_piece")
        if id_ < 0:
            continue
        if id_ in meta or id_ >= options.vocab_size:
            raise LearnError(f"{role}_id {id_}; expected an id of its own below vocab_size, or -1")
        type_ = PieceType.UNKNOWN if role == "unk" else PieceType.CONTROL
        meta[id_] = PieceEntry(piece, 0.0, PieceType.USER_DEFINED if piece in defined else type_)
    named = {entry.piece for entry in meta.values()}
    more = [(each, PieceType.CONTROL) for each in controls if each not in named]
    more += [(each, PieceType.USER_DEFINED) for each in defined if each not in named]
    if options.byte_fallback:
        more += [(f"<0x{byte:02X}>", PieceType.BYTE) for byte in range(256)]
    free = iter(id_ for id_ in range(len(meta) + len(more)) if id_ not in meta)
    return meta | {id_: PieceEntry(each, 0.0, type_) for id_, (each, type_) in zip(free, more)}  # noqa: B905


def _trainer_spec(options: TrainingOptions) -> TrainerSpec:
    roles = ("unk", "bos", "eos", "pad")
    return TrainerSpec(
        model_type=ModelType[options.model_type.upper()],
        treat_whitespace_as_suffix=options.treat_whitespace_as_suffix,
        byte_fallback=options.byte_fallback,
        unk_surface=options.unk_surface,
        **{f"{role}_id": getattr(options, f"{role}_id") for role in roles},
        **{f"{role}_piece": getattr(options, f"{role}_piece") for role in roles},
    )


def _normalizers(options: TrainingOptions) -> tuple[NormalizerSpec, NormalizerSpec]:
    """What is done to text, and to what is decoded."""
    tsv, name = options.normalization_rule_tsv, options.normalization_rule_name
    before = NormalizerSpec(
        name="user_defined" if tsv else name,
        precompiled_charsmap=rules.from_tsv(tsv) if tsv else rules.named(name),
        add_dummy_prefix=options.add_dummy_prefix,
        remove_extra_whitespaces=options.remove_extra_whitespaces,
    )
    after = options.denormalization_rule_tsv
    return before, NormalizerSpec(
        precompiled_charsmap=rules.from_tsv(after) if after else b"",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        escape_whitespaces=False,
    )


def _listed(model: ModelProto, options: TrainingOptions) -> str:
    """A line for each piece, with its score."""
    scored = options.vocabulary_output_piece_score
    return "".join(
        f"{entry.piece}\t{entry.score:.6g}\n" if scored else f"{entry.piece}\n"
        for entry in model.pieces
    )
