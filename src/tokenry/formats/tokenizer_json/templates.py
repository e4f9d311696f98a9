"""Post-processors of a tokenizer.json: the ids that they put around a sequence."""

from __future__ import annotations

from collections.abc import Callable

from tokenry.formats.json_walk import Node
from tokenry.formats.tokenizer_json.leaves import leaves, read_leaf
from tokenry.text.parts import Template
from tokenry.vocabulary import MAX_ID


def read_template(node: Node | None) -> Template | None:
    """The ids around a single sequence; None where the file puts none."""
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    for leaf in leaves(node, "processors"):
        found = read_leaf(leaf, PROCESSORS, "post-processor")
        before, after = found.before + before, after + found.after
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


PROCESSORS: dict[str, Callable[[Node], Template]] = {
    "ByteLevel": lambda node: Template(),
    "TemplateProcessing": _template,
    "BertProcessing": _around,
    "RobertaProcessing": _around,
}
