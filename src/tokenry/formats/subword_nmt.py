"""Merges of characters whose pieces are named in a second file (subword-nmt: Sennrich, Haddow,
Birch 2016, arXiv:1508.07909), as transformers' CTRL, PhoBERT and BERTweet read them.

A piece that goes on is called ``piece@@`` there, and what has no name is unknown, be it merged or
not. PhoBERT and BERTweet have their merges in ``bpe.codes`` and their names in ``vocab.txt``, CTRL
in ``merges.txt`` and ``vocab.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import numpy as np

from tokenry.errors import FormatError, UnsupportedError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import read_config
from tokenry.formats.files import GivenFile
from tokenry.text.decoders.continued import ContinuedDecoder
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.segmenters.affixed import AffixedBytePairSegmenter
from tokenry.text.segmenters.renamed import RenamedSegmenter
from tokenry.vocabulary import Vocabulary

CODES: Final = "bpe.codes"
NAMES: Final = "vocab.txt"
GOES_ON: Final = "@@"
END: Final = "</w>"
# Words and the line feed behind them. Two of the programs cut by the module re, whose white space
# has four control characters more than that of regex, by which CTRL's does.
_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORDS: Final = rf"[^{_SPACE}]+\n?"
_WORDS_BY_RE: Final = rf"[^{_SPACE}\x1c-\x1f]+\n?"
_ROBERTA: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>",
    "pad_token": "<pad>", "cls_token": "<s>", "mask_token": "<mask>",
}  # fmt: skip
_FIRST: Final = ("bos_token", "pad_token", "eos_token", "unk_token")
Pairs = list[tuple[str, str]]


def read(file: GivenFile) -> Pipeline:
    """``bpe.codes`` with the ``vocab.txt`` beside it: PhoBERT, BERTweet.

    Raises:
        FormatError: there is none, or one is malformed.
        UnsupportedError: tweets are to be normalised.
    """
    names = file.beside(NAMES)
    if names is None:
        raise FormatError(f"{file.path} needs {NAMES} beside it; there is none")
    if read_config(file.beside).values.get("normalization"):
        raise UnsupportedError(
            f"{file.path}: normalization = true cuts tweets by other programs (nltk, emoji); "
            "normalise texts by them, and load it with normalization = false"
        )
    specials = Specials(file.beside, _ROBERTA)
    ids = {specials.name(use) or "": place for place, use in enumerate(_FIRST)}
    for line in _text(names, NAMES).rstrip("\n").split("\n"):
        name, space, _ = line.strip().rpartition(" ")
        if not space:
            raise FormatError(f"{NAMES}: expected a piece and its count, found {line[:60]!r}")
        ids[name] = len(ids)
    lines = _text(file.data, CODES).split("\n")[:-1]
    around = tuple(ids.get(specials.name(use) or "", -1) for use in ("cls_token", "sep_token"))
    template = Template(around[:1], around[1:]) if min(around) >= 0 else None
    return _pipeline(ids, _pairs(lines, counts=True), specials, _WORDS_BY_RE, template)


def names_go_on(vocabulary: bytes) -> bool:
    """Whether a ``vocab.json`` has names of pieces that go on, and none that end words."""
    return f'{GOES_ON}"'.encode() in vocabulary and f'{END}"'.encode() not in vocabulary


def read_ctrl(file: GivenFile, merges: bytes) -> Pipeline:
    """``vocab.json`` with ``merges.txt`` beside it: CTRL.

    Raises:
        FormatError: one of them is malformed.
    """
    try:
        ids = json.loads(file.data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file.path} is not JSON: {error}") from None
    lines = _text(merges, "merges.txt").split("\n")[1:-1]
    specials = Specials(file.beside, {"unk_token": "<unk>"})
    return _pipeline(ids, _pairs(lines, counts=False), specials, _WORDS)


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"{what} is not UTF-8: {error}") from None


def _pairs(lines: list[str], *, counts: bool) -> Pairs:
    """The merges in their order; of one that comes twice the last counts."""
    split = (line.split() for line in lines)
    rows = [tuple(row[:-1] if counts else row) for row in split]
    ranks = {row: rank for rank, row in enumerate(rows)}
    pairs = [(row[0], row[1]) for row in sorted(ranks, key=lambda row: ranks[row]) if len(row) == 2]
    for left, right in pairs:
        if (left + right).endswith(END) and not right.endswith(END):
            raise UnsupportedError(f"the merge of {left!r} and {right!r} spells {END} out")
    return pairs


def _pipeline(
    ids: Mapping[str, int],
    pairs: Pairs,
    specials: Specials,
    words: str,
    template: Template | None = None,
) -> Pipeline:
    added = specials.added(ids)
    unknown = ids.get(specials.name("unk_token") or "")
    if unknown is None:
        raise FormatError(f"the unknown token {specials.name('unk_token')!r} has no id")
    names = _by_id({**ids, **{token.content: token.id for token in added}})
    vocabulary = _vocabulary(names, added, unknown)
    symbols = _symbols(pairs, ids)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=RenamedSegmenter(
            _merging(symbols, pairs),
            vocabulary,
            np.array([ids.get(_name(each), unknown) for each in symbols] + [unknown], np.uint32),
            len(symbols),
            unknown,
        ),
        pretokenizer=RegexPretokenizer(words, behaviour="removed", invert=True),
        added_tokens=added,
        template=template,
        decoder=SpelledDecoder(tuple(names), (ContinuedDecoder(GOES_ON),)),
        lossless=False,
        metadata={"format": "subword_nmt"},
    )


def _by_id(ids: Mapping[str, int]) -> list[str | None]:
    names: list[str | None] = [None] * (1 + max(ids.values()))
    for name, id_ in ids.items():
        names[id_] = name
    return names


def _vocabulary(names: list[str | None], added: list[AddedToken], unknown: int) -> Vocabulary:
    """Canonical pieces: one that ends a word has a space behind it."""
    roles = {token.id: "special" for token in added} | {unknown: "unknown"}
    pieces = [
        None if name is None else name.encode() if id_ in roles else _canonical(name)
        for id_, name in enumerate(names)
    ]
    return Vocabulary(pieces, roles)


def _canonical(name: str) -> bytes:
    return (name.removesuffix(GOES_ON) if name.endswith(GOES_ON) else f"{name} ").encode()


def _name(symbol: str) -> str:
    return symbol.removesuffix(END) if symbol.endswith(END) else symbol + GOES_ON


def _symbols(pairs: Pairs, ids: Mapping[str, int]) -> list[str]:
    """What merges read and write, and single characters that have names; these first."""
    merged = [each for left, right in pairs for each in (left, right, left + right)]
    named = [name + END for name in ids if len(name) == 1]
    named += [name[0] for name in ids if len(name) == 1 + len(GOES_ON) and name.endswith(GOES_ON)]
    known = dict.fromkeys([*named, *merged])
    return sorted(known, key=lambda symbol: len(symbol.removesuffix(END)) > 1)


def _merging(symbols: list[str], pairs: Pairs) -> AffixedBytePairSegmenter:
    """The merges over symbols; what is none is the id behind theirs."""
    place = {symbol: id_ for id_, symbol in enumerate(symbols)}
    pieces = [_canonical(_name(symbol)) for symbol in symbols]
    rows = [(place[left], place[right], place[left + right]) for left, right in pairs]
    return AffixedBytePairSegmenter(
        Vocabulary([*pieces, b"?"], {len(symbols): "unknown"}),
        (*symbols, None),
        np.array(rows, np.uint32).reshape(-1, 3),
        np.arange(len(rows), dtype=np.uint32),
        suffix=END,
        unknown=len(symbols),
    )
