"""Characters under their code points: a ``tokenizer_config.json`` that names CANINE (Clark et al.
2021, arXiv:2103.06874), as transformers reads it.

Its specials are private characters, which are ids like any other.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tokenry.formats.files import GivenFile
from tokenry.text.config import TokenizerConfig
from tokenry.text.parts import AddedToken, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary

_CODES: Final = 0x110000
_SURROGATES: Final = range(0xD800, 0xE000)
_PAD, _CLS, _SEP, _MASK = 0, 0xE000, 0xE001, 0xE003
# They come of text as of any, and are written by their names.
_NAMED: Final = {0xE002: "[BOS]", 0xE004: "[RESERVED]"}


def read(file: GivenFile) -> Pipeline:
    """The tokenizer that a configuration names."""
    config = TokenizerConfig.read(file.data, "tokenizer_config.json")
    specials = [AddedToken(chr(code), code) for code in (_CLS, _SEP, _PAD, _MASK)]
    named = [AddedToken(chr(code), code, special=False) for code in _NAMED]
    vocabulary = _vocabulary()
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_merges(vocabulary, [], symbols="characters"),
        pretokenizer=NativePretokenizer("whole"),
        added_tokens=[*specials, *named],
        template=Template((_CLS,), (_SEP,)),
        lossless=False,
        config=config,
        metadata={"format": "code_points"},
    )


def _vocabulary() -> Vocabulary:
    codes = np.arange(_CODES)
    widths = 1 + (codes >= 0x80) + (codes >= 0x800) + (codes >= 0x10000)
    widths[_SURROGATES.start : _SURROGATES.stop] = 0
    offsets = np.zeros(_CODES + 1, np.uint64)
    np.cumsum(widths, out=offsets[1:])
    run = "".join(chr(code) for code in range(_CODES) if code not in _SURROGATES).encode()
    names = {code: name.encode() for code, name in _NAMED.items()}
    return Vocabulary.from_packed(run, offsets).with_ids(names, dict.fromkeys(names, "special"))
