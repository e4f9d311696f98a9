"""Pages as they stand in a window of 1,200 pixels: nothing is cut off at the right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chromium import CHROMIUM, WITHOUT, launched
from tokenry.card import Card
from tokenry.card.difference import measure_difference
from tokenry.study import StudyOptions, run_study
from tokenry.study.content import Study
from tokenry.study.page import render

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=WITHOUT)
WIDTH = 1_200
CLIPPED = """() => [...document.querySelectorAll('main, .wide, figure, td, th')]
    .filter(each => each.scrollWidth > each.clientWidth + 1)
    .map(each => (each.closest('section')?.querySelector('h2') ?? document.body).innerText)"""
LONG = ("gpt-2", "o200k_base", "pegasus_unigram96k-cased", "a tokenizer with quite a long name")


def wide(card: Card) -> Card:
    """The card of four tokenizers with long names, files and figures, on seven domains."""
    rows = []
    for i, name in enumerate(LONG):
        each = card.tokenizers[i % len(card.tokenizers)]
        identity = replace(
            each.identity, name=name, vocabulary_size=262_144, file=f"{name}_tokenizer.json",
            file_bytes=33_384_567,
        )  # fmt: skip
        part = replace(each.domains["prose"], saving=-0.123)
        domains = {f"domain number {k}": part for k in range(7)}
        speed = replace(each.speed, value=1_234.5)
        rows.append(replace(each, identity=identity, domains=domains, speed=speed))
    sizes = dict.fromkeys(rows[0].domains, 1_000_000)
    return replace(card, tokenizers=tuple(rows), data=replace(card.data, domains=sizes))


@pytest.fixture(scope="module")
def pages(card: Card, data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of every kind by name."""
    folder = tmp_path_factory.mktemp("pages")
    options = StudyOptions(
        data=(str(data / "prose.txt"), str(data / "code")),
        out=folder / "study",
        vocab_size=400,
        holdout=0.3,
        learners=("bpe", "superbpe", "unigram"),
    )
    study = run_study(options)
    names = dict(zip(study.study.names, LONG[1:], strict=True))
    text = study.study.dumps()
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    renamed = Study.from_json(json.loads(text))
    texts = {
        "card": wide(card).to_html(),
        "study": render(renamed),
        "diff": measure_difference(card.options).to_html(),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture(scope="module")
def window(pages: dict[str, Path]) -> Any:
    with launched() as browser:
        yield browser.new_page(viewport={"width": WIDTH, "height": 900})


@pytest.mark.parametrize("name", ["card", "study", "diff"])
def test_no_column_is_cut_off(window: Any, pages: dict[str, Path], name: str) -> None:
    window.goto(pages[name].as_uri())
    assert window.evaluate(CLIPPED) == []
    assert window.evaluate("document.documentElement.scrollWidth") <= WIDTH


def test_what_is_too_wide_is_found(window: Any, pages: dict[str, Path]) -> None:
    page = pages["card"].read_text(encoding="utf-8").replace("262,144", "262" * 300)
    (pages["card"].parent / "wide.html").write_text(page, encoding="utf-8")
    window.goto((pages["card"].parent / "wide.html").as_uri())
    assert "Scorecard" in window.evaluate(CLIPPED)
