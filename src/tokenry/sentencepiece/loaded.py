"""A model that was loaded, and its vocabulary, for `SentencePieceProcessor`."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from tokenry.arguments import checked, explaining
from tokenry.errors import ArgumentError
from tokenry.formats.sentencepiece_pieces import PieceType
from tokenry.formats.sentencepiece_proto import read_model
from tokenry.sentencepiece.model import SentencePieceModel, restricted, unrestricted
from tokenry.sentencepiece.names import both_names, over_lists

Text = str | bytes


@both_names
@explaining
class LoadedModel:
    """Loads a model, once or again, and says what its ids are."""

    _model: SentencePieceModel | None = None
    _serialized: bytes = b""

    @checked
    def load(
        self, model_file: str | PathLike[str] | None = None, model_proto: bytes | None = None
    ) -> bool:
        """Read a model from a file or from bytes."""
        if model_file and model_proto:
            raise RuntimeError("model_file and model_proto must be exclusive.")
        if model_proto:
            return self.load_from_serialized_proto(model_proto)
        if model_file is None:
            raise RuntimeError("no model is given; pass model_file or model_proto")
        return self.load_from_file(model_file)

    @checked
    def load_from_file(self, model_file: str | PathLike[str]) -> bool:
        """Read a model from a file."""
        return self.load_from_serialized_proto(Path(model_file).read_bytes())

    def load_from_serialized_proto(self, serialized: bytes) -> bool:
        """Read a model from the bytes of a file."""
        if hasattr(serialized, "SerializeToString"):
            serialized = serialized.SerializeToString()
        if not isinstance(serialized, bytes):
            raise ArgumentError(f"serialized {serialized!r:.60}; expected the bytes of a .model")
        self._take(SentencePieceModel(read_model(serialized)))
        self._serialized = serialized
        return True

    def serialized_model_proto(self) -> bytes:
        """The bytes of the file."""
        self._loaded()
        return self._serialized

    # Ids and pieces

    def get_piece_size(self) -> int:
        """How many ids there are."""
        return len(self._loaded().names)

    piece_size = vocab_size = get_piece_size

    @over_lists
    def piece_to_id(self, piece: Text) -> int:
        """The id of a piece, or of each of a list; the unknown id where there is no such piece."""
        return self._loaded().id_of(piece if isinstance(piece, str) else piece.decode())

    @over_lists
    def id_to_piece(self, id: int) -> str:
        """The piece of an id, or of each of a list."""
        model = self._loaded()
        return model.names[model.check(id)]

    @over_lists
    def get_score(self, id: int) -> float:
        """The score of an id in the file, or of each of a list."""
        model = self._loaded()
        return model.proto.pieces[model.check(id)].score

    @over_lists
    def is_unknown(self, id: int) -> bool:
        """Whether an id is the unknown one; or for each of a list."""
        return self._is(id, PieceType.UNKNOWN)

    @over_lists
    def is_control(self, id: int) -> bool:
        """Whether an id stands for no text; or for each of a list."""
        return self._is(id, PieceType.CONTROL)

    @over_lists
    def is_unused(self, id: int) -> bool:
        """Whether an id is reserved; or for each of a list."""
        return self._is(id, PieceType.UNUSED)

    @over_lists
    def is_byte(self, id: int) -> bool:
        """Whether an id stands for a byte; or for each of a list."""
        return self._is(id, PieceType.BYTE)

    def _is(self, id_: int, kind: PieceType) -> bool:
        model = self._loaded()
        return model.kind_of(model.check(id_)) is kind

    def unk_id(self) -> int:
        """The id of the unknown piece, or -1."""
        model = self._loaded()
        id_ = model.id_of(model.proto.trainer_spec.unk_piece)
        return id_ if id_ == model.unknown else -1

    def bos_id(self) -> int:
        """The id that stands for the beginning, or -1."""
        return self._loaded().control("bos")

    def eos_id(self) -> int:
        """The id that stands for the end, or -1."""
        return self._loaded().control("eos")

    def pad_id(self) -> int:
        """The id of padding, or -1."""
        return self._loaded().control("pad")

    def __len__(self) -> int:
        return self.get_piece_size()

    def __getitem__(self, piece: Text) -> int:
        return self.piece_to_id(piece)  # type: ignore[no-any-return]

    # Which pieces come out of text

    @checked
    def set_vocabulary(self, valid_vocab: Iterable[str]) -> bool:
        """Let only these pieces, and single characters, come out of text.

        Raises:
            UnsupportedError: the model is no Unigram model.
        """
        self._take(SentencePieceModel(restricted(self._loaded().proto, frozenset(valid_vocab))))
        return True

    def reset_vocabulary(self) -> bool:
        """Let all pieces come out of text."""
        self._take(SentencePieceModel(unrestricted(self._loaded().proto)))
        return True

    @checked
    def load_vocabulary(self, filename: str | PathLike[str], threshold: int) -> bool:
        """`set_vocabulary` from a file of pieces and counts, those of at least ``threshold``."""
        rows = (line.split("\t") for line in Path(filename).read_text("utf-8").splitlines())
        return self.set_vocabulary(
            row[0] for row in rows if (int(row[1]) if len(row) > 1 else 1) >= threshold
        )

    def _take(self, model: SentencePieceModel) -> None:
        model.tokenizer  # noqa: B018 - a model that cannot run is refused when it is loaded
        self._model = model

    def _loaded(self) -> SentencePieceModel:
        if self._model is None:
            raise RuntimeError("no model is loaded; call load(model_file) first")
        return self._model
