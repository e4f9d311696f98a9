"""The examples in the README and in docs/ run as they are written.

Python blocks of one page share their names and run in order, in a folder with a little text in
`texts/` and 500 words in `words.txt`; a `console` block runs where its lines begin with
`$ tokenry`, in a folder of its own. A block after `<!-- not run: reason -->` is left out; one after
`<!-- with transformers -->` (or torch, or datasets) runs where that is installed. Blocks after
`<!-- with published files -->`, and the Python of their page, run beside the most used published
tokenizers, where they are at hand (`TOKENRY_DATA`, and `TOKENRY_CENSUS` for a census elsewhere).
"""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import tokenry

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORDS = 500  # in words.txt
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


@dataclass(frozen=True)
class Block:
    """A fenced example and the line on which it begins."""

    language: str
    text: str
    line: int
    needs: str = ""  # what must be at hand, as its comment says


# Names that examples use, and where the files are: in TOKENRY_DATA, or in the census, which is its
# folder of that name unless TOKENRY_CENSUS says another.
PUBLISHED = {
    "gpt2/tokenizer.json": "tokenizers/gpt-2_tokenizer.json",
    "tokenizer.json": "tokenizers/gpt-2_tokenizer.json",
    "o200k_base.tiktoken": "tokenizers/o200k_base.tiktoken",
    "cl100k_base.tiktoken": "tokenizers/cl100k_base.tiktoken",
    "llama/tokenizer.model": "census/llama2-spm/tokenizer.model",
    "tokenizer.model": "census/llama2-spm/tokenizer.model",
}


def blocks(page: Path, *at_hand: str) -> list[Block]:
    """The examples of a page that can be run with what is at hand."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        before = text[: match.start()].rstrip().rsplit("\n", 1)[-1]
        needs = re.fullmatch(r"<!-- with (.*) -->", before)
        if before.startswith("<!-- not run:") or (needs and needs[1] not in at_hand):
            continue
        line = text[: match.start()].count("\n") + 2
        found.append(Block(match[1], match[2], line, needs[1] if needs else ""))
    return found


INSTALLED = tuple(
    name for name in ("transformers", "torch", "datasets") if importlib.util.find_spec(name)
)


def pages_with(language: str) -> list[Path]:
    return [page for page in PAGES if any(block.language == language for block in blocks(page))]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", pages_with("python"), ids=name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    for block in blocks(page, *INSTALLED):
        if block.language == "python":
            run_python(page, block, names)


def run_python(page: Path, block: Block, names: dict[str, object]) -> None:
    source = "\n" * (block.line - 1) + block.text
    exec(compile(source, str(page), "exec", dont_inherit=True), names)


@pytest.mark.parametrize("page", pages_with("console"), ids=name)
def test_command_line_examples_run(page: Path, tmp_path: Path) -> None:
    prepare(tmp_path)
    for block in blocks(page):
        if block.language == "console":
            run_console(block, tmp_path)


def run_console(block: Block, folder: Path) -> None:
    for line in re.sub(r"\\\n\s*", "", block.text).splitlines():
        if line.startswith("$ tokenry "):
            words = shlex.split(line[len("$ tokenry ") :], comments=True)
            run([each for word in words for each in expand(word, folder)], folder)


def published(place: str) -> Path:
    """Where a published file is at hand, if it is."""
    folder, name = place.split("/", 1)
    census = os.environ.get("TOKENRY_CENSUS") if folder == "census" else None
    return Path(census, name) if census else Path(os.environ.get("TOKENRY_DATA", "nowhere"), place)


def pages_with_published_files() -> list[Path]:
    needing = "published files"
    return [page for page in PAGES if any(each.needs for each in blocks(page, needing))]


@pytest.mark.shared
@pytest.mark.parametrize("page", pages_with_published_files(), ids=name)
def test_examples_run_with_published_tokenizers(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {known: published(place) for known, place in PUBLISHED.items()}
    missing = [str(file) for file in files.values() if not file.is_file()]
    if missing:
        pytest.skip(f"no published tokenizers: {missing[0]}")
    prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    for known, file in files.items():
        (tmp_path / known).parent.mkdir(exist_ok=True)
        (tmp_path / known).symlink_to(file)
    tokenry.load("gpt2/tokenizer.json").to_tiktoken("mine.tiktoken")
    names: dict[str, object] = {"__name__": "example"}
    for block in blocks(page, "published files"):
        if block.language == "python":
            run_python(page, block, names)
        elif block.language == "console" and block.needs:
            run_console(block, tmp_path)


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
    words = sorted(set(re.findall(r"[a-z]{5,}", " ".join(topics.values()))))
    chosen = words[:: len(words) // WORDS][:WORDS]
    (folder / "words.txt").write_text("\n".join(chosen) + "\n", encoding="utf-8")


def run(arguments: list[str], folder: Path) -> None:
    code = "import sys; from tokenry.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        input="Hello world", env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, f"tokenry {shlex.join(arguments)}\n{done.stdout}{done.stderr}"


COMMAND = re.compile(r"^(?:    |\$ )(?:\$ )?tokenry (.+)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_that_are_only_shown_are_those_that_exist(page: Path) -> None:
    import typer.main

    from tokenry.cli.app import app

    commands = typer.main.get_command(app).commands
    text = re.sub(r"\\\n\s*", "", page.read_text(encoding="utf-8"))
    for line in COMMAND.findall(text):
        said = f"{name(page)}: tokenry {line}"
        words = shlex.split(line, comments=True)
        assert words[0] in commands, said
        command = commands[words[0]]
        if hasattr(command, "commands") and len(words) > 1:
            assert words[1] in command.commands, said
            command = command.commands[words[1]]
        known = {"--help"} | {option for each in command.params for option in each.opts}
        flags = {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)}
        assert flags <= known, said


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
