from __future__ import annotations

from pathlib import Path

import pytest

from experiments.harness.data import Data
from experiments.learning.gold_compounds import english, german


@pytest.fixture
def data(tmp_path: Path) -> Data:
    root = tmp_path / "data"
    words = "bathroom\tbath @@room\t001\nbedrooms\tbed @@room @@s\t101\nteapot\ttea @@pot\t001\n"
    words += "babies\tbaby @@s\t100\ndrily\tdry @@ly\t010\nJo-Ann\tJo @@Ann\t001\nx\tx\t000\n"
    words += "lateralized\tside @@later @@ize @@ed\t111\nsuns\tsun @@s\t001\n"
    german_text = "\n\n".join(
        f"das ist die Straßen-Bahn{letter * 3}-Linie und der Zug mit Wa-Gon"
        for letter in "abcdefgh"
    )
    files = {
        "text/english_books.txt": "a tea-pot in the room",
        "flores_dev/eng_Latn.txt": "no compounds",
        "morphology/sigmorphon2022seg/eng.word.test.gold.tsv": words,
        "text/multilingual.txt": f"nothing here\n\n{german_text}",
        "flores_dev/deu_Latn.txt": "ein Satz",
        "udhr/udhr_deu_1996.xml": "<a>Alle Menschen</a>",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    return Data(root, tmp_path)


def test_english_words_leave_no_doubt_where_parts_meet(data: Data) -> None:
    gold = english(data, "test", 10**6)
    # "teapot" has a hyphen in the text; "lateralized" does not spell its morphemes.
    assert gold.compounds == (("bathroom", (4,)), ("bedrooms", (3,)), ("suns", (3,)))
    assert gold.simple == ("babies", "drily", "x")
    assert gold.hyphenated == {("tea", "pot"): 1}


def test_german_words_are_held_out_of_the_text(data: Data) -> None:
    gold = german(data, 0, 10**6)
    assert gold.compounds
    text = b"\n".join(gold.documents).decode()
    assert "nothing here" not in text
    assert "Alle Menschen" in text
    for word, where in gold.compounds:
        assert word[1:].islower()
        assert where == (7, 14)
        parts = (word[:7].lower(), word[7:14], word[14:])
        assert parts not in gold.hyphenated
        assert f"Straßen-B{word[8:14]}-Linie" not in text
    assert len(gold.hyphenated) + len(gold.compounds) in (8, 9)
    assert german(data, 0, 10**6) == gold
    assert german(data, 3, 10**6).compounds != gold.compounds
