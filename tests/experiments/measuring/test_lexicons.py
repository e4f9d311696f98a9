"""Lexicons and what is valid by them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from experiments.harness.data import Data
from experiments.measuring.lexicons import SHORTEST_ROOT, Lexicon, lexicon_of, turkish
from tokenry.measuring.gold_morphs import GoldWord

MORPHS = st.frozensets(st.text("ab", min_size=1, max_size=3), max_size=5)


@given(MORPHS, MORPHS)
def test_valid_is_a_root_and_suffixes(roots: frozenset[str], suffixes: frozenset[str]) -> None:
    pieces = ["".join(each) for n in range(1, 6) for each in itertools.product("ab", repeat=n)]
    made = {root for root in roots if len(root) >= SHORTEST_ROOT}
    for _ in range(5):
        made |= {word + suffix for word in made for suffix in suffixes if len(word + suffix) < 6}
    assert Lexicon(roots, suffixes).valid(pieces) == made & set(pieces)


def test_gold_words_give_a_lexicon() -> None:
    gold = [
        GoldWord("Houses", ("house", "s")),
        GoldWord("went", ("go", "ed")),
        GoldWord("a", ("a",)),
    ]
    found = lexicon_of(gold)
    assert found.roots == {"house", "go", "a"}
    assert found.suffixes == {"s", "ed"}
    assert found.valid(["went", "goed", "houses", "a", "s", "wents"]) == {
        "went", "goed", "houses", "a",
    }  # fmt: skip


def test_tables_are_read_without_their_reserved_places(tmp_path: Path) -> None:
    folder = tmp_path / "morphology" / "turkish"
    folder.mkdir(parents=True)
    roots = {"<pad>": 0, " ": 2, "special_7": 7, "ev": 100, " göz": 101}
    (folder / "kokler.json").write_text(json.dumps(roots), "utf-8")
    (folder / "ekler.json").write_text(json.dumps({"ler": 20000, "ek_temp_20072": 20072}), "utf-8")
    found = turkish(Data(tmp_path, tmp_path))
    assert found.morphemes == {"ev", "göz", "ler"}
