"""BERT's vocab.txt: one piece a line, the line number is its id (Devlin et al. 2018, 1810.04805).

The file says nothing of the text around the model; what BERT does is added: its normalizer and
splitting, ``[CLS]`` and ``[SEP]`` around a sequence on request, and its five specials.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats.configuration import BERT_JAPANESE, class_name
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.tokens import Tokens
from tokenry.formats.tokenizer_json.vocabulary import make_vocabulary
from tokenry.formats.tokenizer_json.wordpiece import CONTINUATION, WordPieceSection
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import WordPieceDecoder
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.sequence import PretokenizerSequence, bert_steps
from tokenry.text.unicode.character_sets import pattern
from tokenry.vocabulary import MAX_ID, Vocabulary, is_utf8

WHAT = "vocab.txt"
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
SPECIALS = (UNKNOWN, FIRST, LAST, "[PAD]", "[MASK]")
# Names in brackets, which say nothing of the case of text.
_NAME = re.compile(r"^(?:\[.+\]|<.+>)$", re.MULTILINE)
_TRAILING = re.compile(
    rb"(?:[\t\x0b\x0c\r ]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]"
    rb"|\xe2\x81\x9f|\xe3\x80\x80)+$"
)
_LAST_BYTES = np.frombuffer(
    b"\t\x0b\x0c\r \x85\xa0\x80\x81\x82\x83\x84\x86\x87\x88\x89\x8a\xa8\xa9\xaf\x9f", np.uint8
)
_LINE_FEED = 0x0A
_NUMBERED = re.compile(rb"[^\t\n]+\t\d+\r?\n")
# The longest line of a real vocabulary is under 200 bytes.
LONGEST_PIECE = 2**16


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found, with the configuration beside it.

    Where that names BERT for Japanese it is read by `tokenry.formats.bert_japanese`.
    """
    if class_name(file.beside) == BERT_JAPANESE:
        from tokenry.formats import bert_japanese  # few folders need it

        return bert_japanese.read(file)
    return load(file.data, config=file.beside("tokenizer_config.json"))


def load(data: bytes, *, lowercase: bool | None = None, config: bytes | None = None) -> Pipeline:
    """Load a vocab.txt.

    Args:
        data: the file.
        lowercase: whether text is lowered and loses its accents first. None takes
            ``do_lower_case`` of ``config``, and without one True if no piece but the specials has
            an upper-case letter, as in the uncased models.
        config: the ``tokenizer_config.json`` beside the file.

    Without ``[UNK]`` a word that has no pieces cannot be encoded, as in tokenizers.

    Raises:
        FormatError: the file is malformed.
    """
    tokens = read_tokens(data)
    return of_tokens(tokens, _lowercase(tokens, config) if lowercase is None else lowercase)


def of_tokens(tokens: Tokens, lowercase: bool | None = None) -> Pipeline:
    """The tokenizer of pieces that are spelled as in a vocab.txt; see `load`."""
    if lowercase is None:
        lowercase = _lowercase(tokens, None)
    named = {id_: text for text in SPECIALS if (id_ := tokens.find(text)) is not None}
    ids = {text: id_ for id_, text in named.items()}
    model = WordPieceSection(tokens, ids.get(UNKNOWN), Node({}, WHAT), CONTINUATION)
    added = [AddedToken(text, id_) for id_, text in sorted(named.items())]
    vocabulary = make_vocabulary(model, added, "plain", named)
    around = Template((ids[FIRST],), (ids[LAST],)) if FIRST in ids and LAST in ids else None
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=model.segmenter(vocabulary, "plain"),
        pretokenizer=PretokenizerSequence(bert_steps()),
        normalizer=BertNormalizer(True, True, None, lowercase),
        added_tokens=added,
        template=around,
        decoder=SpelledDecoder(tokens.texts, (WordPieceDecoder(CONTINUATION, True),)),
        lossless=False,
    )


def read_tokens(data: bytes) -> Tokens:
    """Piece of each line number; of a piece that comes twice the last line counts, as in BERT.

    A line may name its id behind a tab (ERNIE); then all do.

    Raises:
        FormatError: a line is not UTF-8, or longer than any piece, or some name ids and some not.
    """
    if _NUMBERED.match(data):
        return _in_order(data) or Tokens.of(_read_numbered(_lines(data)))
    usual = _usual_lines(data)
    if usual is not None:
        return usual
    texts = _texts(_lines(data))
    last = {text: id_ for id_, text in enumerate(texts) if text}
    return Tokens.of({id_: texts[id_] for id_ in sorted(last.values())})


def _in_order(data: bytes) -> Tokens | None:
    """The pieces before tabs where the ids behind these are 0, 1, ..."""
    data = data.removesuffix(b"\n") + b"\n"
    count = data.count(b"\n")
    parts = data.replace(b"\t", b"\n").split(b"\n")
    ids = b"".join(b"%d\n" % id_ for id_ in range(count))
    if len(parts) != 2 * count + 1 or b"\n".join(parts[1::2]) + b"\n" != ids or not is_utf8(data):
        return None
    pieces = parts[:-1:2]
    names = _names(Vocabulary(pieces))
    return Tokens(names) if all(pieces) else None


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _usual_lines(data: bytes) -> Tokens | None:
    """The pieces of lines of UTF-8 of which none is too long."""
    if not data.endswith(b"\n") or not is_utf8(data):
        return None
    data = _without_trailing(data.replace(b"\r\n", b"\n"))
    ends = _line_ends(data)
    widths = np.diff(ends, prepend=-1) - 1
    if widths.max() > LONGEST_PIECE or not widths[-1]:
        return None
    names = _names(Vocabulary.from_packed(data.translate(None, b"\n"), _offsets(widths)))
    return Tokens(_last_of_equal(names) if names.repeats else names)


def _without_trailing(data: bytes) -> bytes:
    """Without white space at the ends of lines, of which few may have some."""
    ends = _line_ends(data)
    asked = np.isin(np.frombuffer(data, np.uint8)[ends - 1], _LAST_BYTES)
    parts, done = [], 0
    for end in ends[asked].tolist():
        begin = data.rfind(b"\n", 0, end) + 1
        parts += [data[done:begin], _TRAILING.sub(b"", data[begin:end])]
        done = end
    return b"".join([*parts, data[done:]])


def _line_ends(data: bytes) -> NDArray[np.intp]:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == _LINE_FEED)


def _offsets(widths: NDArray[np.intp]) -> NDArray[np.uint64]:
    offsets = np.zeros(len(widths) + 1, np.uint64)
    np.cumsum(widths, out=offsets[1:])
    return offsets


def _names(pieces: Vocabulary, without: Sequence[int] = ()) -> _native.TokenNames:
    run, offsets = pieces.packed(without)
    missing = np.flatnonzero(np.diff(offsets) == 0).astype(np.uint32)
    return _native.TokenNames(run, offsets, missing)


def _last_of_equal(names: _native.TokenNames) -> _native.TokenNames:
    texts = names.texts()
    last = dict(zip(texts, range(len(texts)), strict=True))
    ids = np.fromiter(map(last.__getitem__, texts), np.int64, len(texts))
    moved = np.flatnonzero(ids != np.arange(len(texts))).tolist()
    before = [id_ for id_ in moved if texts[id_]]
    run, offsets, _ = names.pieces("plain")
    return _names(Vocabulary.from_packed(run, offsets), before)


def _texts(lines: list[bytes]) -> list[str]:
    """Lines without the white space at their ends."""
    try:
        texts = b"\n".join(lines).decode("utf-8").split("\n") if lines else []
    except UnicodeDecodeError:
        texts = [_decoded(line, number) for number, line in enumerate(lines, start=1)]
    too_long = next((i for i, line in enumerate(lines) if len(line) > LONGEST_PIECE), None)
    if too_long is not None:
        size = len(lines[too_long])
        raise FormatError(f"{WHAT}, line {too_long + 1}: {size} bytes are no piece")
    space = pattern("WHITE_SPACE")
    trailing = pattern("WHITE_SPACE", "[{}]+\\Z")
    spaced = {end for end in {text[-1:] for text in texts} if space.fullmatch(end)}
    return [trailing.sub("", text) if text[-1:] in spaced else text for text in texts]


def _decoded(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{WHAT}, line {number}: not UTF-8 ({error})") from None


def _read_numbered(lines: list[bytes]) -> dict[int, str]:
    tokens: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        piece, tab, id_ = line.removesuffix(b"\r").partition(b"\t")
        if not piece or not tab or not id_.isdigit() or len(id_) > 10 or int(id_) > MAX_ID:
            raise FormatError(
                f"{WHAT}, line {number}: expected 'piece<TAB>id', found {line[:60]!r}"
            )
        if int(id_) in tokens:
            raise FormatError(f"{WHAT}, line {number}: the id {int(id_)} was given before")
        try:
            tokens[int(id_)] = piece.decode("utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(f"{WHAT}, line {number}: not UTF-8 ({error})") from None
    return dict(sorted(tokens.items()))


def _lowercase(tokens: Tokens, config: bytes | None) -> bool:
    if config is not None:
        try:
            stated = json.loads(config).get("do_lower_case")
        except (ValueError, AttributeError, RecursionError) as error:
            raise FormatError(f"tokenizer_config.json beside {WHAT}: {error}") from None
        if isinstance(stated, bool):
            return stated
    pieces = _NAME.sub("", "\n".join(text for text in tokens.texts if text))
    return pieces == pieces.lower()
