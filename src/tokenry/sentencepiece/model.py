"""A SentencePiece model as its users see it: names of pieces, offsets, n-best lists, samples."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.formats import sentencepiece as model_files
from tokenry.formats.sentencepiece_pieces import PieceEntry, PieceType
from tokenry.formats.sentencepiece_proto import ModelProto, ModelType, NormalizerSpec
from tokenry.sentencepiece.messages import Piece, Segmentation
from tokenry.sentencepiece.normalization import MARK, TextNormalizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.dropout import segment_with_dropout
from tokenry.text.segmenters.lattice import Lattice, Path
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.text.segmenters.user_defined import UserDefinedSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import fallback_byte

Placed = tuple[int, int, int]  # id, begin and end in normalised text
MOST_BEST = 1024  # sentencepiece gives no more


@dataclass(frozen=True)
class SentencePieceModel:
    """A `.model` file that runs.

    Args:
        proto: the file.
    """

    proto: ModelProto

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Text to ids and back."""
        return Tokenizer.of(model_files.of_proto(swapped(self.proto)))

    @cached_property
    def names(self) -> list[str]:
        """What the file calls each id."""
        return [entry.piece for entry in self.proto.pieces]

    @cached_property
    def unknown(self) -> int:
        """The id of the unknown piece; -1 where there is none."""
        return next(iter(self._of_type(PieceType.UNKNOWN)), -1)

    @cached_property
    def controls(self) -> frozenset[int]:
        """Ids that stand for no text."""
        return frozenset(self._of_type(PieceType.CONTROL))

    @cached_property
    def bytes_of(self) -> dict[int, int]:
        """The byte that each byte piece stands for."""
        ids = self._of_type(PieceType.BYTE)
        return {id_: byte for id_ in ids if (byte := fallback_byte(self.names[id_])) is not None}

    @cached_property
    def normalizer(self) -> TextNormalizer:
        """What is done to text first."""
        return TextNormalizer(self.tokenizer.normalizer, self.proto.normalizer_spec)

    def id_of(self, piece: str) -> int:
        """The id of a piece; that of the unknown piece where there is no such piece."""
        return self._ids.get(piece, max(self.unknown, 0))

    def kind_of(self, id_: int) -> PieceType:
        """What an id is for."""
        return self.proto.pieces[id_].type

    def control(self, name: str) -> int:
        """The id of the control piece of a role (``"bos"``, ``"eos"``, ``"pad"``), or -1."""
        id_ = self.id_of(getattr(self.proto.trainer_spec, f"{name}_piece"))
        return id_ if id_ in self.controls else -1

    # Text to pieces

    def segment(self, text: bytes) -> Segmentation:
        """The best segmentation."""
        return self._described(text, self._best)

    def best(self, text: bytes, number: int) -> list[Segmentation]:
        """The best segmentations, descending, with their scores.

        Raises:
            UnsupportedError: the model is no Unigram model.
        """
        number = max(1, min(number, MOST_BEST))
        normalized, origins = self.normalizer.with_origins(text)
        if number == 1 or not normalized:
            return [replace(self.segment(text), score=0.0)]
        found = self._lattice(normalized, "n-best lists").best(number)
        return [self._text(text, normalized, origins, path, score) for path, score in found]

    def sample(
        self, text: bytes, nbest_size: int, alpha: float, rng: random.Random
    ) -> Segmentation:
        """A segmentation by chance, as `SentencePieceProcessor.encode` explains."""
        if not self.is_unigram:
            return self._described(text, lambda data: self._dropped(data, alpha, rng))
        if nbest_size in (0, 1):
            return self.segment(text)
        if nbest_size > 1:
            found = self.best(text, nbest_size)
            most = max(each.score or 0.0 for each in found)
            weights = [math.exp(alpha * ((each.score or 0.0) - most)) for each in found]
            return replace(rng.choices(found, weights)[0], score=None)
        return self._described(
            text, lambda data: self._lattice(data, "sampling").sample(alpha, rng) if data else ()
        )

    def entropy(self, text: bytes, alpha: float) -> float:
        """The entropy of all segmentations, in nats."""
        normalized, _ = self.normalizer.with_origins(text)
        return self._lattice(normalized, "entropy").entropy(alpha) if normalized else 0.0

    def sample_and_score(
        self, text: bytes, number: int, alpha: float, distinct: bool, with_best: bool,
        rng: random.Random,
    ) -> list[Segmentation]:  # fmt: skip
        """Samples with scores, as `SentencePieceProcessor.sample_encode_and_score` explains."""
        normalized, origins = self.normalizer.with_origins(text)
        if not normalized:
            return []
        lattice = self._lattice(normalized, "scored samples")
        if distinct:
            found = _distinct(lattice, number, alpha, with_best, rng)
        else:
            paths = [lattice.sample(alpha, rng) for _ in range(number)]
            found = [(path, lattice.score(path, alpha)) for path in paths]
        return [self._text(text, normalized, origins, path, score) for path, score in found]

    @property
    def is_unigram(self) -> bool:
        """Whether all segmentations have scores."""
        return isinstance(self.tokenizer.segmenter, UnigramSegmenter)

    # Pieces to text

    def joined(self, pieces: Sequence[tuple[str, int]]) -> Segmentation:
        """The text of named pieces with their ids, and what each stands for in it."""
        result: list[Piece] = []
        text = bytearray()
        strips, at_start, dropped = self._strips, True, False
        run: list[tuple[str, int]] = []

        def write(name: str, id_: int, surface: bytes) -> None:
            begin = len(text)
            text.extend(surface)
            result.append(Piece(name.encode(), id_, surface, begin, len(text)))

        def write_run() -> None:
            surfaces = _characters_of(bytes(self.bytes_of[id_] for _, id_ in run))
            for (name, id_), surface in zip(run, surfaces, strict=True):
                write(name, id_, surface)
            run.clear()

        for name, id_ in pieces:
            if id_ in self.bytes_of:
                run.append((name, id_))
                continue
            write_run()
            if dropped or text:
                at_start = False
            surface, dropped = self._surface(name, id_, at_start and strips)
            write(name, id_, surface)
        write_run()
        return Segmentation(bytes(text), tuple(result))

    def _surface(self, name: str, id_: int, at_start: bool) -> tuple[bytes, bool]:
        """What a piece is written as, and whether it was the one that lost its first space."""
        spec = self.proto.trainer_spec
        if id_ in self.controls:
            return b"", False
        if id_ == self.unknown:
            return (spec.unk_surface if name == self.names[id_] else name).encode(), False
        dropped = at_start and name.startswith(MARK)
        text = (name[1:] if dropped else name).replace(MARK, " ").encode()
        return text, dropped and not self.proto.normalizer_spec.remove_extra_whitespaces

    @property
    def _strips(self) -> bool:
        spec = self.proto.normalizer_spec
        return spec.add_dummy_prefix or spec.remove_extra_whitespaces

    # Helpers

    def _of_type(self, kind: PieceType) -> Iterable[int]:
        return (id_ for id_, entry in enumerate(self.proto.pieces) if entry.type is kind)

    @cached_property
    def _ids(self) -> dict[str, int]:
        ids: dict[str, int] = {}
        reserved = (PieceType.CONTROL, PieceType.UNKNOWN, PieceType.BYTE)
        order = sorted(
            range(len(self.names)), key=lambda id_: self.proto.pieces[id_].type not in reserved
        )
        for id_ in order:
            ids.setdefault(self.names[id_], id_)
        return ids

    @cached_property
    def _inner(self) -> Tokenizer:
        """The same for text that is normalised."""
        return Tokenizer.of(replace(self.tokenizer.pipeline, normalizer=None))

    def _best(self, normalized: bytes) -> list[Placed]:
        ids, spans = self._inner.encode_with_spans(normalized)
        return [
            (id_, begin, end)
            for id_, (begin, end) in zip(ids.tolist(), spans.tolist(), strict=True)
        ]

    def _lattice(self, normalized: bytes, purpose: str) -> Lattice:
        segmenter = self.tokenizer.segmenter
        if not isinstance(segmenter, UnigramSegmenter):
            kind = self.proto.trainer_spec.model_type.name
            raise UnsupportedError(
                f"{purpose} need scores of segmentations, which a {kind} model does not have; "
                "load a UNIGRAM model, or sample with dropout (enable_sampling=True)"
            )
        return Lattice(segmenter, normalized)

    def _dropped(self, normalized: bytes, alpha: float, rng: random.Random) -> list[Placed]:
        segmenter = self.tokenizer.segmenter
        merging = segmenter.inner if isinstance(segmenter, UserDefinedSegmenter) else segmenter
        assert isinstance(merging, BytePairSegmenter)
        dropping = partial(segment_with_dropout, merging, dropout=alpha, rng=rng)
        if isinstance(segmenter, UserDefinedSegmenter):
            return _placed(segmenter.segment_around(normalized, dropping))
        cuts = self.tokenizer.pretokenizer(normalized)
        spans = zip(cuts.starts.tolist(), cuts.ends.tolist(), strict=True)
        return _placed(each for begin, end in spans for each in dropping(normalized[begin:end]))

    def _described(
        self, text: bytes, segment: Callable[[bytes], Iterable[tuple[int | None, int, int]]]
    ) -> Segmentation:
        normalized, origins = self.normalizer.with_origins(text)
        return self._text(text, normalized, origins, segment(normalized), None)

    def _text(
        self, text: bytes, normalized: bytes, origins: Sequence[int],
        path: Iterable[tuple[int | None, int, int]], score: float | None,
    ) -> Segmentation:  # fmt: skip
        """What a way through normalised text stands for in the text that was given."""
        pieces: list[Piece] = []
        for id_, begin, end in self._joined_unknowns(path, normalized):
            origin, last = origins[begin], origins[end]
            if id_ is None:
                pieces += self._byte_pieces(normalized[begin:end], text[origin:last], origin, last)
                continue
            name = self.names[id_].encode()
            if id_ == self.unknown:
                name = self.normalizer.shown(normalized[begin:end])
            pieces.append(Piece(name, id_, text[origin:last], origin, last))
        return Segmentation(text, tuple(pieces), score)

    def _joined_unknowns(
        self, path: Iterable[tuple[int | None, int, int]], normalized: bytes
    ) -> list[tuple[int | None, int, int]]:
        """Neighbouring unknowns as one; None for a character that is spelled by bytes."""
        result: list[tuple[int | None, int, int]] = []
        fallback = self.proto.trainer_spec.byte_fallback
        for id_, begin, end in path:
            if id_ in self.bytes_of:
                if result and result[-1][0] is None and normalized[begin] >> 6 == 0b10:
                    result[-1] = (None, result[-1][1], end)
                else:
                    result.append((None, begin, end))
            elif id_ is None and not fallback:
                if result and result[-1][0] == self.unknown:
                    result[-1] = (self.unknown, result[-1][1], end)
                else:
                    result.append((self.unknown, begin, end))
            else:
                result.append((id_, begin, end))
        return result

    def _byte_pieces(self, data: bytes, surface: bytes, begin: int, end: int) -> list[Piece]:
        """One character as bytes; the last of them stands for all of it."""
        names = [f"<0x{byte:02X}>" for byte in data]
        ids = [self.id_of(name) for name in names]
        first = [
            Piece(name.encode(), id_, None, begin, begin)
            for name, id_ in zip(names[:-1], ids, strict=False)
        ]
        return [*first, Piece(names[-1].encode(), ids[-1], surface, begin, end)]

    def check(self, id_: int) -> int:
        """An id of this model.

        Raises:
            VocabularyError: it is none; also an IndexError.
        """
        if not 0 <= id_ < len(self.names):
            raise PieceIndexError(
                f"piece id {id_} is out of range; this model has {len(self.names)} pieces"
            )
        return id_


class PieceIndexError(VocabularyError, IndexError):
    """An id that a model does not have, as sentencepiece raises it."""


def swapped(proto: ModelProto) -> ModelProto:
    """A model that leaves spaces as they are, as one that makes them U+2581.

    Its U+2581 becomes a private character, and its spaces U+2581; `TextNormalizer` does the same to
    text. Other models are given as they are.
    """
    spec = proto.normalizer_spec
    if spec.escape_whitespaces:
        return proto
    pieces = tuple(
        entry
        if entry.type in (PieceType.CONTROL, PieceType.UNKNOWN, PieceType.BYTE)
        else replace(entry, piece=TextNormalizer.swapped_name(entry.piece))
        for entry in proto.pieces
    )
    return replace(proto, pieces=pieces, normalizer_spec=replace(spec, escape_whitespaces=True))


def with_spec(proto: ModelProto, spec: NormalizerSpec) -> ModelProto:
    """The same model with another normalizer."""
    return replace(proto, normalizer_spec=spec)


def restricted(proto: ModelProto, allowed: frozenset[str]) -> ModelProto:
    """The same model where only some pieces, and single characters, come out of text.

    Raises:
        UnsupportedError: the model is no Unigram model.
    """
    if proto.trainer_spec.model_type is not ModelType.UNIGRAM:
        raise UnsupportedError(
            f"a {proto.trainer_spec.model_type.name} model cannot be restricted to a vocabulary "
            "here; only UNIGRAM models can, so use sentencepiece for it"
        )

    def changed(entry: PieceEntry) -> PieceEntry:
        if entry.type in (PieceType.CONTROL, PieceType.UNKNOWN, PieceType.USER_DEFINED):
            return entry
        known = entry.piece in allowed or len(entry.piece) == 1
        return replace(entry, type=PieceType.NORMAL if known else PieceType.UNUSED)

    return replace(proto, pieces=tuple(map(changed, proto.pieces)))


def unrestricted(proto: ModelProto) -> ModelProto:
    """The same model where all unused pieces come out of text."""
    pieces = tuple(
        replace(entry, type=PieceType.NORMAL) if entry.type is PieceType.UNUSED else entry
        for entry in proto.pieces
    )
    return replace(proto, pieces=pieces)


def _placed(sized: Iterable[tuple[int, int]]) -> list[Placed]:
    result, at = [], 0
    for id_, size in sized:
        result.append((id_, at, at + size))
        at += size
    return result


def _characters_of(data: bytes) -> list[bytes]:
    """What each byte is written as: a character at its last byte, U+FFFD for an ill-formed one."""
    result: list[bytes] = []
    for character in data.decode("utf-8", "surrogateescape"):
        spelled = character.encode("utf-8", "surrogateescape")
        well_formed = not 0xDC80 <= ord(character) <= 0xDCFF
        result += [b""] * (len(spelled) - 1) + [spelled if well_formed else b"\xef\xbf\xbd"]
    return result


def _distinct(
    lattice: Lattice, number: int, alpha: float, with_best: bool, rng: random.Random
) -> list[tuple[Path, float]]:
    """Different samples, each with the logarithm of the probability of being among them."""
    drawn = lattice.sample_distinct(number + 1, alpha, rng)
    found: list[tuple[Path, float]] = []
    if with_best:
        best = lattice.best(1)[0][0]
        found.append((best, 0.0))
        others = [each for each in drawn if each[0] != best]
        drawn = others if len(others) < len(drawn) else drawn[:-1]
    threshold = drawn[-1][2] if drawn else 0.0
    for path, log, _ in drawn[:-1]:
        # 1 - exp(-exp(log - threshold)), where the first term is tiny or not
        included = -math.expm1(-math.exp(log - threshold))
        found.append((path, math.log(included) if included > 0 else log - threshold))
    return found
