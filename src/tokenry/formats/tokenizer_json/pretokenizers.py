"""Pretokenizers of a tokenizer.json, as those of Hugging Face's tokenizers 0.23."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.leaves import MAX_COUNT, leaves, read_leaf, read_pattern
from tokenry.text.pretokenizers.byte_spelling import ByteSpelling
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.scripts import ScriptSplit
from tokenry.text.pretokenizers.sequence import bert_steps
from tokenry.text.pretokenizers.steps import (
    ByteLevel,
    CharacterSplit,
    CharDelimiterSplit,
    FixedLength,
    Metaspace,
    PatternSplit,
    PretokenizerStep,
    Scheme,
    Whitespace,
)


def read_pretokenizers(node: Node | None) -> list[PretokenizerStep]:
    """The pretokenizers of a file, in order.

    Raises:
        FormatError: one is malformed.
        UnsupportedError: one is not known here.
    """
    steps: list[PretokenizerStep] = []
    for leaf in leaves(node, "pretokenizers"):
        steps = spelled_out(steps)
        steps += read_leaf(leaf, PRETOKENIZERS, "pre-tokenizer")
    return steps


def spelled_out(steps: Sequence[PretokenizerStep]) -> list[PretokenizerStep]:
    """The steps, and that what follows a last ByteLevel sees its alphabet."""
    return [*steps, ByteSpelling()] if steps and steps[-1].spells_bytes else [*steps]


def _behavior(node: Node) -> Behavior:
    name = node.text()
    for behavior in Behavior:
        if behavior.value == name:
            return behavior
    node.fail(f"one of {', '.join(each.value for each in Behavior)}")


def _punctuation(node: Node) -> tuple[PretokenizerStep, ...]:
    behavior = node.get("behavior")
    return (
        CharacterSplit(
            "PUNCTUATION", Behavior.ISOLATED if behavior is None else _behavior(behavior)
        ),
    )


def _digits(node: Node) -> tuple[PretokenizerStep, ...]:
    alone = node.need("individual_digits").flag()
    return (CharacterSplit("NUMERIC", Behavior.ISOLATED if alone else Behavior.CONTIGUOUS),)


def _split(node: Node) -> tuple[PretokenizerStep, ...]:
    return (
        PatternSplit(
            read_pattern(node), _behavior(node.need("behavior")), node.need("invert").flag()
        ),
    )


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


def _metaspace(node: Node) -> tuple[PretokenizerStep, ...]:
    replacement = node.need("replacement").character()
    return (Metaspace(replacement, metaspace_scheme(node), node.get_flag("split", True)),)


def _byte_level(node: Node) -> tuple[PretokenizerStep, ...]:
    return (ByteLevel(node.need("add_prefix_space").flag(), node.get_flag("use_regex", True)),)


def _fixed_length(node: Node) -> tuple[PretokenizerStep, ...]:
    length = node.get("length")
    size = 5 if length is None else length.integer(MAX_COUNT)
    return (FixedLength(size),) if size else node.need("length").fail("at least 1")


PRETOKENIZERS: dict[str, Callable[[Node], tuple[PretokenizerStep, ...]]] = {
    "BertPreTokenizer": lambda node: bert_steps(),
    "ByteLevel": _byte_level,
    "CharDelimiterSplit": lambda node: (CharDelimiterSplit(node.need("delimiter").character()),),
    "Digits": _digits,
    "FixedLength": _fixed_length,
    "Metaspace": _metaspace,
    "Punctuation": _punctuation,
    "Split": _split,
    "UnicodeScripts": lambda node: (ScriptSplit(),),
    "Whitespace": lambda node: (Whitespace(),),
    "WhitespaceSplit": lambda node: (CharacterSplit("WHITE_SPACE", Behavior.REMOVED),),
}
