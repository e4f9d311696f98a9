"""What a tokenizer.json calls the ids of a tokenizer: canonical pieces spelled again."""

from __future__ import annotations

from collections.abc import Mapping

from tokenry.errors import UnsupportedError
from tokenry.text.components import Spelling
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import BYTE_ALPHABET

UNKNOWN_NAME = "<unk>"
HOLE = "hole "
# Some readers want the ids of a model without holes; more than so many stay holes.
MOST_HOLES = 4096
_ALPHABET = frozenset(BYTE_ALPHABET)


def spelled_ids(pipeline: Pipeline, spelling: Spelling) -> dict[int, str]:
    """The name of each id that has one.

    Args:
        pipeline: whose ids.
        spelling: how the file spells pieces.

    Raises:
        UnsupportedError: two ids have one name, or a piece is no text.
    """
    given = None if pipeline.decoder is None else pipeline.decoder.names
    if given is not None:
        names = {id_: text for id_, text in enumerate(given) if text is not None}
    else:
        names = _from_pieces(pipeline, spelling)
    names.update({token.id: token.content for token in pipeline.added_tokens})
    holes = [id_ for id_ in pipeline.vocabulary.holes() if id_ not in names]
    if holes and spelling == "bytes" and len(holes) <= MOST_HOLES:
        names = dict(sorted({**names, **{id_: hole_name(id_) for id_ in holes}}.items()))
    _check(names)
    return names


def hole_name(id_: int) -> str:
    """What a byte-level model calls an id that stands for nothing.

    A space is not in the byte-level alphabet, so no text has it. Without a name tokenizers would
    number added tokens after a hole otherwise, and fastokens refuses the file.
    """
    return f"{HOLE}{id_}"


def _from_pieces(pipeline: Pipeline, spelling: Spelling) -> dict[int, str]:
    names: dict[int, str] = {}
    for id_, piece in enumerate(pipeline.vocabulary.pieces):
        if piece is not None:
            names[id_] = _spell(pipeline, id_, piece, spelling)
    unknown = pipeline.segmenter.unknown
    if unknown is not None and UNKNOWN_NAME not in names.values():
        names[unknown] = UNKNOWN_NAME  # SentencePiece keeps what is written for it, not its name
    return names


def _spell(pipeline: Pipeline, id_: int, piece: bytes, spelling: Spelling) -> str:
    role = pipeline.vocabulary.roles.get(id_)
    if role == "byte":
        return f"<0x{piece[0]:02X}>"
    if role in ("special", "unknown", "added"):
        return piece.decode("utf-8", "replace")
    if spelling == "bytes" and role == "unused":
        raw = piece.decode("utf-8", "replace")
        if not _ALPHABET.issuperset(raw):
            return raw
    try:
        return pipeline.segmenter.spelled(piece, spelling == "marks")
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
