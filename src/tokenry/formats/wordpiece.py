"""BERT's vocab.txt: one piece a line, the line number is its id (Devlin et al. 2018, 1810.04805).

The file says nothing of the text around the model; what BERT does is added: its normalizer and
splitting, ``[CLS]`` and ``[SEP]`` around a sequence on request, and its five specials.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import FormatError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import (
    CONFIGURATION,
    FUNNEL,
    MPNET,
    SPLINTER,
    Beside,
)
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.added_tokens import spelled_tokens
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
NOTHING: Final = Beside(lambda _: None)
_USUAL: Final = {
    "unk_token": UNKNOWN, "sep_token": LAST, "pad_token": "[PAD]", "cls_token": FIRST,
    "mask_token": "[MASK]",
}  # fmt: skip
_OF_FUNNEL: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "<sep>",
    "pad_token": "<pad>", "cls_token": "<cls>", "mask_token": "<mask>",
}  # fmt: skip
_OF_CLASSES: Final[Mapping[str | None, Mapping[str, Any]]] = {
    FUNNEL: _OF_FUNNEL,
    MPNET: {
        **_OF_FUNNEL, "unk_token": UNKNOWN, "sep_token": "</s>", "cls_token": "<s>",
        "mask_token": {"content": "<mask>", "lstrip": True},
    },
    SPLINTER: {**_USUAL, "extra_special_tokens": ["[QUESTION]"]},
}  # fmt: skip
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
    """`load` for a file that was found, with the configuration beside it."""
    return load(file.data, beside=file.beside)


def load(data: bytes, *, lowercase: bool | None = None, beside: Beside = NOTHING) -> Pipeline:
    """Load a vocab.txt.

    Args:
        data: the file.
        lowercase: whether text is lowered and loses its accents first. None does what the
            configuration says, or transformers where that says nothing: it lowers. Without a
            configuration it is True if no piece but the specials has an upper-case letter, as in
            the uncased models.
        beside: the configuration, which also names specials.

    Without ``[UNK]`` a word that has no pieces cannot be encoded, as in tokenizers.

    Raises:
        FormatError: a file is malformed.
    """
    return configured(read_tokens(data), beside, lowercase)


def configured(tokens: Tokens, beside: Beside, lowercase: bool | None = None) -> Pipeline:
    """The same of pieces that were read; see `load`."""
    if lowercase is None and beside(CONFIGURATION) is None:
        lowercase = _is_uncased(tokens)
    if not beside.values and beside.class_name not in _OF_CLASSES:
        return of_tokens(tokens, lowercase is not False)
    specials = Specials(beside, _OF_CLASSES.get(beside.class_name, _USUAL), normalizes=True)
    cleaning = _cleaning(specials.values, lowercase)
    added = specials.numbered_by(tokens.find, tokens)
    around = specials.template(added, "cls_token", "sep_token")
    return make_pipeline(tokens, cleaning, added, specials.name("unk_token"), around)


def of_tokens(tokens: Tokens, lowercase: bool | None = None) -> Pipeline:
    """The tokenizer of pieces that are spelled as in a vocab.txt; see `load`."""
    ids = {text: id_ for text in SPECIALS if (id_ := tokens.find(text)) is not None}
    added = [AddedToken(text, id_) for text, id_ in ids.items()]
    around = Template((ids[FIRST],), (ids[LAST],)) if FIRST in ids and LAST in ids else None
    lowers = _is_uncased(tokens) if lowercase is None else lowercase
    cleaning = BertNormalizer(True, True, None, lowers)
    return make_pipeline(tokens, cleaning, added, UNKNOWN, around)


def make_pipeline(
    tokens: Tokens,
    cleaning: BertNormalizer,
    added: Iterable[AddedToken],
    unknown: str | None,
    template: Template | None,
) -> Pipeline:
    """The tokenizer of pieces with these specials; ``unknown`` is one of their names."""
    added = sorted(added, key=lambda token: token.id)
    ids = {token.content: token.id for token in added}
    named = spelled_tokens(added, [cleaning])
    model = WordPieceSection(tokens, ids.get(unknown or ""), Node({}, WHAT), CONTINUATION)
    vocabulary = make_vocabulary(model, added, "plain", named)
    texts = tokens.texts
    if len(vocabulary) > len(texts):
        texts = (*texts, *(named.get(id_) for id_ in range(len(texts), len(vocabulary))))
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=model.segmenter(vocabulary, "plain"),
        pretokenizer=PretokenizerSequence(bert_steps()),
        normalizer=cleaning,
        added_tokens=added,
        template=template,
        decoder=SpelledDecoder(texts, (WordPieceDecoder(CONTINUATION, True),)),
        lossless=False,
    )


def _cleaning(values: Mapping[str, Any], lowercase: bool | None) -> BertNormalizer:
    """What the configuration says of the text before it is cut."""
    stated = values.get("strip_accents")
    lowers = bool(values.get("do_lower_case", True)) if lowercase is None else lowercase
    chinese = bool(values.get("tokenize_chinese_chars", True))
    cleans = bool(values.get("clean_text", True))
    return BertNormalizer(cleans, chinese, None if stated is None else bool(stated), lowers)


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


def _is_uncased(tokens: Tokens) -> bool:
    """Whether no piece has an upper-case letter."""
    pieces = _NAME.sub("", "\n".join(text for text in tokens.texts if text))
    return pieces == pieces.lower()
