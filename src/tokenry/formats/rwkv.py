"""RWKV's vocabulary (Peng et al. 2023, arXiv:2305.13048): ``id 'piece' size`` lines, longest match.

Pieces are written as Python writes text or bytes. Id 0 is not in the file and ends a text.
"""

from __future__ import annotations

import ast

from tokenry.errors import FormatError, VocabularyError
from tokenry.formats.files import GivenFile, numbered_lines
from tokenry.formats.specials import check_single_bytes
from tokenry.text.parts import AddedToken
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.longest_match import LongestSegmenter
from tokenry.vocabulary import MAX_ID, Vocabulary

WHAT = "RWKV vocabulary"
END = "<|endoftext|>"


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """Load a vocabulary of RWKV.

    Raises:
        FormatError: the file is malformed; the message names the line.
    """
    pieces: dict[int, bytes] = {}
    for number, line in numbered_lines(data, WHAT):
        id_, piece = _read_line(line, number)
        if id_ in pieces:
            raise FormatError(f"{WHAT}, line {number}: id {id_} was given before")
        pieces[id_] = piece
    return of_pieces(pieces)


def of_pieces(pieces: dict[int, bytes], what: str = WHAT) -> Pipeline:
    """The tokenizer of pieces by id; 0 ends a text where it has none.

    Raises:
        FormatError: a byte has no piece, or gaps between ids dominate.
    """
    roles = {} if 0 in pieces else {0: "special"}
    try:
        vocabulary = Vocabulary.from_ids({**dict.fromkeys(roles, END.encode()), **pieces}, roles)
    except VocabularyError as error:
        raise FormatError(f"{what}: {error}") from None
    check_single_bytes(vocabulary, what)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=LongestSegmenter(vocabulary),
        pretokenizer=NativePretokenizer("whole"),
        added_tokens=[AddedToken(END, 0)] if roles else (),
        metadata={"format": "rwkv"},
    )


def _read_line(line: bytes, number: int) -> tuple[int, bytes]:
    id_, _, rest = line.partition(b" ")
    written, _, size = rest.rpartition(b" ")
    try:
        value = ast.literal_eval(written.decode("utf-8"))
        piece = value.encode() if isinstance(value, str) else value
        if not isinstance(piece, bytes) or not piece or int(size) != len(piece):
            raise ValueError("the piece is not of the size that is said")
        if not id_.isdigit() or len(id_) > 10 or int(id_) > MAX_ID:
            raise ValueError(f"the id is not a number from 0 to {MAX_ID}")
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise FormatError(
            f"{WHAT}, line {number}: expected \"id 'piece' size\", found {line[:60]!r}: {error}"
        ) from None
    return int(id_), piece
