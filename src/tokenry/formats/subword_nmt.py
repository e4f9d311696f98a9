"""Merges of characters whose pieces are named in a second file (subword-nmt: Sennrich, Haddow,
Birch 2016, arXiv:1508.07909), as transformers' CTRL, small Blenderbot, PhoBERT and BERTweet read
them.

A piece that goes on is called ``piece@@`` there, and what has no name is unknown, be it merged or
not. PhoBERT and BERTweet have their merges in ``bpe.codes`` and their names in ``vocab.txt``, the
others in ``merges.txt`` and ``vocab.json``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from tokenry.errors import FormatError
from tokenry.formats.added_specials import Specials
from tokenry.formats.configuration import BLENDERBOT
from tokenry.formats.files import GivenFile, text_of
from tokenry.formats.merged_names import END, GoingOnNames, in_order, make_pipeline
from tokenry.text.decoders.continued import ContinuedDecoder
from tokenry.text.parts import Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.unicode.spaces import PYTHON_SPACE, SPACE

CODES: Final = "bpe.codes"
NAMES: Final = "vocab.txt"
# Words and the line feed behind them. Two of the programs cut by the module re, CTRL's by regex.
_WORDS: Final = rf"[^{SPACE}]+\n?"
_WORDS_BY_RE: Final = rf"[^{PYTHON_SPACE}]+\n?"
_ROBERTA: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>",
    "pad_token": "<pad>", "cls_token": "<s>", "mask_token": "<mask>",
}  # fmt: skip
_OF_BLENDERBOT: Final = {
    "bos_token": "__start__", "eos_token": "__end__", "unk_token": "__unk__",
    "pad_token": "__null__",
}  # fmt: skip
_FIRST: Final = ("bos_token", "pad_token", "eos_token", "unk_token")


def read(file: GivenFile) -> Pipeline:
    """``bpe.codes`` with the ``vocab.txt`` beside it: PhoBERT, BERTweet.

    Raises:
        FormatError: there is none, or one is malformed.
        MissingExtraError: tweets are to be normalised, and emoji is not installed.
    """
    names = file.beside.need(NAMES, file.path)
    specials = Specials(file.beside, _ROBERTA)
    ids = {specials.name(use) or "": place for place, use in enumerate(_FIRST)}
    for line in text_of(names, NAMES).rstrip("\n").split("\n"):
        name, space, _ = line.strip().rpartition(" ")
        if not space:
            raise FormatError(f"{NAMES}: expected a piece and its count, found {line[:60]!r}")
        ids[name] = len(ids)
    lines = text_of(file.data, CODES).split("\n")[:-1]
    around = tuple(ids.get(specials.name(use) or "", -1) for use in ("cls_token", "sep_token"))
    pipeline = make_pipeline(
        ids,
        in_order([tuple(line.split()[:-1]) for line in lines]),
        specials,
        GoingOnNames(),
        words=_WORDS_BY_RE,
        step=ContinuedDecoder(GoingOnNames.mark),
        template=Template(around[:1], around[1:]) if min(around) >= 0 else None,
    )
    if not specials.values.get("normalization"):
        return pipeline
    from tokenry.text.normalizers.tweets import TweetWords  # few folders need it

    return replace(pipeline, normalizer=TweetWords())


def names_go_on(vocabulary: bytes) -> bool:
    """Whether a ``vocab.json`` has names of pieces that go on, and none that end words."""
    goes_on, ends = f'{GoingOnNames.mark}"', f'{END}"'
    return goes_on.encode() in vocabulary and ends.encode() not in vocabulary


def read_ctrl(file: GivenFile, merges: bytes) -> Pipeline:
    """``vocab.json`` with ``merges.txt`` beside it: CTRL, or the small Blenderbot if it is named.

    Raises:
        FormatError: one of them is malformed.
    """
    try:
        ids = json.loads(file.data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file.path} is not JSON: {error}") from None
    lines = text_of(merges, "merges.txt").split("\n")[1:-1]
    blenderbot = file.beside.class_name == BLENDERBOT
    pipeline = make_pipeline(
        ids,
        in_order([tuple(line.split()) for line in lines]),
        Specials(file.beside, _OF_BLENDERBOT if blenderbot else {"unk_token": "<unk>"}),
        GoingOnNames(),
        words="[^ ]+" if blenderbot else _WORDS,
        step=ContinuedDecoder(GoingOnNames.mark),
    )
    if not blenderbot:
        return pipeline
    from tokenry.text.normalizers.blenderbot import BlenderbotWords  # few folders need it

    return replace(pipeline, normalizer=BlenderbotWords())
