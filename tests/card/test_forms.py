"""The forms of a card: page, Markdown, table; escaped and whole."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tokenry.card import Card
from tokenry.card.measure import measure
from tokenry.cli.app import app
from tokenry.measuring import Encoded, Measurement, registry
from tokenry.measuring.metric import Metric
from tokenry.measuring.ratio import measure_ratio

VOID = {"meta", "link", "br", "path", "use", "rect", "wbr", "input"}


class Balanced(HTMLParser):
    """Notes tags that are closed in another order than they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_page_is_whole_and_needs_nothing(card: Card) -> None:
    page = card.to_html()
    parser = Balanced()
    parser.feed(page)
    assert parser.wrong == []
    assert parser.open == []
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert "http://" not in page
    for title in (
        "Scorecard", "What each language pays", "How unequal that is", "By domain",
        "What the ids are", "Scripts", "Lengths", "How evenly the ids are used", "Information",
        "Ids to look at",
        "Morphemes", "Numbers", "Small changes", "What a smaller vocabulary would cost",
        "How this was measured",
    ):  # fmt: skip
        assert f"<h2>{title}</h2>" in page


def test_names_are_escaped(card: Card) -> None:
    page = card.to_html()
    assert "&lt;second&gt;" in page
    assert "<second>" not in page
    assert card.content["tokenizers"][1]["name"] == "<second>"


def test_markdown_has_front_matter_and_tables(card: Card) -> None:
    text = card.to_markdown()
    first = text.split("---\n")[1]
    facts = dict(line.split(": ", 1) for line in first.splitlines())
    assert json.loads(facts["name"]) == "first"
    assert json.loads(facts["vocabulary_size"]) == 700
    assert facts["normalizer"] == "null"
    assert "# first\n" in text
    assert "# \\<second\\>\n" in text
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(columns) == 1, block


def test_a_notebook_shows_the_page(card: Card) -> None:
    assert card._repr_html_().startswith("<iframe srcdoc=")


def test_command_writes_all_forms(data: Path, tmp_path: Path) -> None:
    html, markdown = tmp_path / "a" / "card.html", tmp_path / "card.md"
    done = CliRunner().invoke(
        app,
        [
            "measure", str(data / "first"), "--on", str(data / "prose.txt"), str(data / "code"),
            "--gold", str(data / "eng.word.tsv"), "--budget", "5000", "--html", str(html),
            "--markdown", str(markdown), "--json",
        ],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert sorted(content["data"]["domains"]) == ["code", "prose"]
    assert content["parallel"] is None
    assert "What each language pays" not in html.read_text(encoding="utf-8")
    assert markdown.read_text(encoding="utf-8").startswith("---\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.json"], "there is no such tokenizer file"),
        (["first", "--on", "nowhere"], "nowhere"),
        (["first", "--html", "."], "is a folder"),
        (["first", "--gold", "prose.txt", "--on", "prose.txt"], "no gold segmentation"),
    ],
)
def test_command_refuses_in_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(data)
    done = CliRunner().invoke(app, ["measure", *arguments])
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.splitlines()[-1].startswith("tokenry: error:")


def test_one_entry_is_all_that_a_metric_needs(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Metric(
        "tokens_per_byte",
        f"{__name__}:tokens_per_byte",
        label="tokens per byte",
        short="tokens/byte",
        form=".4f",
        unit="tokens/byte",
        needs="ids",
        doc="the inverse of bytes per token.",
        card="table",
        by_domain=("card",),
    )
    monkeypatch.setattr(registry, "_METRICS", (*registry._METRICS, entry))
    card = measure(data / "first", on=[data / "prose.txt", data / "code"], budget=5_000)
    score = card.content["tokenizers"][0]["scorecard"]
    value = score["tokens_per_byte"]["value"]
    assert value == pytest.approx(1 / score["bytes_per_token"]["value"])
    assert card.content["tokenizers"][0]["domains"]["prose"]["tokens_per_byte"]["unit"]
    heads, rows = card.table()
    assert rows[0][heads.index("tokens/byte")] == f"{value:.4f}"
    assert f'<th scope="col">{entry.label}</th>' in card.to_html()
    assert "| inverse of bytes per token |" in card.to_markdown()
    assert "| tokens/byte |" in card.to_markdown()
    assert Card.from_json(card.content).content == card.content


def tokens_per_byte(encoded: Encoded, *, seed: int = 0) -> Measurement:
    return measure_ratio(
        encoded,
        encoded.tokens,
        encoded.sample.sizes,
        name="inverse of bytes per token",
        unit="tokens/byte",
        estimator="sum of tokens over sum of bytes",
        denominator="bytes",
        seed=seed,
    )
