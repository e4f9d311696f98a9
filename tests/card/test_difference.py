"""The difference of two tokenizers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import tokenry
from json_fields import fields_of
from tokenry.card import CardOptions
from tokenry.card.difference import Difference, measure_difference
from tokenry.cli.app import app
from tokenry.errors import StudyError
from tokenry.measuring.shared_ids import map_ids


@pytest.fixture(scope="module")
def found(options: CardOptions) -> Difference:
    return measure_difference(options)


def test_counts_are_those_of_the_tokenizers(found: Difference, data: Path) -> None:
    first, second = tokenry.load(data / "first"), tokenry.load(data / "<second>")
    lines = (data / "parallel" / "en.txt").read_text(encoding="utf-8").splitlines()
    english = found.content["languages"]["English"]
    assert english["first"] == sum(map(first.count, lines))
    assert english["second"] == sum(map(second.count, lines))
    assert found.content["total"]["first"] == sum(
        part["first"] for part in found.content["domains"].values()
    )
    assert found.content["total"]["change"] < 0
    assert found.content["cost"]["change"] == pytest.approx(found.content["total"]["change"])


def test_ids_are_mapped_by_what_they_stand_for(found: Difference, data: Path) -> None:
    first, second = tokenry.load(data / "first"), tokenry.load(data / "<second>")
    assert len(found.id_map) == 700
    for id_, other in enumerate(found.id_map.tolist()):
        if other >= 0:
            assert first.vocabulary.pieces[id_] == second.vocabulary.pieces[other]
    assert found.id_map[0] == -1  # the special that only the first has
    ids = found.content["ids"]
    assert ids["shared"] + ids["only_first"] == 700
    assert ids["shared"] + ids["only_second"] == second.n_vocab
    assert ids["shared"] > 300


def test_spelling_makes_no_difference(data: Path, tmp_path: Path) -> None:
    tokenizer = tokenry.load(data / "first")
    tokenizer.to_tiktoken(tmp_path / "ranks.tiktoken")
    ranks = tokenry.load(tmp_path / "ranks.tiktoken", pattern="o200k")
    mapped = map_ids(tokenizer, ranks)
    assert (mapped[1:] >= 0).all()
    assert (map_ids(tokenizer, tokenizer) == np.arange(700)).all()


def test_examples_are_cut_as_the_tokenizers_cut_them(found: Difference, data: Path) -> None:
    examples = found.content["words"]["examples"]
    assert len(examples) == 40
    counts = Counter(each["count"] for each in examples)
    assert list(counts) == sorted(counts, reverse=True)
    for each in examples:
        assert each["first"].replace("|", "") == each["word"]
        assert each["first"] != each["second"]


def test_has_the_fields_of_its_version(found: Difference) -> None:
    recorded = Path(__file__).with_name("difference_fields.txt").read_text(encoding="utf-8")
    assert fields_of(found.content) == recorded.splitlines()
    assert (found.content["format"], found.content["version"]) == ("tokenry-diff", 1)


def test_is_read_as_it_was_saved(found: Difference, tmp_path: Path) -> None:
    again = Difference.read(found.save(tmp_path / "diff.json"))
    assert again.content == found.content
    assert again.to_html() == found.to_html()
    assert len(again.id_map) == 0  # a file of its own


def test_the_page_is_escaped_and_whole(found: Difference) -> None:
    page = found.to_html()
    assert "&lt;second&gt;" in page
    assert "<second>" not in page
    for title in ("By domain", "By language", "Words that are cut otherwise", "Ids"):
        assert f"<h2>{title}</h2>" in page
    assert "<script" not in page


def test_command_prints_json_and_writes_the_map(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "map.json"
    done = CliRunner().invoke(
        app,
        ["diff", str(data / "first"), str(data / "<second>"), "--on", str(data / "prose.txt"),
         "--map", str(target), "--html", str(tmp_path / "d.html"), "--json", "--budget", "5000"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content["languages"] is None
    assert len(json.loads(target.read_text())) == 700
    assert (tmp_path / "d.html").exists()


def test_command_prints_a_table(data: Path) -> None:
    done = CliRunner().invoke(
        app, ["diff", str(data / "first"), str(data / "first"), "--on", str(data / "prose.txt")]
    )
    assert done.exit_code == 0, done.output
    assert "+0.0%" in done.stdout
    assert "700 ids in common, 700 of them under the same number" in done.stdout


def test_a_difference_is_of_two(options: CardOptions) -> None:
    with pytest.raises(StudyError, match="of two tokenizers, not 1"):
        measure_difference(replace(options, tokenizers=options.tokenizers[:1]))
