"""BERT's vocab.txt: one piece a line, the line number is its id (Devlin et al. 2018, 1810.04805).

The file says nothing of the text around the model; what BERT does is added: its normalizer and
splitting, ``[CLS]`` and ``[SEP]`` around a sequence on request, and its five specials.
"""

from __future__ import annotations

import json
import re

from tokenry.errors import FormatError
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
from tokenry.vocabulary import MAX_ID

WHAT = "vocab.txt"
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"
SPECIALS = (UNKNOWN, FIRST, LAST, "[PAD]", "[MASK]")
# Names in brackets, which say nothing of the case of text.
_NAME = re.compile(r"\[.+\]|<.+>")
_NUMBERED = re.compile(rb"[^\t\n]+\t\d+\r?\n")
# The longest line of a real vocabulary is under 200 bytes.
LONGEST_PIECE = 2**16


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found, with the configuration beside it."""
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


def of_tokens(tokens: dict[int, str], lowercase: bool | None = None) -> Pipeline:
    """The tokenizer of pieces that are spelled as in a vocab.txt; see `load`."""
    ids = {text: id_ for id_, text in tokens.items()}
    if lowercase is None:
        lowercase = _lowercase(tokens, None)
    model = WordPieceSection(Tokens.of(tokens), ids.get(UNKNOWN), Node({}, WHAT), CONTINUATION)
    added = tuple(AddedToken(text, ids[text]) for text in SPECIALS if text in ids)
    named = {token.id: token.content for token in added}
    vocabulary = make_vocabulary(model, added, "plain", named)
    around = Template((ids[FIRST],), (ids[LAST],)) if FIRST in ids and LAST in ids else None
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=model.segmenter(vocabulary, "plain"),
        pretokenizer=PretokenizerSequence(bert_steps()),
        normalizer=BertNormalizer(True, True, None, lowercase),
        added_tokens=tuple(sorted(added, key=lambda token: token.id)),
        template=around,
        decoder=SpelledDecoder(
            tuple(tokens.get(id_) for id_ in range(len(vocabulary))),
            (WordPieceDecoder(CONTINUATION, True),),
        ),
        lossless=False,
    )


def read_tokens(data: bytes) -> dict[int, str]:
    """Line number -> piece; of a piece that comes twice the last line counts, as in BERT.

    A line may name its id behind a tab (ERNIE); then all do.

    Raises:
        FormatError: a line is not UTF-8, or longer than any piece, or some name ids and some not.
    """
    lines = data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    if _NUMBERED.match(data):
        return _read_numbered(lines)
    texts = _texts(lines)
    last = {text: id_ for id_, text in enumerate(texts) if text}
    if len(last) == len(texts):
        return dict(enumerate(texts))
    return {id_: text for text, id_ in sorted(last.items(), key=lambda item: item[1])}


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


def _lowercase(tokens: dict[int, str], config: bytes | None) -> bool:
    if config is not None:
        try:
            stated = json.loads(config).get("do_lower_case")
        except (ValueError, AttributeError, RecursionError) as error:
            raise FormatError(f"tokenizer_config.json beside {WHAT}: {error}") from None
        if isinstance(stated, bool):
            return stated
    return not any(text != text.lower() for text in tokens.values() if not _NAME.fullmatch(text))
