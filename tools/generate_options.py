"""Write docs/learners/options.md: the options of every learner, from docstrings and annotations.

`python tools/generate_options.py` writes it, `--check` says whether it is up to date.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from pathlib import Path

from tokenry.learning import KINDS

PAGE = Path(__file__).parents[1] / "docs" / "learners" / "options.md"
HEAD = """# Options of learners

Written by `tools/generate_options.py` from the classes of the learners. In Python an option is an
argument, `learn(corpus, kind="bpe", min_frequency=2)`; on the command line `--set min_frequency=2`,
and `--vocab-size 48k`, `--special-tokens A,B` and `--reserve N` for what all have. An option that
does not exist, or a value that will not do, is an error that says what would.
"""
LONGEST = 40  # characters of a default that is shown


def described(kind: type) -> dict[str, str]:
    """What the docstrings of a class and of its groups say of each option; the class first."""
    found: dict[str, str] = {}
    for each in kind.__mro__:
        text = inspect.cleandoc(each.__doc__ or "")
        section = re.search(r"^Attributes:\n((?:    .*\n?|\n)*)", text, re.MULTILINE)
        for item in re.split(r"\n(?=    \w)", "\n" + section[1]) if section else ():
            match = re.match(r"\s*([\w, ]+):\s+(.*)", item, re.DOTALL)
            if match:
                for name in match[1].split(","):
                    found.setdefault(name.strip(), " ".join(match[2].split()))
    return found


def cell(text: str) -> str:
    """A text in a cell of a Markdown table."""
    return text.replace("``", "`").replace("|", "\\|")


def default(field: dataclasses.Field[object]) -> str:
    """A default, as it is written in Python."""
    if field.default is dataclasses.MISSING:
        return "–"
    shown = repr(field.default)
    return f"`{shown}`" if len(shown) <= LONGEST else "see the text"


def section(name: str) -> str:
    """The options of one learner, those of its own first."""
    kind = KINDS.load(name)
    text = described(kind)
    rows = [field for field in dataclasses.fields(kind) if field.init]
    missing = [field.name for field in rows if field.name not in text]
    if missing:
        raise SystemExit(f"{name}: no docstring of its class says what {missing} are")
    lines = [
        f"| `{field.name}` | {cell(default(field))} | {cell(text[field.name])} |"
        for field in reversed(rows)
    ]
    return f"\n## {name}\n\n{KINDS[name].source}\n\n" + "\n".join(
        ["| option | default | what it is |", "| --- | --- | --- |", *lines, ""]
    )


def page() -> str:
    """The whole page."""
    return HEAD + "".join(map(section, KINDS))


def main() -> int:
    """Write the page, or check it."""
    fresh = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != fresh:
        print("docs/learners/options.md: out of date; run: python tools/generate_options.py")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
