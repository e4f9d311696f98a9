"""Vocabularies of single letters: residues of ESM's proteins (Lin et al. 2022), characters of
MGP-STR's pictures of text (Wang, Da, Yao 2022, arXiv:2209.03592), as transformers reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile, text_of
from tokenry.formats.listed_words import make_pipeline
from tokenry.formats.piece_ids import read_ids
from tokenry.text.decoders.steps import SpacesDecoder
from tokenry.text.pipeline import Pipeline
from tokenry.text.unicode.spaces import PYTHON_SPACE

_OF_ESM: Final = {
    "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>", "cls_token": "<cls>",
    "mask_token": "<mask>",
}  # fmt: skip
_OF_MGPSTR: Final = {
    "bos_token": "[GO]", "eos_token": "[s]", "unk_token": "[GO]", "pad_token": "[GO]",
}  # fmt: skip
_METADATA: Final = {"format": "letters"}


def read_residues(file: GivenFile) -> Pipeline:
    """ESM's ``vocab.txt`` that was found: names wherever they stand; other words are unknown.

    Raises:
        FormatError: it is not UTF-8, or has no unknown token.
    """
    lines = text_of(file.data, str(file.path)).splitlines()
    names = {id_: line.strip() for id_, line in enumerate(lines) if line.strip()}
    longest = sorted({*names.values()}, key=len, reverse=True)
    known = "|".join(map(re.escape, longest))
    pipeline = make_pipeline(
        names,
        Specials(file.beside, _OF_ESM),
        words=f"{known}|(?:(?!{known})[^{PYTHON_SPACE}])+",
        step=SpacesDecoder(),
        around=("cls_token", "eos_token"),
    )
    return replace(pipeline, metadata=_METADATA)


def read_characters(file: GivenFile) -> Pipeline:
    """MGP-STR's ``vocab.json`` that was found: each character by itself.

    Raises:
        FormatError: it is no JSON object of ids, or has no unknown token.
    """
    what = str(file.path)
    pipeline = make_pipeline(
        {id_: name for name, id_ in read_ids(file.data, what).items()},
        Specials(file.beside, _OF_MGPSTR),
        words=r"[\s\S]",
        step=SpacesDecoder(),
        around=(None, None),
        what=what,
    )
    return replace(pipeline, metadata=_METADATA)
