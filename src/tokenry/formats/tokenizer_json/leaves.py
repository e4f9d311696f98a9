"""Components of a tokenizer.json, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from tokenry.errors import TokenryError
from tokenry.formats.json_walk import Node
from tokenry.text.oniguruma import TextPattern

T = TypeVar("T")
MAX_COUNT = 2**31 - 1
NOTHING = "(?:)"  # the empty pattern, which is found everywhere


def leaves(node: Node | None, children: str) -> Iterator[Node]:
    """The components that ``node`` stands for, sequences within sequences flattened."""
    if node is None:
        return
    if node.need("type").text() != "Sequence":
        yield node
        return
    for child in node.need(children).items():
        yield from leaves(child, children)


def read_leaf(leaf: Node, readers: Mapping[str, Callable[[Node], T]], what: str) -> T:
    """A component, by the reader of its type.

    Raises:
        UnsupportedError: no reader knows the type.
    """
    type_ = leaf.need("type").text()
    reader = readers.get(type_)
    if reader is None:
        leaf.unsupported(f"the {what} {type_!r} is not supported")
    return reader(leaf)


def read_pattern(node: Node) -> TextPattern:
    """What a component looks for."""
    content = node.need("pattern")
    keys = set(content.object())
    if keys == {"String"}:
        source, is_literal = content.need("String").text(), True
    elif keys == {"Regex"}:
        source, is_literal = content.need("Regex").text(), False
    else:
        content.fail("an object with 'String' or 'Regex'")
    if not source:
        source, is_literal = NOTHING, False
    try:
        return TextPattern(source, is_literal)
    except TokenryError as error:
        raise type(error)(f"{content.path}: {error}") from None
