"""`SentencePieceProcessor`, with the methods of sentencepiece 0.2.x under both of their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, TypeVar

import numpy as np

from tokenry.arguments import checked, explaining, fits
from tokenry.errors import UnsupportedError
from tokenry.options import described
from tokenry.sentencepiece.loaded import LoadedModel
from tokenry.sentencepiece.messages import (
    ImmutableNBestSentencePieceText,
    ImmutableSentencePieceText,
    Piece,
    Segmentation,
    in_characters,
    serialized_all,
)
from tokenry.sentencepiece.model import (
    SentencePieceModel,
    with_spec,
)
from tokenry.sentencepiece.names import both_names, in_types
from tokenry.sentencepiece.normalization import normalized
from tokenry.sentencepiece.overriding import overridden
from tokenry.sentencepiece.randomness import generator
from tokenry.tokenizer import Tokenizer

Text = str | bytes
T = TypeVar("T")
OUT_TYPES = (
    int, str, bytes, "numpy", "offset_mapping", "serialized_proto", "immutable_proto"
)  # fmt: skip
PROTOS = {"serialized_proto": "serialized_proto", "immutable_proto": "immutable_proto"}
ENCODED = {
    "pieces": str,
    "ids": int,
    "numpy": "numpy",
    "offset_mapping": "offset_mapping",
    **PROTOS,
}
# May be changed by the constructor and by each call.
DEFAULTS: dict[str, Any] = {
    "out_type": int,
    "add_bos": False,
    "add_eos": False,
    "reverse": False,
    "emit_unk_piece": False,
    "enable_sampling": False,
    "nbest_size": -1,
    "alpha": 0.1,
    "num_threads": -1,
    "seed": None,
}
# ``out_type`` is one of OUT_TYPES.
KINDS = {name: type(value) for name, value in DEFAULTS.items() if name != "out_type"}
KINDS["seed"] = int


@both_names
@in_types("encode", "encode", ENCODED)
@in_types("_sample_encode", "sample_encode", ENCODED)
@in_types("nbest_encode", "nbest_encode", ENCODED)
@in_types("sample_encode_and_score", "sample_encode_and_score", ENCODED)
@in_types("decode", "decode_pieces", PROTOS)
@in_types("decode", "decode_ids", PROTOS)
@explaining
class SentencePieceProcessor(LoadedModel):
    """A SentencePiece model, as sentencepiece gives it to its users.

    Every method has a name in each style: ``encode_as_ids`` and ``EncodeAsIds``.

    Args:
        model_file: a `.model` file.
        model_proto: or the bytes of one.
        out_type: what `encode` gives: ``int`` (ids), ``"numpy"`` (ids as an int32 array), ``str``
            (pieces), ``bytes`` (the same in UTF-8), ``"offset_mapping"`` (ids, pieces and offsets:
            of a str in characters, of bytes in bytes), ``"serialized_proto"`` (the bytes of a
            message with offsets in bytes) or ``"immutable_proto"`` (an object with offsets in
            characters). ``return_type`` is another name of it.
        add_bos: put the id of the beginning before, after reversing.
        add_eos: put the id of the end behind.
        reverse: reverse the order.
        emit_unk_piece: with ``str``, write the unknown piece for what is unknown.
        enable_sampling: draw a segmentation by chance.
        nbest_size: of so many best ones (> 1), or of all (< 0). Unigram models only.
        alpha: the exponent of probabilities of a Unigram model; of a BPE model the share of merges
            that are left out.
        num_threads: for lists of texts; -1 for one a core.
        seed: where sampling starts from; None takes the generator that `set_random_generator_seed`
            seeds. (sentencepiece does not have it.)

    Raises:
        OSError: there is no such file.
        FormatError: it is no `.model` file.
        UnsupportedError: the model asks for something that tokenry does not do.
    """

    def __init__(
        self,
        model_file: str | PathLike[str] | None = None,
        model_proto: bytes | None = None,
        **options: Any,
    ) -> None:
        self._encode_options: list[str] = []
        self._decode_options: list[str] = []
        self._options = dict(DEFAULTS)
        self._options = self._chosen(options)
        if model_file or model_proto:
            self.load(model_file, model_proto)

    @classmethod
    def from_file(cls, model_file: str | PathLike[str], **options: Any) -> SentencePieceProcessor:
        """A processor of a file."""
        return cls(model_file=model_file, **options)

    @classmethod
    def from_proto(cls, model_proto: bytes, **options: Any) -> SentencePieceProcessor:
        """A processor of the bytes of a file."""
        return cls(model_proto=model_proto, **options)

    @property
    def tokenizer(self) -> Tokenizer:
        """The `tokenry.Tokenizer` that does the work. (sentencepiece does not have it.)"""
        return self._loaded().tokenizer

    # Encoding

    def encode(self, input: Text | list[Any], out_type: Any = None, **options: Any) -> Any:
        """Ids, pieces or protos of a text, or of each text of a list.

        Args:
            input: a str or bytes, or a list of them.
            out_type: what to give; that of the class where it is not said.
            **options: any of the class for this call.

        Raises:
            RuntimeError: an option has an impossible value.
            UnsupportedError: a proto with ``add_bos``, ``add_eos``, ``reverse`` or
                ``emit_unk_piece``, as in sentencepiece.
        """
        chosen = self._chosen({**options, "out_type": out_type or options.get("return_type")})
        _check_sampling(chosen)
        model = self._loaded()
        if chosen["out_type"] == "offset_mapping":
            _refuse_around(chosen)
            if isinstance(input, list):
                return [self._mapped(model, text) for text in input]
            return self._mapped(model, input)
        if chosen["enable_sampling"]:
            rng = generator(chosen["seed"])
            size, alpha = chosen["nbest_size"], float(chosen["alpha"])
            return self._each(
                input, lambda text: self._given(model.sample(text, size, alpha, rng), chosen)
            )
        if not self._encode_options and chosen["out_type"] in (int, str):
            return self._encode_quickly(model, input, chosen)
        return self._each(input, lambda text: self._given(model.segment(text), chosen))

    tokenize = encode

    def _encode_quickly(self, model: SentencePieceModel, texts: Any, chosen: dict[str, Any]) -> Any:
        """Ids and pieces by the tokenizer alone, which makes no offsets."""
        if not isinstance(texts, list):
            ids = model.tokenizer.encode(model.normalizer.given(texts))
            return self._named(model, texts, ids, chosen)
        threads = chosen["num_threads"] if chosen["num_threads"] > 0 else None
        given = [model.normalizer.given(text) for text in texts]
        batch = model.tokenizer.encode_batch(given, threads=threads)
        return [
            self._named(model, text, ids.tolist(), chosen)
            for text, ids in zip(texts, batch, strict=True)
        ]

    def _named(
        self, model: SentencePieceModel, text: Text, ids: list[int], chosen: dict[str, Any]
    ) -> list[int] | list[str]:
        if chosen["out_type"] is int:
            return self._rewritten(ids, chosen)
        if model.unknown in ids:
            return self._given(model.segment(_utf8(text)), chosen)  # type: ignore[no-any-return]
        return self._rewritten([model.names[id_] for id_ in ids], chosen)

    def _sample_encode(
        self, input: Any, nbest_size: int | None = None, alpha: float | None = None, **options: Any
    ) -> Any:
        """`encode` by chance."""
        more = {"nbest_size": nbest_size, "alpha": alpha, "enable_sampling": True}
        return self.encode(input, **{**options, **more})

    @checked
    def nbest_encode(
        self, input: Any, nbest_size: int | None = None, **options: Any
    ) -> Any:  # fmt: skip
        """The ``nbest_size`` best segmentations of a text, or of each of a list, descending.

        Raises:
            UnsupportedError: the model is no Unigram model.
        """
        chosen = self._chosen({**options, "nbest_size": nbest_size})
        model, number = self._loaded(), max(1, chosen["nbest_size"])
        return self._each(input, lambda text: self._all_given(model.best(text, number), chosen))

    @checked
    def sample_encode_and_score(
        self,
        input: Any,
        num_samples: int | None = None,
        alpha: float | None = None,
        wor: bool | None = None,
        include_best: bool | None = None,
        **options: Any,
    ) -> Any:
        """Segmentations by chance, with scores, of a text or of each of a list.

        Args:
            input: a text or a list of them.
            num_samples: how many; 1 where it is not said.
            alpha: the exponent of probabilities; 1 where it is not said.
            wor: draw without replacement; the score is then the logarithm of the probability that
                a segmentation is among those drawn, else of its own probability.
            include_best: begin with the best one; only with ``wor``.
            **options: any of the class.

        Raises:
            RuntimeError: ``num_samples`` is not positive, or ``include_best`` without ``wor``.
            UnsupportedError: the model is no Unigram model.
        """
        number = 1 if num_samples is None else num_samples
        if number <= 0:
            raise RuntimeError(f"num_samples must be positive, not {number}")
        if include_best and not wor:
            raise RuntimeError("include_best=True needs wor=True, too")
        chosen, model = self._chosen(options), self._loaded()
        rng, exponent = generator(chosen["seed"]), 1.0 if alpha is None else float(alpha)
        return self._each(
            input,
            lambda text: self._scored(
                model.sample_and_score(text, number, exponent, bool(wor), bool(include_best), rng),
                chosen,
            ),
        )

    @checked
    def calculate_entropy(
        self, input: Any, alpha: float, num_threads: int | None = None
    ) -> Any:  # fmt: skip
        """The entropy of all segmentations of a text, or of each of a list, in nats.

        Raises:
            UnsupportedError: the model is no Unigram model.
        """
        model = self._loaded()
        return self._each(input, lambda text: model.entropy(text, float(alpha)))

    # Decoding

    @checked
    def decode(
        self, input: Any, out_type: Any = str, num_threads: int | None = None
    ) -> Any:  # fmt: skip
        """The text of ids or of pieces, or of each list of a list.

        Args:
            input: an id, a piece, a list of ids or of pieces, or a list of such lists.
            out_type: ``str``, ``bytes``, ``"serialized_proto"`` or ``"immutable_proto"``.
            num_threads: as in sentencepiece; one thread does it here.

        Raises:
            VocabularyError: an id that the model does not have; it is an IndexError, too.
        """
        if input is None or (isinstance(input, str | bytes | list) and not input):
            input = []
        if isinstance(input, int | str | bytes) or not hasattr(input, "__len__"):
            input = [input]
        if len(input) and hasattr(input[0], "__len__") and not isinstance(input[0], str | bytes):
            return [self._decode_one(each, out_type) for each in input]
        return self._decode_one(input, out_type)

    detokenize = decode

    def _decode_one(self, sequence: Sequence[Any], out_type: Any) -> Any:
        model = self._loaded()
        if out_type in (str, bytes) and not self._decode_options and _are_ids(sequence):
            ids = [model.check(int(id_)) for id_ in sequence]
            # Bytes on both sides of a control are no character.
            if not model.bytes_of or model.controls.isdisjoint(ids):
                text = model.tokenizer.decode(ids)
                return text if out_type is str else text.encode()
        pieces = [self._piece_of(model, each) for each in sequence]
        joined = model.joined(self._with_options(model, pieces))
        if out_type is str:
            return joined.text.decode("utf-8", "replace")
        return joined.text if out_type is bytes else _as_proto(joined, out_type)

    @staticmethod
    def _piece_of(model: SentencePieceModel, given: Any) -> tuple[str, int]:
        if isinstance(given, str | bytes):
            name = given if isinstance(given, str) else given.decode()
            return name, model.id_of(name)
        return model.names[model.check(int(given))], int(given)

    def _with_options(
        self, model: SentencePieceModel, pieces: list[tuple[str, int]]
    ) -> list[tuple[str, int]]:
        spec = model.proto.trainer_spec
        for option in self._decode_options:
            if option == "reverse":
                pieces = pieces[::-1]
            elif option in ("bos", "eos"):
                name = spec.bos_piece if option == "bos" else spec.eos_piece
                put = [(name, model.id_of(name))]
                pieces = put + pieces if option == "bos" else pieces + put
            else:
                pieces = [
                    (spec.unk_piece if id_ == model.unknown else name, id_) for name, id_ in pieces
                ]
        return pieces

    def decode_pieces(self, input: Any, out_type: Any = str, **options: Any) -> Any:
        """`decode`."""
        return self.decode(input, out_type, **options)

    def decode_ids(self, input: Any, out_type: Any = str, **options: Any) -> Any:
        """`decode`."""
        return self.decode(input, out_type, **options)

    # Text alone

    @checked
    def normalize(self, input: Any, with_offsets: bool | None = None) -> Any:
        """Normalised text of a text, or of each of a list.

        Args:
            input: a str or bytes, or a list of them.
            with_offsets: give pairs of the text and, for each of its characters (of bytes: bytes)
                and its end, the place in the input.
        """
        return normalized(self._loaded().normalizer, input, bool(with_offsets))

    def override_normalizer_spec(self, **fields: Any) -> bool:
        """Change fields of the normalizer, such as ``add_dummy_prefix=False``.

        Raises:
            UnsupportedError: a field that cannot be changed; the message names those that can.
        """
        model = self._loaded()
        spec = overridden(model.proto.normalizer_spec, fields)
        self._take(SentencePieceModel(with_spec(model.proto, spec)))
        return True

    # What all calls do

    @checked
    def set_encode_extra_options(self, extra_option: str) -> bool:
        """What all encoding does: of ``bos``, ``eos``, ``reverse``, ``unk``, with colons between.

        Raises:
            RuntimeError: another option, or a model without that id.
        """
        self._encode_options = self._extra(extra_option)
        return True

    @checked
    def set_decode_extra_options(self, extra_option: str) -> bool:
        """What all decoding does first; see `set_encode_extra_options`."""
        self._decode_options = self._extra(extra_option)
        return True

    def _extra(self, text: str) -> list[str]:
        options = text.split(":") if text else []
        for option in options:
            if option not in ("bos", "eos", "reverse", "unk", "unk_piece"):
                raise RuntimeError(
                    f'option "{option}" is not available; there are bos, eos, reverse, unk'
                )
            if option in ("bos", "eos") and self._loaded().control(option) < 0:
                raise RuntimeError(f"this model has no id for {option}")
        return options

    # As Python has it

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_model": None if self._model is None else self._model.proto}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._model is not None:
            self._take(SentencePieceModel(state["_model"]))

    # Helpers

    def _chosen(self, options: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in options.items() if value is not None}
        if "return_type" in given:  # its name in 0.2.3
            given = {**given, "out_type": given["return_type"]}
            del given["return_type"]
        chosen = {**self._options, **_known(given)}
        if chosen["out_type"] not in OUT_TYPES:
            known = ", ".join(
                each if isinstance(each, str) else each.__name__ for each in OUT_TYPES
            )
            raise RuntimeError(f"unknown out_type={chosen['out_type']!r}; it is one of {known}")
        for name, value in given.items():
            if not fits(value, KINDS.get(name, Any), deep=False):
                raise RuntimeError(f"{name} must be {described(KINDS[name])}, not {value!r}")
        return chosen

    @staticmethod
    def _each(texts: Any, run: Callable[[bytes], T]) -> T | list[T]:
        if isinstance(texts, list):
            return [run(_utf8(text)) for text in texts]
        return run(_utf8(texts))

    def _mapped(self, model: SentencePieceModel, text: Text) -> dict[str, list[Any]]:
        """Ids, pieces and offsets: of a str in characters, of bytes in bytes."""
        segmentation = self._with_encode_options(model, model.segment(_utf8(text)))
        if isinstance(text, str):
            segmentation = in_characters(segmentation)
        names = [piece.piece for piece in segmentation.pieces]
        return {
            "ids": [piece.id for piece in segmentation.pieces],
            "pieces": names if isinstance(text, bytes) else [name.decode() for name in names],
            "offsets": [(piece.begin, piece.end) for piece in segmentation.pieces],
        }

    def _given(self, segmentation: Segmentation, chosen: dict[str, Any]) -> Any:
        out_type, model = chosen["out_type"], self._loaded()
        segmentation = self._with_encode_options(model, segmentation)
        if out_type in (int, "numpy"):
            ids = self._rewritten([piece.id for piece in segmentation.pieces], chosen)
            return ids if out_type is int else np.array(ids, dtype=np.int32)
        if out_type in (str, bytes):
            names = [piece.piece.decode("utf-8", "replace") for piece in segmentation.pieces]
            names = self._rewritten(names, chosen)
            return names if out_type is str else [name.encode() for name in names]
        _refuse_around(chosen)
        return _as_proto(segmentation, out_type)

    def _all_given(self, segmentations: list[Segmentation], chosen: dict[str, Any]) -> Any:
        out_type, model = chosen["out_type"], self._loaded()
        if out_type not in ("serialized_proto", "immutable_proto"):
            return [self._given(each, chosen) for each in segmentations]
        with_options = [self._with_encode_options(model, each) for each in segmentations]
        if out_type == "immutable_proto":
            return ImmutableNBestSentencePieceText(with_options)
        return serialized_all(with_options)

    def _scored(self, segmentations: list[Segmentation], chosen: dict[str, Any]) -> Any:
        if chosen["out_type"] not in ("serialized_proto", "immutable_proto"):
            return [(self._given(each, chosen), each.score) for each in segmentations]
        return self._all_given(segmentations, chosen)

    def _rewritten(self, items: list[Any], chosen: dict[str, Any]) -> list[Any]:
        model, as_ids = self._loaded(), chosen["out_type"] in (int, "numpy")
        if chosen["reverse"]:
            items = items[::-1]
        for name, put in (("bos", chosen["add_bos"]), ("eos", chosen["add_eos"])):
            if put:
                id_ = model.control(name)
                extra = [id_ if as_ids else model.names[model.check(id_)]]
                items = extra + items if name == "bos" else items + extra
        if chosen["emit_unk_piece"] and not as_ids:
            unknown = model.names[model.unknown]
            items = [unknown if model.id_of(each) == model.unknown else each for each in items]
        return items

    def _with_encode_options(
        self, model: SentencePieceModel, segmentation: Segmentation
    ) -> Segmentation:
        pieces, spec = list(segmentation.pieces), model.proto.trainer_spec
        for option in self._encode_options:
            if option == "reverse":
                pieces.reverse()
            elif option == "eos":
                end, name = len(segmentation.text), spec.eos_piece
                pieces.append(Piece(name.encode(), model.id_of(name), None, end, end))
            elif option == "bos":
                name = spec.bos_piece
                pieces.insert(0, Piece(name.encode(), model.id_of(name), None, 0, 0))
            else:
                pieces = [
                    Piece(spec.unk_piece.encode(), each.id, each.surface, each.begin, each.end)
                    if each.id == model.unknown
                    else each
                    for each in pieces
                ]
        return Segmentation(segmentation.text, tuple(pieces), segmentation.score)


def _as_proto(segmentation: Segmentation, out_type: Any) -> Any:
    if out_type == "immutable_proto":
        return ImmutableSentencePieceText(segmentation)
    return segmentation.serialized()


def _utf8(text: Text) -> bytes:
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise TypeError(f"input: a text is a str or bytes, not {type(text).__name__}: {text!r:.60}")
    return text.encode("utf-8", "surrogatepass")


def _are_ids(sequence: Sequence[Any]) -> bool:
    return not any(isinstance(each, str | bytes) for each in sequence)


def _known(options: dict[str, Any]) -> dict[str, Any]:
    for name in options:
        if name not in DEFAULTS:
            raise TypeError(f"there is no option {name!r}; there are {', '.join(DEFAULTS)}")
    return options


def _refuse_around(chosen: dict[str, Any]) -> None:
    if any(chosen[name] for name in ("add_bos", "add_eos", "reverse", "emit_unk_piece")):
        raise UnsupportedError(
            "add_bos, add_eos, reverse and emit_unk_piece have no effect on protos and offsets; "
            "leave them out, or take out_type=int or str"
        )


def _check_sampling(chosen: dict[str, Any]) -> None:
    if chosen["enable_sampling"] and (chosen["nbest_size"] in (0, 1) or chosen["alpha"] is None):
        raise RuntimeError(
            f"enable_sampling=True needs nbest_size > 1, or -1 for all segmentations, and alpha; "
            f"given were nbest_size={chosen['nbest_size']} and alpha={chosen['alpha']}"
        )
