"""Write the schemas of the JSON results, and the page of their fields, from their classes.

`python tools/generate_schemas.py` writes docs/formats/<result>.schema.json (JSON Schema, draft
2020-12) and docs/formats/results.md; `--check` says whether they are up to date. Fields, kinds and
what they mean come from the dataclasses and their docstrings; nothing is said twice.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from tokenry.card.compared import Compared
from tokenry.card.content import CardContent
from tokenry.results import SavedResult
from tokenry.study.content import Study
from tokenry.study.model_comparison.content import ModelComparison

FOLDER = Path(__file__).parents[1] / "docs" / "formats"
RESULTS: Final[dict[str, type[SavedResult]]] = {
    "card": CardContent,
    "study": Study,
    "diff": Compared,
    "comparison": ModelComparison,
}
WRITERS: Final = {
    "card": "`tokenry measure --json`, `Card.save`",
    "study": "`tokenry study`: `study.json`",
    "diff": "`tokenry diff --json`, `Difference.save`",
    "comparison": "`tokenry compare-models`: `comparison.json`",
}
Schema = dict[str, Any]
SCALARS: Final[dict[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": ["number", "null"]},  # null: a figure that does not exist
    bool: {"type": "boolean"},
    Path: {"type": "string"},
    Any: {},
    object: {},
}


def schema_of(kind: type[SavedResult], name: str) -> Schema:
    """The schema of a whole result."""
    parts: dict[str, Schema] = {}
    whole = object_schema(kind, parts)
    head = {"format": {"const": kind.format}, "version": {"const": kind.version}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{kind.format}, version {kind.version}",
        "description": f"{summary(kind)} Written by {WRITERS[name].replace('`', '')}.",
        "type": "object",
        "properties": head | whole["properties"],
        "required": ["format", "version", *whole["required"]],
        "$defs": dict(sorted(parts.items())),
    }


def object_schema(kind: Any, parts: dict[str, Schema]) -> Schema:
    """The schema of a dataclass; those that it holds go into ``parts``.

    Fields marked flat stand among the others, or say what further fields hold.
    """
    found: Schema = {"type": "object", "description": summary(kind), "properties": {},
                     "required": []}  # fmt: skip
    hints, texts = get_type_hints(kind), descriptions(kind)
    for field in dataclasses.fields(kind):
        if "unsaved" in field.metadata:
            continue
        hint = hints[field.name]
        if "flat" not in field.metadata:
            text = texts.get(field.name)
            found["properties"][field.name] = schema(hint, parts) | (
                {"description": text} if text else {}
            )
            found["required"].append(field.name)
        elif dataclasses.is_dataclass(hint):
            inner = object_schema(hint, parts)
            found["properties"] |= inner["properties"]
            found["required"] += inner["required"]
        else:
            found |= {key: each for key, each in schema(hint, parts).items() if key != "type"}
    return found


def schema(hint: Any, parts: dict[str, Schema]) -> Schema:
    """The schema of what a field may hold."""
    if dataclasses.is_dataclass(hint):
        name = getattr(hint, "__name__", "")
        if name not in parts:
            parts[name] = {}  # it may hold itself
            parts[name] = object_schema(hint, parts)
        return {"$ref": f"#/$defs/{name}"}
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = [schema(each, parts) for each in inner if each is not NoneType]
        return {"anyOf": [*kinds, {"type": "null"}]} if NoneType in inner else {"anyOf": kinds}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (tuple, list):
        if origin is list or inner[1:] == (...,):
            return {"type": "array", "items": schema(inner[0], parts)}
        return {"type": "array", "prefixItems": [schema(each, parts) for each in inner],
                "minItems": len(inner), "maxItems": len(inner)}  # fmt: skip
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema(inner[1], parts)}
    return dict(SCALARS[hint])


def summary(kind: type) -> str:
    """The first sentence of a docstring."""
    return " ".join((inspect.getdoc(kind) or "").partition("\n\n")[0].split())


def descriptions(kind: type) -> dict[str, str]:
    """What the docstring says of each field."""
    section = re.search(
        r"^(?:Attributes|Args):\n((?:    .*\n?|\n)+)", inspect.getdoc(kind) or "", re.MULTILINE
    )
    found = {}
    for entry in re.split(r"\n(?=    \S)", section[1].rstrip() if section else ""):
        names, _, text = entry.strip().partition(": ")
        for name in names.split(", "):
            found[name] = " ".join(text.split())
    return found


def page() -> str:
    """The page of all fields."""
    lines = [
        "# Results as JSON",
        "",
        "Written by `tools/generate_schemas.py` from the classes that hold the results. Each file",
        "is UTF-8 and one object, which begins with `format` and `version`; a field that goes or",
        "changes makes a new version. What is `null` does not exist: an interval of one document,",
        "say. The schemas are JSON Schema, draft 2020-12. `Card.read`, `StudyResult.read` and",
        "`Difference.read` give the same as typed values.",
    ]
    for name, kind in RESULTS.items():
        whole = schema_of(kind, name)
        lines += ["", f"## {kind.format}", "", f"{WRITERS[name]}; schema: "
                  f"[{name}.schema.json]({name}.schema.json).", "",
                  *fields(whole), *parts(whole)]  # fmt: skip
    return "\n".join(lines) + "\n"


def parts(whole: Schema) -> Iterator[str]:
    """The objects that a result holds."""
    for name, part in whole["$defs"].items():
        yield from ("", f"### {name}", "", escaped(part["description"]), "", *fields(part))


def fields(part: Schema) -> Iterator[str]:
    """The fields of an object as a table."""
    yield from ("| field | kind | what it is |", "| --- | --- | --- |")
    for name, each in part["properties"].items():
        yield f"| `{name}` | {kind_text(each)} | {escaped(each.get('description', '')) or '–'} |"
    if "additionalProperties" in part:
        yield f"| any name | {kind_text(part['additionalProperties'])} | – |"


def kind_text(each: Schema) -> str:
    """A kind in words."""
    if "anyOf" in each:
        return " or ".join(map(kind_text, each["anyOf"])).replace("null or null", "null")
    if "$ref" in each:
        return str(each["$ref"].rpartition("/")[2])
    if "const" in each:
        return f"`{json.dumps(each['const'])}`"
    if "enum" in each:
        return " or ".join(f"`{json.dumps(value)}`" for value in each["enum"])
    if "prefixItems" in each:
        return f"list of {', '.join(map(kind_text, each['prefixItems']))}"
    if "items" in each:
        return f"list of {kind_text(each['items'])}"
    if "additionalProperties" in each:
        return f"object by name, of {kind_text(each['additionalProperties'])}"
    kinds = each.get("type", "anything")
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def escaped(text: str) -> str:
    """A docstring's text in a cell of a Markdown table."""
    return text.replace("``", "`").replace("|", "\\|")


def contents() -> dict[Path, str]:
    """What each file is to hold."""
    files = {
        FOLDER / f"{name}.schema.json": compact(schema_of(kind, name))
        for name, kind in RESULTS.items()
    }
    return {**files, FOLDER / "results.md": page()}


def compact(whole: Schema) -> str:
    """JSON with a line for each field of the result and for each object that it holds."""
    lines = []
    for key, value in whole.items():
        text = json.dumps(value, ensure_ascii=False)
        if key in ("properties", "$defs"):
            inner = (
                f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()
            )
            text = "{\n" + ",\n".join(inner) + "\n }"
        lines.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Write the files, or check them."""
    files = contents()
    stale = [
        path for path, text in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]  # fmt: skip
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.name}: out of date; run: python tools/generate_schemas.py")
        return 1 if stale else 0
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
