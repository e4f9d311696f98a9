"""Byte-level BPE as GPT-2 wrote it: ``vocab.json`` with ``merges.txt``, or ``merges.txt`` alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from tokenry.errors import FormatError, UnsupportedError, VocabularyError
from tokenry.formats import characters, marian, merged_classes, piece_ids, subword_nmt, word_ends
from tokenry.formats.configuration import FSMT, WORDS_OF_MOSES
from tokenry.formats.files import GivenFile, numbered_lines
from tokenry.formats.known_ranks import identify, published_pattern
from tokenry.formats.specials import (
    check_single_bytes,
    named_beside,
    ordinary,
    split_by,
    with_specials,
)
from tokenry.formats.vocab_json import read_at_once, read_names
from tokenry.text.parts import AddedToken, Pretokenizer
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.prefixed import PrefixedPretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import BYTE_LEVEL_ORDER, MAX_ID, Vocabulary, from_byte_level

WHAT = "merges.txt"
# Specials of GPT-2, and of RoBERTa and BART, which have its merges and other ids.
_GPT2_FAMILY = ("<|endoftext|>", "<s>", "<pad>", "</s>", "<unk>", "<mask>")
UNK = "<unk>"
SOURCE = "vocab-src.json"  # of FSMT, which has a vocabulary of each language
_VERSION = b"#version"  # of the release, and often who trained it; tokenizers skips such lines


def read(file: GivenFile) -> Pipeline:
    """`load` for a ``merges.txt`` that was found."""
    return load(
        file.data, pattern=file.pattern, special_tokens=file.special_tokens, name=file.path.name
    )


def read_vocab_json(file: GivenFile) -> Pipeline:
    """`load` for a ``vocab.json`` that was found, with the ``merges.txt`` beside it.

    Without one it may hold the characters of a speech model (`tokenry.formats.characters`), or
    the ids of SentencePiece models beside it (`tokenry.formats.piece_ids`,
    `tokenry.formats.marian`); with one, those of words that Moses cuts (`tokenry.formats.moses`).

    Raises:
        FormatError: there is none beside it.
    """
    kind = FSMT if file.path.name == SOURCE else file.beside.class_name or ""
    if kind in WORDS_OF_MOSES:
        from tokenry.formats import moses  # few folders need it

        return moses.read(file, kind)
    data = file.beside(WHAT)
    if data is None:
        model = file.beside(piece_ids.MODEL)
        if model is not None:
            return piece_ids.read(file, model)
        if file.beside(marian.MODEL) is not None:
            return marian.read(file)
        config = file.beside.values
        named = config.get("tokenizer_class") in characters.CLASSES
        if named or characters.are_characters(dict(_json_object(file.data))):
            return characters.load(file.data, config)
        raise FormatError(
            f"{file.path} is a vocab.json, which needs {WHAT} beside it; there is none"
        )
    if word_ends.ends_words(data):
        if subword_nmt.names_go_on(file.data):
            return subword_nmt.read_ctrl(file, data)
        if kind in word_ends.KINDS and file.special_tokens is None and file.pattern is None:
            return word_ends.read(file, data, word_ends.KINDS[kind])
        return word_ends.load(file.data, data, _named(file), file.pattern)
    if word_ends.counts_words(data):
        raise UnsupportedError(
            f"{file.path}: {WHAT} beside it has counts, as XLM, FlauBERT and BioGPT have them, but "
            f"which program reads both is not said; name one of {', '.join(WORDS_OF_MOSES)} as "
            "tokenizer_class in tokenizer_config.json"
        )
    known = merged_classes.KINDS.get(kind)
    if known is not None and file.pattern is None and file.special_tokens is None:
        return merged_classes.read(file, data, known)
    specials = file.special_tokens
    if specials is None:
        specials = published_specials(file.data, data, named_beside(file.beside))
    pattern = file.pattern or published_pattern(data)
    pipeline = load(data, vocabulary=file.data, pattern=pattern, special_tokens=specials)
    name = pipeline.pretokenizer.native
    if file.beside.values.get("add_prefix_space") and name is not None:
        return replace(pipeline, pretokenizer=PrefixedPretokenizer(name, "always"))
    return pipeline


def _named(file: GivenFile) -> Mapping[str, int] | None:
    """Specials of a vocabulary with word ends: those of HerBERT are named beside it."""
    if file.special_tokens is not None or file.beside.config.token("unk_token") != UNK:
        return file.special_tokens
    ids = dict(_json_object(file.data))
    found = {name: ids.get(name) for name in named_beside(file.beside)}
    return {name: id_ for name, id_ in found.items() if isinstance(id_, int)} or None


def published_specials(
    vocabulary: bytes, merges: bytes, named: Mapping[str, int | None]
) -> dict[str, int]:
    """Specials of a ``vocab.json``: those named beside it, or known where it has GPT-2's merges.

    Args:
        vocabulary: ``vocab.json``.
        merges: ``merges.txt``.
        named: names, and the ids that something else than the vocabulary says.

    Raises:
        FormatError: the vocabulary is no JSON object.
    """
    known = _GPT2_FAMILY if published_pattern(merges) else ()
    find = _finder(vocabulary)
    places = {name: find(name, named.get(name)) for name in (*known, *named)}
    return {name: id_ for name, id_ in places.items() if isinstance(id_, int)}


def _finder(vocabulary: bytes) -> Callable[[str, int | None], object]:
    """The id of a name in a ``vocab.json``, or what else is given for it."""
    tokens = read_names(vocabulary)
    if tokens is None:
        return dict(_json_object(vocabulary)).get

    def find(name: str, other: int | None) -> int | None:
        id_ = tokens.find(name)
        return other if id_ is None else id_

    return find


def load(
    data: bytes,
    *,
    vocabulary: bytes | None = None,
    pattern: str | None = None,
    special_tokens: Mapping[str, int] | None = None,
    name: str = "",
) -> Pipeline:
    """Load merges, and ids where a ``vocab.json`` gives them.

    Without a vocabulary the ids are those that such releases have: the 256 bytes in GPT-2's
    order, then the result of each merge in file order.

    Args:
        data: ``merges.txt``: two byte-level pieces a line, the first merge first.
        vocabulary: ``vocab.json``, byte-level piece -> id.
        pattern: a known name (``"gpt2"``) or the regular expression that cuts text.
        special_tokens: specials and their ids; those of ``vocab.json`` keep the ids it gives. None
            takes those of published merges, by their name or their digest, where there is no
            vocabulary beside them.
        name: the file's name, where it has one.

    Raises:
        FormatError: no pattern, or a file is malformed; the message names the line.
    """
    if word_ends.ends_words(data):
        raise UnsupportedError(
            f"{WHAT} ends words with {word_ends.WORD_END}, as CLIP does; its ids are in a "
            "vocab.json, which must stand beside it: load that file"
        )
    pretokenizer = split_by(pattern, WHAT)
    specials = special_tokens or {}
    usual = None if vocabulary is None else read_at_once(data, vocabulary, specials)
    if usual is not None:
        pieces, table = usual
        known, added = with_specials(pieces, specials, WHAT)
        return _pipeline(known, BytePairSegmenter.from_merges(known, table), pretokenizer, added)
    pairs = read_merges(data)
    ids = numbered(pairs) if vocabulary is None else read_vocabulary(vocabulary, specials)
    pieces = ordinary({id_: piece for piece, id_ in ids.items()}, WHAT)
    check_single_bytes(pieces, WHAT if vocabulary is None else "vocab.json")
    if special_tokens is None and vocabulary is None:
        published = identify(name, "merges", data, len(pieces))
        specials = published.special_tokens if published else specials
    known, added = with_specials(pieces, specials, WHAT)
    segmenter = BytePairSegmenter.from_merges(known, merge_table(pairs, ids))
    return _pipeline(known, segmenter, pretokenizer, added)


def _pipeline(
    vocabulary: Vocabulary,
    segmenter: BytePairSegmenter,
    pretokenizer: Pretokenizer,
    added: tuple[AddedToken, ...],
) -> Pipeline:
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=segmenter,
        pretokenizer=pretokenizer,
        added_tokens=added,
    )


def read_merges(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Line number, left and right bytes of each merge, in file order."""
    pairs: list[tuple[int, bytes, bytes]] = []
    for number, line in numbered_lines(data, WHAT):
        if line.startswith(_VERSION):
            continue
        try:
            parts = line.decode("utf-8").split(" ")
            left, right = map(from_byte_level, parts)
        except UnicodeDecodeError as error:
            raise FormatError(f"{WHAT}, line {number}: not UTF-8 ({error})") from None
        except VocabularyError as error:
            raise UnsupportedError(
                f"{WHAT}, line {number}: {error}; only byte-level merges are known here"
            ) from None
        except ValueError:
            raise _malformed(number, line) from None
        if not left or not right:
            raise _malformed(number, line)
        pairs.append((number, left, right))
    if not pairs:
        raise FormatError(f"{WHAT} holds no merges; is the file cut short?")
    return pairs


def _malformed(number: int, line: bytes) -> FormatError:
    return FormatError(
        f"{WHAT}, line {number}: expected two pieces with one space between them, found "
        f"{line[:60]!r}"
    )


def numbered(pairs: list[tuple[int, bytes, bytes]]) -> dict[bytes, int]:
    """Ids of a lone ``merges.txt``; a piece that two merges make has the id of the first."""
    ids = {bytes([byte]): id_ for id_, byte in enumerate(BYTE_LEVEL_ORDER)}
    for _, left, right in pairs:
        ids.setdefault(left + right, len(ids))
    return ids


def read_vocabulary(data: bytes, special_tokens: Mapping[str, int]) -> dict[bytes, int]:
    """Piece -> id of a ``vocab.json``; the specials it lists are spelled as they are."""
    ids: dict[bytes, int] = {}
    seen: dict[int, str] = {}
    for text, id_ in _json_object(data):
        if type(id_) is not int or not 0 <= id_ <= MAX_ID:
            raise FormatError(f"vocab.json: {text!r} has the id {id_!r}, not 0 to {MAX_ID}")
        if seen.setdefault(id_, text) != text:
            raise FormatError(f"vocab.json: id {id_} is given to {seen[id_]!r} and to {text!r}")
        if special_tokens.get(text) == id_:
            continue
        piece = _byte_level(text)
        if ids.setdefault(piece, id_) != id_:
            raise FormatError(f"vocab.json: {text!r} is given two ids, {ids[piece]} and {id_}")
    return ids


def _json_object(data: bytes) -> list[tuple[str, object]]:
    try:
        # A dict would hide a key that comes twice.
        content = json.loads(data, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"vocab.json is not JSON: {error}") from None
    if not isinstance(content, list) or not all(isinstance(each, tuple) for each in content):
        raise FormatError("vocab.json is not an object of pieces and ids")
    return content


def _byte_level(text: str) -> bytes:
    try:
        return from_byte_level(text)
    except VocabularyError as error:
        raise UnsupportedError(
            f"vocab.json: {error}; only byte-level vocabularies are known here, and a special "
            "must be named in special_tokens= with the id it has"
        ) from None


def merge_table(
    pairs: list[tuple[int, bytes, bytes]], ids: Mapping[bytes, int]
) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    """Merges as (left id, right id, merged id), shape (m, 3).

    Raises:
        FormatError: a merge names a piece that no id has, or comes twice.
    """
    seen: dict[tuple[bytes, bytes], int] = {}
    rows: list[tuple[int, int, int]] = []
    for number, left, right in pairs:
        if (left, right) in seen:
            raise FormatError(
                f"{WHAT}, line {number}: this merge was given before, in line {seen[left, right]}"
            )
        seen[left, right] = number
        for piece in (left, right, left + right):
            if piece not in ids:
                raise FormatError(
                    f"{WHAT}, line {number}: {left!r} + {right!r} needs the piece {piece!r}, "
                    "which has no id"
                )
        rows.append((ids[left], ids[right], ids[left + right]))
    return np.array(rows, dtype=np.uint32).reshape(-1, 3)
