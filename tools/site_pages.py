"""Pages of the site that nobody writes: one for each part, metric, operation and system.

mkdocs calls `on_files` (`hooks` in mkdocs.yml). Registries are read as text, so that the site is
built where nothing of the package can be imported.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROOMS = {
    "learning": "Learners",
    "corpus": "Choosing documents",
    "domains": "Domains of data",
    "transfer": "Ways to put a tokenizer under a model",
    "models": "Kinds of causal models",
    "shards": "Formats, packers and transforms of shards",
    "neural": "Parts of networks and of trainings",
}
SITE = "https://arxiv.org/abs/"


@dataclass(frozen=True)
class Part:
    """A line of a registry: its name, ``module:attribute`` and where it comes from."""

    room: str
    name: str
    target: str
    source: str

    @property
    def place(self) -> str:
        """The page, in the site."""
        return f"parts/{self.room}/{self.target.replace(':', '-')}.md"

    def page(self) -> str:
        """What stands on it."""
        module, attribute = self.target.split(":")
        said = f"\n\nSource: {self.source}." if self.source else ""
        return f"# {self.name}{said}\n\n::: {module}.{attribute}\n"


def parts(room: str) -> list[Part]:
    """The lines of a room's registry, each target once."""
    tree = ast.parse((ROOT / "src/tokenry" / room / "registry.py").read_text(encoding="utf-8"))
    names = dict(_constants(tree))
    makers = {"Entry": "{target}", **dict(_makers(tree, names))}
    found: dict[str, Part] = {}
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        template = makers.get(call.func.id)
        said = [_text(each, names) for each in call.args[:3]]
        if template is None or len(said) < 2 or said[0] is None or said[1] is None:
            continue
        target = template.replace("{target}", said[1])
        if ":" in target:
            source = said[2] if len(said) > 2 and said[2] else ""
            found.setdefault(target, Part(room, said[0], target, source.rstrip(".")))
    return list(found.values())


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    known: dict[str, str] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        text = _text(getattr(node, "value", None), known)
        if isinstance(target, ast.Name) and text is not None:
            known[target.id] = text
            yield target.id, text


def _makers(tree: ast.Module, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Functions of a registry that put a target together, and how."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
            call = node.body[-1].value
            if isinstance(call, ast.Call) and len(call.args) > 1:
                template = _text(call.args[1], {**names, "target": "{target}"})
                if template is not None:
                    yield node.name, template


def _text(node: Any, names: dict[str, str]) -> str | None:
    """A text that the source says, in parts or by a name."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, names)
    if isinstance(node, ast.JoinedStr):
        said = [_text(each, names) for each in node.values]
        return None if None in said else "".join(filter(None, said))
    return None


@dataclass(frozen=True)
class Metric:
    """An entry of a metric: what it says of itself, by name."""

    said: dict[str, str]

    @property
    def place(self) -> str:
        """The page, in the site."""
        return f"metrics/{self.said['name']}.md"

    def page(self) -> str:
        """What stands on it."""
        said = self.said
        facts = {"Name": f"`{said['name']}`", "Unit": said["unit"], "Needs": said["needs"]}
        if said.get("better"):
            facts["Better"] = said["better"]
        if said.get("source"):
            facts["Source"] = said["source"]
        rows = "".join(f"- {what}: {fact}.\n" for what, fact in facts.items())
        function = said["target"].replace(":", ".")
        return f"# {said['label']}\n\n{said['doc']}\n\n{rows}\n## Measured by\n\n::: {function}\n"


def metrics() -> list[Metric]:
    """All entries of metrics, by what is said in their calls and in the partial ones."""
    found = []
    for name in ("text_metrics", "section_metrics"):
        path = ROOT / "src/tokenry/measuring" / f"{name}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"))
        makers: dict[str, dict[str, str]] = {"Metric": {}}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                call = node.value
                if _named(call) == "partial" and isinstance(node.targets[0], ast.Name):
                    base = makers[getattr(call.args[0], "id", "")]
                    makers[node.targets[0].id] = base | _keywords(call)
        for each in ast.walk(tree):
            if isinstance(each, ast.Call) and _named(each) in makers and each.args:
                given = dict(
                    zip(("name", "target"), map(ast.literal_eval, each.args), strict=False)
                )
                found.append(Metric(makers[_named(each)] | given | _keywords(each)))
    return found


def _named(call: ast.Call) -> str:
    return getattr(call.func, "id", "")


def _keywords(call: ast.Call) -> dict[str, str]:
    return {
        each.arg: each.value.value
        for each in call.keywords
        if each.arg and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str)
    }


def operations() -> list[Part]:
    """Operations of surgery: public functions that give one, or another tokenizer."""
    found = []
    for path in sorted((ROOT / "src/tokenry/surgery").glob("[a-z]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if getattr(node.returns, "id", "") in ("Surgery", "Tokenizer"):
                target = f"tokenry.surgery.{path.stem}:{node.name}"
                found.append(Part("surgery", node.name, target, ""))
    return found


def systems() -> Iterator[tuple[str, str]]:
    """A page for each published system that is to be rebuilt; one that was run has its own."""
    with (ROOT / "docs/systems.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            body = (
                f"# {row['id']}: {row['name']}\n\n*{row['paper']}*\n\n"
                f"Works when: {row['works when']}.\n\nRoom: `{row['room']}`. "
                "How far it is: [systems](../systems.md).\n"
            )
            yield f"systems/{row['id']}.md", body


def overview() -> str:
    """The page that leads to all of them."""
    said = "Every part and metric by its registry, every system by its number."
    lines = ["# Parts and systems", "", said]
    for room, title in ROOMS.items():
        lines += ["", f"## {title}", ""]
        lines += [f"- [{each.name}](../{each.place})" for each in parts(room)]
    lines += ["", "## Operations of surgery", ""]
    lines += [f"- [{each.name}](../{each.place})" for each in operations()]
    lines += ["", "## Metrics", ""]
    lines += [f"- [{each.said['label']}](../{each.place})" for each in metrics()]
    lines += ["", "## Systems", ""]
    lines += [f"- [{Path(place).stem}](../{place})" for place, _ in systems()]
    return "\n".join(lines) + "\n"


def on_files(files: Any, config: Any) -> Any:
    """Add the pages; called by mkdocs."""
    from mkdocs.structure.files import File

    every: list[Part | Metric] = [
        *(each for room in ROOMS for each in parts(room)),
        *operations(),
        *metrics(),
    ]
    made = [(each.place, each.page()) for each in every]
    unrun = [each for each in systems() if not (ROOT / "docs" / each[0]).exists()]
    for place, content in [*made, *unrun, ("parts/index.md", overview())]:
        files.append(File.generated(config, place, content=content))
    return files
