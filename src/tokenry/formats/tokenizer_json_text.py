"""Normalizers, pretokenizers, decoders and templates of a tokenizer.json, read into parts.

What a component is called and which settings it has follows Hugging Face's tokenizers 0.23; a
component or a setting that is not known here is an error that names it.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from typing import Literal, cast

from tokenry.errors import TokenryError
from tokenry.formats.json_walk import Node
from tokenry.text.decoders import steps as decoders
from tokenry.text.decoders.steps import DecoderStep
from tokenry.text.normalizers import steps as normalizers
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.charsmap import Charsmap
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer, Template
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.steps import (
    ByteLevel,
    CharDelimiterSplit,
    Cut,
    FixedLength,
    Metaspace,
    Split,
    Step,
    Whitespace,
    bert_steps,
)
from tokenry.vocabulary import MAX_ID

MAX_COUNT = 2**31 - 1
Scheme = Literal["always", "first", "never"]


def leaves(node: Node | None, children: str) -> Iterator[Node]:
    """The components that ``node`` stands for, sequences within sequences flattened."""
    if node is None:
        return
    if node.need("type").text() != "Sequence":
        yield node
        return
    for child in node.need(children).items():
        yield from leaves(child, children)


# Normalizers


def read_normalizers(node: Node | None) -> list[Normalizer]:
    """The normalizers of a file, in order."""
    return [_normalizer(leaf) for leaf in leaves(node, "normalizers")]


def _normalizer(node: Node) -> Normalizer:
    reader = _NORMALIZERS.get(node.need("type").text())
    if reader is None:
        node.unsupported(f"the normalizer {node.need('type').text()!r} is not supported")
    return reader(node)


def _pattern(node: Node) -> TextPattern:
    content = node.need("pattern")
    keys = set(content.object())
    if keys == {"String"}:
        source, is_literal = content.need("String").text(), True
    elif keys == {"Regex"}:
        source, is_literal = content.need("Regex").text(), False
    else:
        content.fail("an object with 'String' or 'Regex'")
    try:
        return TextPattern(source, is_literal)
    except TokenryError as error:
        raise type(error)(f"{content.path}: {error}") from None


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


_NORMALIZERS: dict[str, Callable[[Node], Normalizer]] = {
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
    "Replace": lambda node: normalizers.Replace(_pattern(node), node.need("content").text()),
    "BertNormalizer": _bert,
    "Precompiled": _precompiled,
    "ByteLevel": lambda node: normalizers.ByteLevelText(),
}


# Pretokenizers


def read_pretokenizers(node: Node | None) -> list[Step]:
    """The pretokenizers of a file, in order."""
    steps: list[Step] = []
    for leaf in leaves(node, "pretokenizers"):
        reader = _PRETOKENIZERS.get(leaf.need("type").text())
        if reader is None:
            leaf.unsupported(f"the pre-tokenizer {leaf.need('type').text()!r} is not supported")
        if any(isinstance(step, ByteLevel) for step in steps):
            leaf.unsupported("a pre-tokenizer after ByteLevel sees bytes and not text")
        steps += reader(leaf)
    return steps


def _behavior(node: Node) -> Behavior:
    name = node.text()
    for behavior in Behavior:
        if behavior.value == name:
            return behavior
    node.fail(f"one of {', '.join(each.value for each in Behavior)}")


def _punctuation(node: Node) -> tuple[Step, ...]:
    behavior = node.get("behavior")
    return (Cut("PUNCTUATION", Behavior.ISOLATED if behavior is None else _behavior(behavior)),)


def _digits(node: Node) -> tuple[Step, ...]:
    alone = node.need("individual_digits").flag()
    return (Cut("NUMERIC", Behavior.ISOLATED if alone else Behavior.CONTIGUOUS),)


def _split(node: Node) -> tuple[Step, ...]:
    return (Split(_pattern(node), _behavior(node.need("behavior")), node.need("invert").flag()),)


def metaspace_scheme(node: Node) -> Scheme:
    """When a mark is put before text, also as older files say it."""
    scheme = node.get("prepend_scheme")
    name = "always" if scheme is None else scheme.text()
    if name not in ("always", "first", "never"):
        node.need("prepend_scheme").fail("always, first or never")
    prefix = node.get("add_prefix_space")
    if prefix is not None and not prefix.flag():
        if scheme is not None and name != "never":
            prefix.fail(f"true, as prepend_scheme is {name!r}")
        name = "never"
    return cast(Scheme, name)


def _metaspace(node: Node) -> tuple[Step, ...]:
    replacement = node.need("replacement").character()
    return (Metaspace(replacement, metaspace_scheme(node), node.get_flag("split", True)),)


def _byte_level(node: Node) -> tuple[Step, ...]:
    return (ByteLevel(node.need("add_prefix_space").flag(), node.get_flag("use_regex", True)),)


def _fixed_length(node: Node) -> tuple[Step, ...]:
    length = node.get("length")
    size = 5 if length is None else length.integer(MAX_COUNT)
    return (FixedLength(size),) if size else node.need("length").fail("at least 1")


_PRETOKENIZERS: dict[str, Callable[[Node], tuple[Step, ...]]] = {
    "BertPreTokenizer": lambda node: bert_steps(),
    "ByteLevel": _byte_level,
    "CharDelimiterSplit": lambda node: (CharDelimiterSplit(node.need("delimiter").character()),),
    "Digits": _digits,
    "FixedLength": _fixed_length,
    "Metaspace": _metaspace,
    "Punctuation": _punctuation,
    "Split": _split,
    "Whitespace": lambda node: (Whitespace(),),
    "WhitespaceSplit": lambda node: (Cut("WHITE_SPACE", Behavior.REMOVED),),
}


# Decoders


def read_decoders(node: Node | None) -> tuple[DecoderStep, ...]:
    """The decoders of a file, in order; a space between tokens where it names none."""
    if node is None:
        return (decoders.SpacesDecoder(),)
    steps: list[DecoderStep] = []
    for leaf in leaves(node, "decoders"):
        reader = _DECODERS.get(leaf.need("type").text())
        if reader is None:
            leaf.unsupported(f"the decoder {leaf.need('type').text()!r} is not supported")
        steps.append(reader(leaf))
    return tuple(steps)


def _metaspace_decoder(node: Node) -> DecoderStep:
    replacement = node.need("replacement").character()
    return decoders.MetaspaceDecoder(replacement, metaspace_scheme(node) != "never")


def _strip_decoder(node: Node) -> DecoderStep:
    start, stop = (node.need(key).integer(MAX_COUNT) for key in ("start", "stop"))
    return decoders.StripDecoder(node.need("content").character(), start, stop)


def _ctc(node: Node) -> DecoderStep:
    pad, delimiter = (node.need(key).text() for key in ("pad_token", "word_delimiter_token"))
    return decoders.CTCDecoder(pad, delimiter, node.need("cleanup").flag())


_DECODERS: dict[str, Callable[[Node], DecoderStep]] = {
    "ByteLevel": lambda node: decoders.ByteLevelDecoder(),
    "Metaspace": _metaspace_decoder,
    "ByteFallback": lambda node: decoders.ByteFallbackDecoder(),
    "Fuse": lambda node: decoders.FuseDecoder(),
    "Strip": _strip_decoder,
    "Replace": lambda node: decoders.ReplaceDecoder(_pattern(node), node.need("content").text()),
    "WordPiece": lambda node: decoders.WordPieceDecoder(
        node.need("prefix").text(), node.need("cleanup").flag()
    ),
    "BPEDecoder": lambda node: decoders.BPEDecoder(node.need("suffix").text()),
    "CTC": _ctc,
}


# Post-processors


def read_template(node: Node | None) -> Template | None:
    """The ids around a single sequence; None where the file puts none."""
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    for leaf in leaves(node, "processors"):
        name = leaf.need("type").text()
        reader = _PROCESSORS.get(name)
        if reader is None:
            leaf.unsupported(f"the post-processor {name!r} is not supported")
        found = reader(leaf)
        if (before or after) and (found.before or found.after):
            leaf.unsupported("a second post-processor that adds ids is not supported")
        before, after = before + found.before, found.after + after
    return Template(before, after) if before or after else None


def _template(node: Node) -> Template:
    table = node.need("special_tokens")
    sides: list[list[int]] = [[]]
    for piece in node.need("single").items():
        if set(piece.object()) == {"SpecialToken"}:
            entry = table.need(piece.need("SpecialToken").need("id").text())
            sides[-1] += [each.integer(MAX_ID) for each in entry.need("ids").items()]
        elif set(piece.object()) == {"Sequence"}:
            if piece.need("Sequence").need("id").text() != "A":
                piece.fail("the sequence A, as this is the template of a single one")
            sides.append([])
        else:
            piece.fail("an object with 'SpecialToken' or 'Sequence'")
    if len(sides) != 2:
        node.unsupported("a template must have the sequence A once")
    return Template(tuple(sides[0]), tuple(sides[1]))


def _around(node: Node) -> Template:
    first, last = (list(node.need(key).items()) for key in ("cls", "sep"))
    if len(first) != 2 or len(last) != 2:
        node.fail("'cls' and 'sep' as a token and its id")
    return Template((first[1].integer(MAX_ID),), (last[1].integer(MAX_ID),))


_PROCESSORS: dict[str, Callable[[Node], Template]] = {
    "ByteLevel": lambda node: Template(),
    "TemplateProcessing": _template,
    "BertProcessing": _around,
    "RobertaProcessing": _around,
}
