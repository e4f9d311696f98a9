"""Normalizers of a tokenizer.json, as those of Hugging Face's tokenizers 0.23."""

from __future__ import annotations

import binascii
from collections.abc import Callable

from tokenry.errors import TokenryError
from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.leaves import leaves, read_leaf, read_pattern
from tokenry.text.normalizers import steps as normalizers
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.charsmap import Charsmap
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
        return normalizers.Precompiled(Charsmap(blob))
    except (ValueError, TokenryError) as error:
        encoded.fail(f"base64 of a charsmap ({error})")


NORMALIZERS: dict[str, Callable[[Node], Normalizer]] = {
    "NFC": lambda node: normalizers.Form("NFC"),
    "NFD": lambda node: normalizers.Form("NFD"),
    "NFKC": lambda node: normalizers.Form("NFKC"),
    "NFKD": lambda node: normalizers.Form("NFKD"),
    "Lowercase": lambda node: normalizers.Lowercase(),
    "StripAccents": lambda node: normalizers.StripAccents(),
    "Strip": lambda node: normalizers.Strip(
        node.need("strip_left").flag(), node.need("strip_right").flag()
    ),
    "Prepend": lambda node: normalizers.Prepend(node.need("prepend").text()),
    "Replace": lambda node: normalizers.Replace(read_pattern(node), node.need("content").text()),
    "BertNormalizer": _bert,
    "Precompiled": _precompiled,
    "ByteLevel": lambda node: normalizers.ByteLevelText(),
}
