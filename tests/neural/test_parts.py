"""Names and files of parts, and what is said of those that are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tokenry.errors import PartError
from tokenry.neural import from_json, load_part, to_json
from tokenry.neural.norms.rms import RmsNorm
from tokenry.neural.parts import name_of, part_named
from tokenry.neural.topologies.tree import Tree


@dataclass(frozen=True)
class Mine:
    """In no registry."""

    size: int = 1


def test_a_name_is_room_slot_and_part() -> None:
    assert name_of(RmsNorm()) == name_of(RmsNorm) == "neural/norms/rms"
    assert part_named("neural/norms/rms") is RmsNorm
    with pytest.raises(PartError, match=r"Mine is in no registry.*give it a line"):
        to_json(Mine())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "a part is an object"),
        ({}, "a part is an object"),
        ({"part": 3}, "a part is an object"),
        ({"part": "neural/norms/rsm"}, "did you mean 'norms/rms'"),
        ({"part": "nothing/norms/rms"}, "no room 'nothing' with parts"),
        ({"part": "learning/bpe"}, "no room 'learning' with parts"),
        ({"part": "os.path/norms/rms"}, "no room 'os.path' with parts"),
        ({"part": "neural/norms/rms", "epsilon": "small"}, "epsilon of neural/norms/rms"),
        ({"part": "neural/norms/rms", "epsilon": True}, "epsilon of neural/norms/rms"),
        ({"part": "neural/norms/rms", "epsilon": -1}, "epsilon of RmsNorm is -1"),
        ({"part": "neural/topologies/tree"}, "cannot be made of"),
        ({"part": "neural/topologies/tree", "parents": [0, "x"]}, "parents of"),
        ({"part": "neural/heads/pooled", "classes": 2.5}, "classes of"),
        ({"part": "neural/backbone", "topology": 7}, "topology of neural/backbone is 7"),
    ],
)
def test_what_is_wrong_is_named(content: Any, message: str) -> None:
    with pytest.raises(PartError, match=message):
        from_json(content)


def test_lists_become_tuples_and_whole_numbers_stay() -> None:
    tree = from_json({"part": "neural/topologies/tree", "parents": [-1, 0]})
    assert tree == Tree(parents=(-1, 0))
    assert from_json({"part": "neural/norms/rms", "epsilon": 1}).epsilon == 1


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "part.json"
    for text in ("{", "[]", '{"format": "other"}', '{"format": "tokenry part", "version": 9}'):
        path.write_text(text)
        with pytest.raises(PartError, match=r"part\.json"):
            load_part(path)
