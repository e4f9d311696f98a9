"""Write docs/systems.md and docs/systems/ from docs/systems.tsv and experiments/results/*.json.

`python tools/generate_systems.py` writes the table, and a page with a figure for each record;
`--check` says whether they are up to date. Only facts: a system is "no run yet" until an experiment
of its own has left a JSON with its id and verdict; where a part of it is in the library, the table
names the part.
"""

from __future__ import annotations

import csv
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # run as a script

from tools.system_records import record_pages  # noqa: E402

TABLE = ROOT / "docs" / "systems.tsv"
DOCS = ROOT / "docs"
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
good as its weakest part. A verdict has to stand on two draws of data that share no document (two
halves of the data, with other seeds): where the draws part, it is *undecided here*. *One draw*: the
page of the record says why there is no second one; what is seen once may be a chance of the data.
The smallest effects that matter came when the figures of some runs were known. What a run costs us
is no part of a claim; our own targets stand under *our target*. This page and those of the records
are written by `tools/generate_systems.py`.

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


def verdict_of(record: dict[str, Any]) -> str:
    """What its row says: the verdict, with the page of its record."""
    draws = "" if record.get("second") else ", one draw"
    return f"[{record['verdict']}](systems/{record['id']}.md){draws}"


def pages() -> dict[str, str]:
    """Files under docs/ and their contents: the table, and a page with a figure a record."""
    found = records()
    known = {id_: verdict_of(record) for record in found for id_ in record["systems"]}
    others = "".join(
        f"| {r['id']} | {r['name']} | | {r['source']} | {verdict_of(r)} |\n"
        for r in found
        if not r["systems"]
    )
    beside = f"\n## Claims of no row\n\n{COLUMNS}{others}" if others else ""
    rows = {row["id"]: row for row in systems()}
    made = {"systems.md": HEAD + table(known) + beside}
    for record in found:
        for name, content in record_pages(record, rows.get(record["id"])).items():
            made[f"systems/{name}"] = content
    return made


def main() -> int:
    """Write the pages, or check them."""
    fresh = pages()
    stale = {f"systems/{path.name}" for path in (DOCS / "systems").glob("*")} - set(fresh)
    if "--check" in sys.argv[1:]:
        apart = [name for name, content in fresh.items() if _now(name) != content]
        for name in [*apart, *sorted(stale)]:
            print(f"docs/{name} is out of date; run: python tools/generate_systems.py")
        return int(bool(apart or stale))
    (DOCS / "systems").mkdir(exist_ok=True)
    for name, content in fresh.items():
        (DOCS / name).write_text(content, encoding="utf-8")
    for name in stale:
        (DOCS / name).unlink()
    return 0


def _now(name: str) -> str:
    path = DOCS / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
