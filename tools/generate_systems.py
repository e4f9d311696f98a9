"""Write docs/systems.md from docs/systems.tsv and the results in experiments/results/*.json.

`python tools/generate_systems.py` writes it, `--check` says whether it is up to date. Only facts: a
system is "no run yet" until an experiment of its own has left a JSON with its id and verdict; where
a part of it is in the library, the table names the part.
"""

from __future__ import annotations

import csv
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "systems.tsv"
PAGE = ROOT / "docs" / "systems.md"
RESULTS = ROOT / "experiments" / "results"

HEAD = """# Systems

Every published system that Tokenry sets out to rebuild, where it lives in the house (see
[ARCHITECTURE.md](../ARCHITECTURE.md)) and how far it is. **status** is `no run yet`, the name of
the part that the library already has, or the verdict of its experiment: *holds*, *holds in
direction*, *undecided here*, *does not hold here*. A verdict comes from a JSON in
`experiments/results`, never from hand: `python -m experiments ID --data DIR` runs it again.

Each part of a claim states the effect that is claimed and the smallest that would matter. Where the
95% interval is above none, it *holds*, or *holds in direction* where the effect is smaller than
claimed. Where it covers both none and an effect that would matter, or where the baseline stood at
the floor or the ceiling of its scale, the run could not have told: *undecided here*. A claim is as
good as its weakest part. The smallest effects that matter came with this rule, when the figures of
the runs below were known; runs before it keep the verdict of then, except S012 and S035, which were
judged again from the figures that they had kept. What a run costs us is no part of a claim; our own
targets stand under *our target*. This page is written by `tools/generate_systems.py`.

"""
COLUMNS = """| id | name | room | paper | status |
| --- | --- | --- | --- | --- |
"""


def systems() -> list[dict[str, str]]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def records() -> list[dict[str, Any]]:
    """The records of experiments at full size, by id."""
    paths = sorted(RESULTS.glob("*.json"))
    found = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return [record for record in found if record["size"] == "full"]


@cache
def parts() -> dict[str, str]:
    """What the library has of published systems, by id: its registries say it."""
    from tokenry.corpus.registry import PARTS, RECIPES, SCORERS
    from tokenry.learning import KINDS
    from tokenry.measuring.registry import METRICS
    from tokenry.transfer.distil.registry import OBJECTIVES
    from tokenry.transfer.registry import INITIALISERS

    return {
        system: registry.noun
        for registry in (METRICS, KINDS, INITIALISERS, OBJECTIVES, SCORERS, RECIPES, PARTS)
        for entry in registry.values()
        for system in entry.systems
    }


def status(id_: str, known: dict[str, str]) -> str:
    """What may be said of a system today."""
    if id_ in known:
        return known[id_]
    return f"{parts()[id_]}, no run yet" if id_ in parts() else "no run yet"


def table(known: dict[str, str]) -> str:
    """The row of each system."""
    rows = (
        (row["id"], row["name"], row["room"], row["paper"], status(row["id"], known))
        for row in systems()
    )
    return COLUMNS + "".join("| " + " | ".join(cells) + " |\n" for cells in rows)


def run_of(record: dict[str, Any]) -> str:
    """What one experiment claimed and found."""
    lines = [
        f"### {record['id']} {record['name']}: {record['verdict']}",
        "",
        f"{record['source']}",
        "",
        f"- claim: {record['claim']}",
        f"- scale: {record['scale']}",
        f"- baseline: {record['baseline']}",
        *(
            f"- {each['verdict']}: {each['statement']}; {each['found']}"
            for each in record["checks"]
        ),
        *(
            f"- our target, {'met' if each['met'] else 'missed'}: {each['statement']}; "
            f"{each['found']}"
            for each in record["costs"]
        ),
        *(f"- note: {note}" for note in record["notes"]),
        f"- run {record['created'][:10]}, {record['seconds']:,.0f} s: "
        f"`python -m experiments {record['id']} --data DIR`",
    ]
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    found = records()
    known = {id_: f"[{r['verdict']}](#runs)" for r in found for id_ in r["systems"]}
    runs = "\n## Runs\n\n" + "\n".join(map(run_of, found)) if found else ""
    return HEAD + table(known) + runs


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
