"""The figures of a card."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import tokenry
from json_fields import fields_of
from tokenry.card import Card, CardOptions, measure_card
from tokenry.card.evidence import within_budget
from tokenry.corpus import Document
from tokenry.errors import CorpusError, FormatError, StudyError
from tokenry.measuring import metrics_of


def test_figures_are_those_of_the_tokenizer(card: Card, data: Path) -> None:
    first, second = card.content["tokenizers"]
    tokenizer = tokenry.load(data / "first")
    assert first["name"] == "first"
    assert first["fingerprint"] == tokenizer.fingerprint()
    assert first["vocabulary_size"] == 700
    lines = (data / "parallel" / "ja.txt").read_text(encoding="utf-8").splitlines()
    tokens = {row["language"]: row["tokens"] for row in first["premiums"]["premiums"]}
    assert tokens["ja"] == sum(map(tokenizer.count, lines))
    assert first["premiums"]["cost"]["ja"] == pytest.approx(tokens["ja"] * 2.5e-6)
    assert first["domains"]["prose"]["saving"] == 0
    assert second["domains"]["prose"]["saving"] > 0
    total = sum(part["tokens"] for part in first["domains"].values())
    bytes_ = card.content["data"]["bytes"]
    assert first["scorecard"]["bytes_per_token"]["value"] == pytest.approx(bytes_ / total)


def test_every_figure_says_what_it_is(card: Card) -> None:
    for each in card.content["tokenizers"]:
        for figure in (*each["scorecard"].values(), each["speed"]):
            for fact in ("unit", "estimator", "denominator", "tokenizer", "data"):
                assert figure[fact], figure["name"]


def test_sections_are_there(card: Card) -> None:
    first, second = card.content["tokenizers"]
    assert first["vocabulary"]["roles"]["total"] == 700
    assert first["vocabulary"]["roles"]["counts"]["special"] == 1
    assert second["vocabulary"]["roles"]["counts"]["superword"] > 0
    assert first["vocabulary"]["languages"]["counts"]["ja"]["alone"] > 0
    assert first["morphology"]["eng.word"]["words"] > 60
    assert set(first["morphology"]["eng.word"]["kinds"]) == {"inflection", "derivation"}
    assert first["lexicon"]["words_by_token"] > 0
    assert first["sensitivity"]["ocr"]["kept"] < 1
    assert first["numbers"]["patterns"]["1"] == "1"
    assert first["sensitivity"]["changes"]["typo"]["distance"] > 0
    assert first["sweep"]["points"][-1]["size"] == 700
    assert first["premiums"]["sets"]["gini_out"] is None
    assert 0 < first["usage"]["dead"] < 700
    assert first["reachability"]["holes"] == 0
    bits = [each["bits_a_byte"] for each in first["information"]["held_out"].values()]
    assert bits[0] > bits[1] > 0
    assert first["information"]["capacity"] == pytest.approx(
        first["scorecard"]["shannon_efficiency"]["value"], rel=0.05
    )


def test_measures_the_same_again(card: Card, options: CardOptions) -> None:
    again = measure_card(options).content
    for volatile in ("created",):
        again[volatile] = card.content[volatile]
    for mine, other in zip(again["tokenizers"], card.content["tokenizers"], strict=True):
        mine["speed"] = other["speed"]
    assert again == card.content


def test_is_json(card: Card) -> None:
    assert json.loads(card.dumps()) == card.content


def test_has_the_fields_of_its_version(card: Card) -> None:
    recorded = Path(__file__).with_name("card_fields.txt").read_text(encoding="utf-8")
    assert fields_of(card.content) == recorded.splitlines()
    assert (card.content["format"], card.content["version"]) == ("tokenry-card", 1)


def test_is_read_as_it_was_saved(card: Card, tmp_path: Path) -> None:
    again = Card.read(card.save(tmp_path / "card.json"))
    assert again.content == card.content
    assert again.to_html() == card.to_html()
    assert again.to_markdown() == card.to_markdown()
    assert again.table() == card.table()
    (tmp_path / "card.json").write_text(json.dumps({**card.content, "version": 2}))
    with pytest.raises(FormatError, match="version 2 of tokenry-card, expected 1"):
        Card.read(tmp_path / "card.json")


def test_every_section_has_the_figures_that_metrics_say(card: Card) -> None:
    for each in card.tokenizers:
        for metric in metrics_of("card"):
            if metric.section != "morphology":
                figure = each.figure(metric)
                missing = ("gini_others",)  # one language is too few
                assert (figure is None) == (metric.name in missing), metric.name
        scores = each.morphology["eng.word"].scores
        assert all(metric.find(scores) is not None for metric in metrics_of("card", "morphology"))


def test_without_data_the_bundled_text_is_measured(data: Path) -> None:
    card = measure_card(CardOptions(tokenizers=(str(data / "first"),), budget=5_000))
    assert card.content["parallel"]["lines"] > 100
    assert card.content["tokenizers"][0]["morphology"] == {}


def test_a_lossy_tokenizer_is_measured_as_such(tmp_path: Path, data: Path) -> None:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz"]
    pieces += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    (tmp_path / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    options = CardOptions(
        tokenizers=(str(tmp_path / "vocab.txt"),), on=(str(data / "prose.txt"),), budget=5_000,
        parallel=data / "parallel",
    )  # fmt: skip
    content = measure_card(options).content["tokenizers"][0]
    assert content["scorecard"]["lossless"]["value"] < 1
    assert content["scorecard"]["unknown_share"]["value"] > 0
    assert content["premiums"]["unknown"]["ja"] > 0.5
    assert content["sweep"] is None


def test_a_budget_is_kept_by_domain() -> None:
    documents = [Document(b"abcdef", "x", domain) for domain in "aabb"]
    kept = within_budget(documents, 9)
    assert [(each.domain, each.data) for each in kept] == [
        ("a", b"abcdef"), ("a", b"abc"), ("b", b"abcdef"), ("b", b"abc"),
    ]  # fmt: skip
    cut = within_budget([Document("äöü".encode(), "x", "a")], 3)
    assert cut[0].data == "ä".encode()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"tokenizers": ()}, StudyError, "needs a tokenizer"),
        ({"tokenizers": ("nowhere.json",)}, FileNotFoundError, "no such tokenizer"),
        ({"on": ("nowhere/",)}, CorpusError, "nowhere"),
        ({"parallel": Path("nowhere")}, CorpusError, "is no folder"),
        ({"made_for": ("xx",)}, CorpusError, "'xx' is named"),
        ({"reference_language": "xx"}, CorpusError, "'xx' is not among"),
        ({"budget": 1}, StudyError, "budget 1"),
        ({"price": -1.0}, StudyError, "price"),
        ({"width": 0}, StudyError, "width 0"),
        ({"price": "cheap"}, StudyError, "price 'cheap'; expected a number or None"),
        ({"words": Path("nowhere.txt")}, CorpusError, "word list nowhere.txt"),
        ({"words": None, "morphemes": Path("x")}, StudyError, "needs a list of words"),
    ],
)
def test_refuses_what_cannot_be_measured(
    options: CardOptions, change: dict[str, object], error: type, message: str
) -> None:
    with pytest.raises(error, match=message):
        measure_card(replace(options, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no gold segmentation"),
        ("hello\n", "no gold segmentation"),
        ("a\tb\tc\td\n", "no words"),
        (",full_word,pt1,rest\n", "no words"),
    ],
)
def test_refuses_gold_without_words(
    options: CardOptions, tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "gold.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=message):
        measure_card(replace(options, gold=(tmp_path / "gold.tsv",)))


def test_refuses_parallel_text_of_unequal_length(
    options: CardOptions, data: Path, tmp_path: Path
) -> None:
    for name, count in (("en", 3), ("de", 3), ("fr", 2)):
        (tmp_path / f"{name}.txt").write_text("x\n" * count)
    with pytest.raises(CorpusError, match=r"fr\.txt has 2"):
        measure_card(replace(options, parallel=tmp_path, made_for=()))
