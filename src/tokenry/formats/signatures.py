"""How tokenizer files begin, by which their formats are told apart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

from tokenry.errors import FormatError

HEAD_BYTES: Final = 4096
# Classes of transformers whose tokenizers have no vocabulary.
BYTES_ONLY: Final = ("ByT5Tokenizer", "PerceiverTokenizer")
CODE_POINTS: Final = ("CanineTokenizer",)
_RANK_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2} \d+\r?")
# What a WordPiece vocabulary has and other lists of words do not.
_WORDPIECE_LINE = re.compile(rb"^(?:##\S|\[UNK\](?:\t\d+)?\r?$)", re.MULTILINE)
# How tokenizers begins its files; reading all of one only to tell what it is would take as long
# again as to load it.
_TOKENIZER_JSON = re.compile(rb'\{\s*"version"\s*:\s*"[^"\\]*"\s*,\s*"truncation"\s*:')
# And so the two other large ones: names with ids, and ranks behind their configuration.
_VOCAB_JSON = re.compile(rb'\{(?:\s*"(?:[^"\\]|\\.)*"\s*:\s*\d+\s*,){16}')
_TEKKEN = re.compile(rb'\{\s*"config"\s*:\s*\{[^{}]*"default_num_special_tokens"\s*:')
_BLANK = re.compile(rb"[\xef\xbb\xbf \t\r\n]*")
_MERGE_LINE = re.compile(r"[^ \t]+ [^ \t]+")
_COUNTED_MERGE = re.compile(r"[^ \t]+ [^ \t]+ \d+")
_RWKV_LINE = re.compile(rb"""\d+ b?(['"]).*\1 \d+\r?""")
_ID = re.compile(r"\t\d+\Z")  # behind a piece of a vocab.txt
_SPACED = re.compile(r"^(?!##).*[ \t]")  # what continues a word may be a space
_VERSION = "#version"


class FileHead:
    """A file, as far as formats are told apart by it.

    Args:
        data: the whole file, gzip undone.
        what: what to call it in errors.
    """

    def __init__(self, data: bytes, what: str) -> None:
        self.data = data
        self.what = what
        blank = _BLANK.match(data)
        self._begin = blank.end() if blank else 0

    @cached_property
    def json(self) -> Mapping[str, Any] | None:
        """The object that the file holds, None for any other file; of a tokenizer.json a part.

        Raises:
            FormatError: it begins as JSON but is none.
        """
        data, begin = self.data, self._begin
        if not data.startswith(b"{", begin):
            return None
        if _TOKENIZER_JSON.match(data, begin):
            return {"model": {}}
        if _VOCAB_JSON.match(data, begin):
            return {"": 0}
        if _TEKKEN.match(data, begin):
            return {"config": {}, "vocab": []}
        try:
            # A big file may be huge and wrong; the decoder's own limits apply.
            content: Mapping[str, Any] = json.loads(data[begin:])
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{self.what} begins as JSON but is not: {error}") from None
        return content

    @cached_property
    def is_binary(self) -> bool:
        """Whether it begins with bytes that no text has."""
        return any(byte < 0x20 and byte not in b"\t\n\r" for byte in self.data[:HEAD_BYTES])

    @cached_property
    def lines(self) -> list[str]:
        """The first lines of a text, without those that are empty; none of what is no text."""
        return [] if self.is_binary or self.json is not None else self._first_lines()

    @cached_property
    def odd_lines(self) -> list[str]:
        """The same of a text with control characters, which some vocabularies have as pieces."""
        if self.json is not None:
            return []
        try:
            self.data[:HEAD_BYTES].decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start < HEAD_BYTES - 3:  # else the last character is cut
                return []
        return self._first_lines()

    def _first_lines(self) -> list[str]:
        lines = self.data[:HEAD_BYTES].decode("utf-8", "ignore").split("\n")
        # The last line may be cut.
        whole = lines[:-1] if len(lines) > 1 else lines
        return [each for each in (line.removesuffix("\r") for line in whole[:64]) if each]


def is_tokenry(head: FileHead) -> bool:
    """Whether it is our own file, which states its format."""
    return head.json is not None and head.json.get("format") == "tokenry"


def is_tokenizer_json(head: FileHead) -> bool:
    """Whether it is an object with a model."""
    return head.json is not None and isinstance(head.json.get("model"), dict)


def is_tekken(head: FileHead) -> bool:
    """Whether it is an object of ranks with their configuration."""
    found = head.json or {}
    return isinstance(found.get("config"), dict) and isinstance(found.get("vocab"), list)


def is_rwkv(head: FileHead) -> bool:
    """Whether its first line is an id, a piece as Python writes it, and a size."""
    return _RWKV_LINE.fullmatch(head.data[:HEAD_BYTES].partition(b"\n")[0]) is not None


def is_gguf(head: FileHead) -> bool:
    """Whether it begins with the four letters."""
    return head.data[:4] == b"GGUF"


def is_sentencepiece(head: FileHead) -> bool:
    """Whether its first field is a first piece: a tag, and a size."""
    return head.data[:1] == b"\n" and head.is_binary


def is_byte_maps(head: FileHead) -> bool:
    """Whether it is an object of two maps of bytes."""
    return {"decompose_map", "merge_map"} <= (head.json or {}).keys()


def is_vocab_json(head: FileHead) -> bool:
    """Whether it is an object of pieces and ids."""
    return bool(head.json) and all(type(id_) is int for id_ in (head.json or {}).values())


def is_tiktoken(head: FileHead) -> bool:
    """Whether its first line is base64 and a rank."""
    return _RANK_LINE.fullmatch(head.data[:HEAD_BYTES].partition(b"\n")[0]) is not None


def is_wordpiece(head: FileHead) -> bool:
    """Whether its lines are single words, of which one is [UNK] or continues another."""
    lines = head.lines or head.odd_lines
    if not lines or lines[0].startswith(_VERSION):
        return False
    single = not any(_SPACED.search(_ID.sub("", line)) for line in lines)
    return single and _WORDPIECE_LINE.search(head.data) is not None


def is_merges(head: FileHead) -> bool:
    """Whether its lines are two words each, or it states a version of merges."""
    if not head.lines or is_tiktoken(head):
        return False
    return head.lines[0].startswith(_VERSION) or all(map(_MERGE_LINE.fullmatch, head.lines))


def is_bpe_codes(head: FileHead) -> bool:
    """Whether its lines are two words each and a count."""
    return bool(head.lines) and all(map(_COUNTED_MERGE.fullmatch, head.lines))


def is_bytes_only(head: FileHead) -> bool:
    """Whether it is the configuration of a tokenizer that has no other file."""
    return head.json is not None and head.json.get("tokenizer_class") in BYTES_ONLY


def is_code_points(head: FileHead) -> bool:
    """The same of one whose ids are those of Unicode."""
    return head.json is not None and head.json.get("tokenizer_class") in CODE_POINTS
