"""Kinds by name: complete, lazy, and helpful where a name is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tokenry.errors import LearnError
from tokenry.learning import KINDS, learn, learner
from tokenry.learning.registry import options_of

SYSTEMS = Path(__file__).parents[2] / "docs" / "systems.tsv"
IMPORTED = """
import json, sys
import tokenry.learning
names = [(kind.summary, kind.source) for kind in tokenry.learning.KINDS.values()]
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_there(kind: str) -> None:
    entry = KINDS.entry(kind)
    assert entry.summary.endswith(".")
    assert "20" in entry.source
    assert "vocab_size" in options_of(kind)
    assert learner(kind) == entry.load()()


def test_systems_are_rows_of_the_table() -> None:
    with SYSTEMS.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        rooms = {row["id"]: row["room"] for row in rows}
    for entry in KINDS.values():
        for system in entry.systems:
            assert "learning" in rooms[system], system


def test_importing_the_room_imports_no_learner() -> None:
    # 0.02 s of processor time, 0.21 when every learner came with it.
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, timeout=60
    )
    modules = json.loads(done.stdout)
    assert not [each for each in modules if each.split(".")[0] in ("numpy", "regex")]
    ours = [each for each in modules if each.startswith("tokenry.learning.")]
    assert ours == ["tokenry.learning.registry"]


def test_a_wrong_name_of_an_option_names_the_close_one() -> None:
    with pytest.raises(LearnError, match=r"'vocab_sise' is no option; .*'bpe'.* mean 'vocab_size'"):
        learner("bpe", vocab_sise=300)


@pytest.mark.parametrize("kind", [each for each in KINDS if "pretokenizer" in options_of(each)])
def test_a_misspelled_pretokenizer_is_no_expression(kind: str) -> None:
    with pytest.raises(LearnError, match=r"named 'o200'.*'o200k'"):
        learn(["some text " * 20], kind=kind, vocab_size=700, pretokenizer="o200")


@pytest.mark.parametrize(
    "pretokenizer", ["gpt2", "gpt-4o", "o200k+r2l3", r"\w+|\W+", "[a-z]+", "."]
)
def test_names_aliases_policies_and_expressions_pass(pretokenizer: str) -> None:
    text = "the cat sat on the mat, 12345 times; " * 9
    tokenizer = learn(
        [text], vocab_size=256 if pretokenizer == "." else 270, pretokenizer=pretokenizer
    )
    assert tokenizer.decode(tokenizer.encode(text)) == text
