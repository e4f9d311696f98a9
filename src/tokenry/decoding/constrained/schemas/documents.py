"""A document with schemas: its draft, and what its references point at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urljoin

from tokenry.errors import ConstraintError

DRAFTS: Final = {
    "http://json-schema.org/draft-04/schema": 4,
    "http://json-schema.org/draft-06/schema": 6,
    "http://json-schema.org/draft-07/schema": 7,
    "https://json-schema.org/draft/2019-09/schema": 2019,
    "https://json-schema.org/draft/2020-12/schema": 2020,
}
NEWEST: Final = 2020
READ: Final = frozenset({
    "anyOf", "oneOf", "allOf", "$ref", "const", "enum", "type", "items", "additionalItems",
    "prefixItems", "minItems", "maxItems", "properties", "additionalProperties",
    "patternProperties", "required", "minProperties", "maxProperties", "minLength", "maxLength",
    "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf",
})  # fmt: skip
"""Keywords that are read."""
SILENT: Final = frozenset({
    "$anchor", "$defs", "definitions", "$schema", "$id", "id", "$comment", "title", "description",
    "default", "readOnly", "writeOnly", "examples", "contentMediaType", "contentEncoding",
})  # fmt: skip
"""Keywords that ask for nothing."""
UNREAD: Final = {
    "dependencies": 4, "not": 4, "uniqueItems": 4, "contains": 6, "propertyNames": 6, "if": 7,
    "then": 7, "else": 7, "$recursiveAnchor": 2019, "$recursiveRef": 2019,
    "dependentRequired": 2019, "dependentSchemas": 2019, "maxContains": 2019, "minContains": 2019,
    "unevaluatedItems": 2019, "unevaluatedProperties": 2019, "$dynamicAnchor": 2020,
    "$dynamicRef": 2020,
}  # fmt: skip
"""Keywords that are refused, and the draft since which they mean something."""


class SchemaDocument:
    """Schemas of one document.

    Args:
        root: the whole of it.
    """

    def __init__(self, root: Any) -> None:
        self.root = root
        named = root.get("$schema") if isinstance(root, Mapping) else None
        name = named.rstrip("#") if isinstance(named, str) else ""
        self.draft = DRAFTS.get(name, NEWEST)
        self._bases: dict[int, str] = {}
        self._places: dict[str, Any] = {"": root}
        for node, base in _nodes(root, ""):
            self._bases[id(node)] = base
            for key in ("$id", "id"):
                if isinstance(node.get(key), str):
                    self._places.setdefault(base, node)
            if isinstance(node.get("$anchor"), str):
                self._places.setdefault(f"{base}#{node['$anchor']}", node)

    def refused(self, schema: Mapping[str, Any]) -> list[str]:
        """Keywords that mean something, and are not read."""
        return sorted(key for key in schema if UNREAD.get(key, NEWEST + 1) <= self.draft)

    def asks(self, schema: Mapping[str, Any]) -> bool:
        """Whether any keyword asks for something."""
        return bool(READ & schema.keys()) or bool(self.refused(schema))

    def target(self, schema: Mapping[str, Any], reference: str) -> str:
        """The full name of what a reference in a schema points at."""
        return urljoin(self._bases.get(id(schema), ""), reference).removesuffix("#")

    def schema(self, target: str) -> Any:
        """What stands there.

        Raises:
            ConstraintError: nothing does, or it is another document.
        """
        if target in self._places:
            return self._places[target]
        base, fragment = urldefrag(target)
        if base not in self._places:
            raise ConstraintError(
                f"$ref {target!r} points out of the document, and nothing is fetched; put it "
                "under $defs"
            )
        found = self._places[base]
        for part in unquote(fragment).split("/")[1:] if fragment.startswith("/") else [None]:
            found = _child(found, part)
            if found is None:
                raise ConstraintError(f"$ref {target!r} points at nothing; define it")
        return found


def _child(node: Any, part: str | None) -> Any:
    if part is None:
        return None
    name = part.replace("~1", "/").replace("~0", "~")
    if isinstance(node, Mapping):
        return node.get(name)
    if isinstance(node, list) and name.isdigit() and int(name) < len(node):
        return node[int(name)]
    return None


def _nodes(root: Any, base: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Every object of a document and the address that references in it are relative to."""
    left = [(root, base)]
    while left:
        node, base = left.pop()
        if isinstance(node, Mapping):
            own = node.get("$id", node.get("id"))
            if isinstance(own, str) and not own.startswith("#"):
                base = urljoin(base, own).rstrip("#")
            yield node, base
            left += [(child, base) for child in node.values()]
        elif isinstance(node, list):
            left += [(child, base) for child in node]


def shown(value: Any) -> str:
    """A value for a message."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:60]}..."
