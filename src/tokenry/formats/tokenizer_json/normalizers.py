"""Normalizers of a tokenizer.json, as those of Hugging Face's tokenizers 0.23."""

from __future__ import annotations

import binascii
from collections.abc import Callable

from tokenry.errors import TokenryError
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.leaves import leaves, read_leaf, read_pattern
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.byte_level import ByteLevelText
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.normalizers.nmt import Nmt
from tokenry.text.normalizers.precompiled import Precompiled
from tokenry.text.normalizers.replacing import Prepend, Replace, Strip
from tokenry.text.normalizers.unicode_forms import Lowercase, StripAccents, UnicodeForm
from tokenry.text.parts import Normalizer


def read_normalizers(node: Node | None) -> list[Normalizer]:
    """The normalizers of a file, in order.

    Raises:
        FormatError: one is malformed.
        UnsupportedError: one is not known here.
    """
    return [read_leaf(leaf, NORMALIZERS, "normalizer") for leaf in leaves(node, "normalizers")]


def _bert(node: Node) -> Normalizer:
    accents = node.get("strip_accents")
    return BertNormalizer(
        node.need("clean_text").flag(),
        node.need("handle_chinese_chars").flag(),
        None if accents is None else accents.flag(),
        node.need("lowercase").flag(),
    )


def _precompiled(node: Node) -> Normalizer:
    encoded = node.need("precompiled_charsmap")
    try:
        blob = binascii.a2b_base64(encoded.text(), strict_mode=True)
        return Precompiled(Charsmap(blob))
    except (ValueError, TokenryError) as error:
        encoded.fail(f"base64 of a charsmap ({error})")


NORMALIZERS: dict[str, Callable[[Node], Normalizer]] = {
    "NFC": lambda node: UnicodeForm("NFC"),
    "NFD": lambda node: UnicodeForm("NFD"),
    "NFKC": lambda node: UnicodeForm("NFKC"),
    "NFKD": lambda node: UnicodeForm("NFKD"),
    "Lowercase": lambda node: Lowercase(),
    "StripAccents": lambda node: StripAccents(),
    "Nmt": lambda node: Nmt(),
    "Strip": lambda node: Strip(node.need("strip_left").flag(), node.need("strip_right").flag()),
    "Prepend": lambda node: Prepend(node.need("prepend").text()),
    "Replace": lambda node: Replace(read_pattern(node), node.need("content").text()),
    "BertNormalizer": _bert,
    "Precompiled": _precompiled,
    "ByteLevel": lambda node: ByteLevelText(),
}
