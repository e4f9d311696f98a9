"""tiktoken rank files: one ``base64 rank`` line a piece; the rank is the id and the merge order."""

from __future__ import annotations

import binascii
from base64 import b64encode
from collections.abc import Mapping
from functools import partial

import numpy as np

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats.files import GivenFile, numbered_lines
from tokenry.formats.known_ranks import identify
from tokenry.formats.specials import (
    check_single_bytes,
    named_beside,
    ordinary,
    split_by,
    with_specials,
)
from tokenry.text.parts import AddedToken, Pretokenizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import MAX_ID, Vocabulary, unpack

WHAT = "tiktoken rank file"
# Ranks by these names stand beside a tokenizer_config.json, which says their specials.
_OF_REPOSITORIES = ("tiktoken.model", "tokenizer.model")
# How Whisper's files write a piece of no bytes: an id that no text has, which decodes to nothing.
EMPTY = b"="
_FROM_BASE64 = partial(binascii.a2b_base64, strict_mode=True)


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found; of a model's repository, its configuration is read too."""
    specials = file.special_tokens
    if specials is None and file.path.name.removesuffix(".gz") in _OF_REPOSITORIES:
        named = named_beside(file.beside)
        specials = {name: id_ for name, id_ in named.items() if id_ is not None} or None
    return load(file.data, pattern=file.pattern, special_tokens=specials, name=file.path.name)


def load(
    data: bytes,
    *,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
    name: str = "",
) -> Pipeline:
    """Load ranks. The file says neither how text is split nor which specials there are.

    A normalizer that the model has beside its ranks (Qwen composes text to NFC first) is not in
    the file either and is not added; tokenizer.json states it.

    Args:
        data: the file.
        pattern: a known name (``"cl100k"``) or the regular expression that cuts text.
        special_tokens: specials and their ids; None takes those of a published file, by its name
            or its digest.
        name: the file's name, where it has one.

    Raises:
        FormatError: no pattern, or the file is malformed; the message names the line.
    """
    pretokenizer = split_by(pattern, WHAT)
    pieces = read_vocabulary(data)
    check_single_bytes(pieces, WHAT)
    known = identify(name, "tiktoken", data, len(pieces)) if special_tokens is None else None
    if known is not None:
        return of_pieces(pieces, pretokenizer, known.special_tokens)
    vocabulary, added = with_specials(pieces, special_tokens or {}, WHAT)
    return _pipeline(vocabulary, pretokenizer, added, None)


def cut_by(pattern: str) -> Pretokenizer:
    """What cuts text as tiktoken does: by a known name, or by a regular expression.

    Raises:
        UnsupportedError: the expression does not compile.
    """
    if pattern in PATTERNS:
        return NativePretokenizer(pattern)
    return RegexPretokenizer(pattern, behaviour="removed", invert=True)


def of_pieces(
    pieces: Vocabulary,
    pretokenizer: Pretokenizer,
    special_tokens: Mapping[str, int],
    *,
    name: str | None = None,
) -> Pipeline:
    """The pipeline of ranks that are ids; two specials may share one.

    Args:
        pieces: ordinary pieces at their ranks.
        pretokenizer: how text is split.
        special_tokens: specials and their ids; two may share one.
        name: what to call it.

    Raises:
        FormatError: a special has the id of a piece.
    """
    vocabulary, added = with_specials(pieces, special_tokens, WHAT, shared=True)
    return _pipeline(vocabulary, pretokenizer, added, name)


def _pipeline(
    vocabulary: Vocabulary,
    pretokenizer: Pretokenizer,
    added: tuple[AddedToken, ...],
    name: str | None,
) -> Pipeline:
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_ranks(vocabulary),
        pretokenizer=pretokenizer,
        added_tokens=added,
        name=name,
    )


def read_vocabulary(data: bytes) -> Vocabulary:
    """The pieces of a rank file at their ranks.

    Raises:
        FormatError: the file is malformed; the message names the line.
    """
    file = _native.read_rank_file(data)
    # The lines of every published file are in the order of their ranks.
    if file is not None and np.array_equal(file[2], np.arange(len(file[2]))):
        return Vocabulary.from_packed(file[0], file[1])
    return ordinary(read_ranks(data), WHAT)


def read_ranks(data: bytes) -> dict[int, bytes]:
    """Rank -> piece, every line checked.

    Raises:
        FormatError: a line is not ``base64 rank``, or a rank or a piece comes twice.
    """
    file = _native.read_rank_file(data)
    if file is not None:
        pieces = dict(zip(file[2].tolist(), unpack(file[0], file[1]), strict=True))
        if len(pieces) == len(file[2]):
            return pieces
    # By hand, which also takes blank lines and says what is wrong.
    return _read_lines(data)


def _read_lines(data: bytes) -> dict[int, bytes]:
    pieces: dict[int, bytes] = {}
    lines: dict[bytes, int] = {}
    for number, line in numbered_lines(data, WHAT):
        piece, rank = _read_line(line, number)
        if rank in pieces:
            raise FormatError(f"{WHAT}, line {number}: rank {rank} was given before")
        if piece in lines:
            raise FormatError(
                f"{WHAT}, line {number}: the piece {piece!r} was given before, in line "
                f"{lines[piece]}"
            )
        pieces[rank] = piece
        lines[piece] = number
    return pieces


def _read_line(line: bytes, number: int) -> tuple[bytes, int]:
    encoded, _, rank = line.rpartition(b" ")
    try:
        piece = b"" if encoded == EMPTY else _FROM_BASE64(encoded)
    except binascii.Error as error:
        raise _malformed(line, number, f"the base64 is damaged ({error})") from None
    if not piece and encoded != EMPTY:
        raise _malformed(line, number, "the piece is missing")
    # isdigit on bytes is ASCII only; ten digits are more than MAX_ID has.
    if not rank.isdigit() or len(rank) > 10 or int(rank) > MAX_ID:
        raise _malformed(line, number, f"the rank is not a number from 0 to {MAX_ID}")
    return piece, int(rank)


def _malformed(line: bytes, number: int, reason: str) -> FormatError:
    shown = line if len(line) <= 60 else line[:57] + b"..."
    return FormatError(f"{WHAT}, line {number}: expected 'base64 rank', found {shown!r}: {reason}")


def to_ranks(pipeline: Pipeline) -> bytes:
    """The rank file of a tokenizer: ordinary pieces in the order of their ids.

    Whether other programs encode equally with it is for `tokenry.formats.export` to say.
    """
    pieces = pipeline.vocabulary.matchable()
    return b"".join(
        b"%b %d\n" % (b64encode(piece), id_)
        for id_, piece in enumerate(pieces)
        if piece is not None
    )
