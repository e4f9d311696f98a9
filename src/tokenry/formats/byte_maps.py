"""``byte_maps.json`` of MyT5 (Limisiewicz et al. 2024, arXiv:2403.10691): two maps that rewrite the
bytes of a text one after another, before they are ids behind three specials.

Characters are taken apart by ``decompose_map``, and what belongs together is written shorter by
``merge_map``; both have bytes as two hexadecimal digits, with spaces between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tokenry.errors import FormatError
from tokenry.formats.bytes_only import FAMILIES, of_family
from tokenry.formats.files import GivenFile
from tokenry.text.byte_rules import ByteRules
from tokenry.text.config import TokenizerConfig
from tokenry.text.decoders.rewritten_bytes import RewrittenBytesDecoder
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.rewritten_bytes import RewrittenBytesSegmenter

MAPS: Final = ("decompose_map", "merge_map")
_HEXADECIMAL: Final = re.compile("[0-9a-f]{2}(?: [0-9a-f]{2})*")
_FAMILY: Final = FAMILIES["ByT5Tokenizer"]


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with a configuration beside it or without one.

    Raises:
        FormatError: it is malformed.
    """
    content = TokenizerConfig.read(file.data, str(file.path)).values
    rules = tuple(_rules(content.get(name), f"{file.path}, {name}") for name in MAPS)
    back = tuple(each.reversed() for each in reversed(rules))
    pipeline, first = of_family(file.beside.config, _FAMILY), len(_FAMILY.specials)
    return replace(
        pipeline,
        segmenter=RewrittenBytesSegmenter(pipeline.vocabulary, first, rules),
        decoder=RewrittenBytesDecoder(first, back),
        lossless=False,
        metadata={"format": "byte_maps"},
    )


def _rules(content: object, what: str) -> ByteRules:
    if not isinstance(content, Mapping):
        raise FormatError(f"{what}: expected an object of bytes and what they become")
    return ByteRules(tuple((_bytes(old, what), _bytes(new, what)) for old, new in content.items()))


def _bytes(text: object, what: str) -> bytes:
    if not isinstance(text, str) or _HEXADECIMAL.fullmatch(text) is None:
        raise FormatError(f"{what}: {text!r} is not like 'c3 a9', bytes as hexadecimal digits")
    return bytes.fromhex(text)
