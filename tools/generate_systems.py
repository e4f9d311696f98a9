"""Write docs/systems.md from docs/systems.tsv and the results in experiments/results/*.json.

`python tools/generate_systems.py` writes it, `--check` says whether it is up to date. Only facts: a
system is "no run yet" until an experiment of its own has left a JSON with its id and verdict; where
a part of it is in the library, the table names the part.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "systems.tsv"
PAGE = ROOT / "docs" / "systems.md"
RESULTS = ROOT / "experiments" / "results"

# Parts of published systems that the library has, by id and by the file that must exist.
PARTS = {"S042": ("learner", "src/tokenry/learning/superbpe.py")}

HEAD = """# Systems

Every published system that Tokenry sets out to rebuild, where it lives in the house (see
[ARCHITECTURE.md](../ARCHITECTURE.md)) and how far it is. **status** is `no run yet`, the name of
the part that the library already has, or the verdict of its experiment: *holds*, *holds in
direction*, *does not hold here*. A verdict comes from a JSON in `experiments/results`, never from
hand. This page is written by `tools/generate_systems.py`.

| id | name | room | paper | status |
| --- | --- | --- | --- | --- |
"""


def systems() -> list[dict[str, str]]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def verdicts() -> dict[str, str]:
    """System id -> verdict, from the results of experiments."""
    found: dict[str, str] = {}
    for path in sorted(RESULTS.glob("*.json")):
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found[str(result["system"])] = str(result["verdict"])
    return found


def status(id_: str, known: dict[str, str]) -> str:
    """What may be said of a system today."""
    if id_ in known:
        return known[id_]
    part, file = PARTS.get(id_, ("", ""))
    return f"{part}, no run yet" if file and (ROOT / file).exists() else "no run yet"


def page() -> str:
    """The whole page."""
    known = verdicts()
    rows = (
        (row["id"], row["name"], row["room"], row["paper"], status(row["id"], known))
        for row in systems()
    )
    return HEAD + "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def main() -> int:
    """Write the page, or check it."""
    fresh = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if current != fresh:
            print("docs/systems.md is out of date; run: python tools/generate_systems.py")
            return 1
        return 0
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
