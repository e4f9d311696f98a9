"""What a tokenizer.json calls the ids of a tokenizer: canonical pieces spelled again."""

from __future__ import annotations

from collections.abc import Mapping

from tokenry.errors import UnsupportedError
from tokenry.text.decoders.steps import SpelledDecoder
from tokenry.text.parts import Segmenter
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.wordpiece import WordPieceSegmenter
from tokenry.vocabulary import BYTE_ALPHABET, to_byte_level, to_metaspace, to_wordpiece

UNKNOWN_NAME = "<unk>"
_ALPHABET = frozenset(BYTE_ALPHABET)


def spelled_ids(pipeline: Pipeline, *, as_bytes: bool, marked: bool) -> dict[int, str]:
    """The name of each id that has one.

    Args:
        pipeline: whose ids.
        as_bytes: pieces are spelled in the byte-level alphabet.
        marked: a space is spelled U+2581.

    Raises:
        UnsupportedError: two ids have one name, or a piece is no text.
    """
    decoder = pipeline.decoder
    if isinstance(decoder, SpelledDecoder):
        names = {id_: text for id_, text in enumerate(decoder.tokens) if text is not None}
    else:
        names = _from_pieces(pipeline, as_bytes, marked)
    names.update({token.id: token.content for token in pipeline.added_tokens})
    _check(names)
    return names


def unknown_of(segmenter: Segmenter) -> int | None:
    """The id of what cannot be encoded, where the segmenter has one."""
    return getattr(segmenter, "unknown", None)


def _from_pieces(pipeline: Pipeline, as_bytes: bool, marked: bool) -> dict[int, str]:
    names: dict[int, str] = {}
    for id_, piece in enumerate(pipeline.vocabulary.pieces):
        if piece is not None:
            names[id_] = _spell(pipeline, id_, piece, as_bytes, marked)
    unknown = unknown_of(pipeline.segmenter)
    if unknown is not None and UNKNOWN_NAME not in names.values():
        names[unknown] = UNKNOWN_NAME  # SentencePiece keeps what is written for it, not its name
    return names


def _spell(pipeline: Pipeline, id_: int, piece: bytes, as_bytes: bool, marked: bool) -> str:
    role = pipeline.vocabulary.roles.get(id_)
    if role == "byte":
        return f"<0x{piece[0]:02X}>"
    if role in ("special", "unknown", "added"):
        return piece.decode("utf-8", "replace")
    if as_bytes:
        raw = piece.decode("utf-8", "replace") if role == "unused" else ""
        return to_byte_level(piece) if _ALPHABET.issuperset(raw) else raw
    try:
        if isinstance(pipeline.segmenter, WordPieceSegmenter):
            return to_wordpiece(piece, pipeline.segmenter.prefix)
        return to_metaspace(piece) if marked else piece.decode()
    except UnicodeDecodeError:
        raise UnsupportedError(
            f"id {id_} is {piece!r}, which is no text; only byte-level models have such pieces"
        ) from None


def _check(names: Mapping[int, str]) -> None:
    seen: dict[str, int] = {}
    for id_, name in names.items():
        if seen.setdefault(name, id_) != id_:
            raise UnsupportedError(
                f"ids {seen[name]} and {id_} are both {name!r}; in a tokenizer.json one text has "
                "one id"
            )
