"""A draft for SmolLM2: its first three blocks, trained for a minute or two on text of three kinds.

`python -m experiments.decoding.cut_draft OUT` writes it to a folder, for ``--draft``.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from experiments.decoding.pairs import DOMAINS, smollm2
from experiments.harness.corpora import Sides
from experiments.harness.data import Data
from experiments.harness.experiment import Setting
from experiments.harness.kept import Kept, source_of
from tokenry.models.cutting import first_blocks
from tokenry.transfer.heal import HealOptions, HealStage, heal

BLOCKS: Final = 3
LEARNT: Final = 200_000  # bytes of each kind of text
HELD: Final = 60_000
OPTIONS: Final = HealOptions(
    steps=80,
    stages=(HealStage("blocks", ("*layers*", "*norm*"), 1.0, 1.5e-3),),
    length=96,
    batch=4,
)


def cut_draft(data: Data, out: Path, work: Path) -> Path:
    """Write the draft; it learns from the documents that `pairs.text_of` learns from.

    Args:
        data: the real data.
        out: the folder; one that is there is taken as it is.
        work: where the training goes on from.
    """
    if not out.exists():
        sides = Sides.of(data, DOMAINS, limit=LEARNT, held=HELD)
        cut = work / "cut"
        if not cut.exists():
            first_blocks(smollm2(), BLOCKS, cut)
        texts = [document for domain in DOMAINS for document in sides.learnt[domain]]
        heal(cut, texts, out, OPTIONS, work=work / "training")
    return out


def kept_draft(setting: Setting) -> Path:
    """The draft, made once for all experiments."""
    kept = Kept(setting, "cut draft", source_of(__file__))
    return cut_draft(setting.data, kept.training("draft"), kept.training("work"))


def main() -> None:
    """Write it to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("TOKENRY_DATA", "data")))
    given = parser.parse_args()
    with TemporaryDirectory() as unpacked:
        work = given.out.with_name(f"{given.out.name}.work")
        print(cut_draft(Data(given.data, Path(unpacked)), given.out, work))


if __name__ == "__main__":
    main()
