"""Decoders of a tokenizer.json, as those of Hugging Face's tokenizers 0.23."""

from __future__ import annotations

from collections.abc import Callable

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.leaves import MAX_COUNT, leaves, read_leaf, read_pattern
from tokenry.formats.tokenizer_json.pretokenizers import metaspace_scheme
from tokenry.text.decoders.steps import (
    BPEDecoder,
    ByteFallbackDecoder,
    ByteLevelDecoder,
    CTCDecoder,
    DecoderStep,
    FuseDecoder,
    MetaspaceDecoder,
    ReplaceDecoder,
    SpacesDecoder,
    StripDecoder,
    WordPieceDecoder,
)


def read_decoders(node: Node | None) -> tuple[DecoderStep, ...]:
    """The decoders of a file, in order; a space between tokens where it names none.

    Raises:
        FormatError: one is malformed.
        UnsupportedError: one is not known here.
    """
    if node is None:
        return (SpacesDecoder(),)
    return tuple(read_leaf(leaf, DECODERS, "decoder") for leaf in leaves(node, "decoders"))


def _metaspace_decoder(node: Node) -> DecoderStep:
    replacement = node.need("replacement").character()
    return MetaspaceDecoder(replacement, metaspace_scheme(node) != "never")


def _strip_decoder(node: Node) -> DecoderStep:
    start, stop = (node.need(key).integer(MAX_COUNT) for key in ("start", "stop"))
    return StripDecoder(node.need("content").character(), start, stop)


def _ctc(node: Node) -> DecoderStep:
    pad, delimiter = (node.need(key).text() for key in ("pad_token", "word_delimiter_token"))
    return CTCDecoder(pad, delimiter, node.need("cleanup").flag())


DECODERS: dict[str, Callable[[Node], DecoderStep]] = {
    "ByteLevel": lambda node: ByteLevelDecoder(),
    "Metaspace": _metaspace_decoder,
    "ByteFallback": lambda node: ByteFallbackDecoder(),
    "Fuse": lambda node: FuseDecoder(),
    "Strip": _strip_decoder,
    "Replace": lambda node: ReplaceDecoder(read_pattern(node), node.need("content").text()),
    "WordPiece": lambda node: WordPieceDecoder(
        node.need("prefix").text(), node.need("cleanup").flag()
    ),
    "BPEDecoder": lambda node: BPEDecoder(node.need("suffix").text()),
    "CTC": _ctc,
}
