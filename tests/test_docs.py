"""The examples in the README and in docs/ run as they are written.

Python blocks of one page share their names and run in order, in an empty folder; a `console` block
runs where its lines begin with `$ tokenry`. A block after `<!-- not run: reason -->` is left out.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


@dataclass(frozen=True)
class Block:
    """A fenced example and the line on which it begins."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """The examples of a page that are to be run."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        before = text[: match.start()].rstrip().rsplit("\n", 1)[-1]
        if not before.startswith("<!-- not run:"):
            found.append(Block(match[1], match[2], text[: match.start()].count("\n") + 2))
    return found


def pages_with(language: str) -> list[Path]:
    return [page for page in PAGES if any(block.language == language for block in blocks(page))]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages_with("python"), ids=name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    for block in blocks(page):
        if block.language == "python":
            source = "\n" * (block.line - 1) + block.text
            exec(compile(source, str(page), "exec", dont_inherit=True), names)


@pytest.mark.parametrize("page", pages_with("console"), ids=name)
def test_command_line_examples_run(page: Path, tmp_path: Path) -> None:
    prepare(tmp_path)
    for block in blocks(page):
        if block.language != "console":
            continue
        for line in re.sub(r"\\\n\s*", "", block.text).splitlines():
            if line.startswith("$ tokenry "):
                words = shlex.split(line[len("$ tokenry ") :], comments=True)
                run([each for word in words for each in expand(word, tmp_path)], tmp_path)


def expand(word: str, folder: Path) -> list[str]:
    """What the shell makes of a pattern of file names."""
    found = sorted(folder.glob(word)) if "*" in word else []
    return [str(path.relative_to(folder)) for path in found] or [word]


def prepare(folder: Path) -> None:
    """A little text, for the examples to work on."""
    import pydoc_data.topics

    (folder / "texts").mkdir()
    topics = pydoc_data.topics.topics
    for topic in sorted(topics)[:30]:
        (folder / "texts" / f"{topic}.txt").write_text(topics[topic], encoding="utf-8")


def run(arguments: list[str], folder: Path) -> None:
    code = "import sys; from tokenry.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        input="Hello world", env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, f"tokenry {shlex.join(arguments)}\n{done.stdout}{done.stderr}"


def test_architecture_names_what_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|native|tools|benchmarks|docs)/[^`*]+)`", text):
        assert (ROOT / path).exists(), f"ARCHITECTURE.md names {path}"


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md"], ids=name
)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{name(page)} links to {target}"


@pytest.mark.parametrize(
    "name", ["generate_systems", "generate_metrics", "generate_schemas", "generate_options"]
)
def test_generated_pages_are_up_to_date(name: str) -> None:
    script = ROOT / "tools" / f"{name}.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 0, f"run: python tools/{name}.py"


def test_every_learner_and_page_is_listed() -> None:
    from tokenry.learning import KINDS

    learners = (ROOT / "docs" / "learners" / "index.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert re.search(rf"^\| (\[{kind}\]\([^)]*\)|{kind}) \|", learners, re.MULTILINE), kind
    anew = re.search(r"kinds start anew instead: (.*?);", learners, re.DOTALL)
    assert anew is not None
    stated = re.findall(r"`(\w+)`", anew[1])
    assert stated == [kind for kind in KINDS if not KINDS.load(kind).resumes]
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in index, page.name
    for page in (ROOT / "docs" / "learners").glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in learners, page.name
