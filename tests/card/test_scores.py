"""A card as tables side by side and as figures."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tokenry.card import Card
from tokenry.card.drawings import card_plots
from tokenry.card.scores import score_table, score_tables
from tokenry.cli.app import app
from tokenry.errors import StudyError
from tokenry.measuring.registry import metrics_of


def rows(card: Card) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(card.to_csv())))


def test_the_csv_has_every_figure(card: Card) -> None:
    found = {(row["tokenizer"], row["part"], row["metric"]): row for row in rows(card)}
    assert len(found) == len(rows(card)), "a figure that is there twice"
    for each in card.tokenizers:
        for name, figure in each.scorecard.items():
            row = found[each.name, "all", name]
            assert float(row["value"]) == figure.value
            assert row["unit"] == figure.unit
            if figure.interval is not None:
                assert (float(row["low"]), float(row["high"])) == (
                    figure.interval.low, figure.interval.high,
                )  # fmt: skip
        assert each.premiums is not None
        for premium in each.premiums.found.premiums:
            row = found[each.name, f"language {premium.language}", "premium"]
            assert float(row["value"]) == premium.value
        assert (each.name, "domain prose", "bytes_per_token") in found
        assert (each.name, "gold eng.word", "boundary_f1") in found or any(
            metric == "boundary_f1" for _, _, metric in found
        )


def test_columns_are_the_entries(card: Card) -> None:
    named = {metric.name for table in score_tables(card) for metric in table.metrics}
    assert named <= {metric.name for metric in metrics_of("card")}
    assert {metric.name for metric in score_table(card).metrics} >= set(
        card.tokenizers[0].scorecard
    )


def test_the_latex_has_a_table_a_section(card: Card) -> None:
    text = card.to_latex()
    labels = re.findall(r"\\label\{(.*?)\}", text)
    assert len(set(labels)) == len(labels) == text.count(r"\begin{table}")
    assert {"tab:all", "tab:premiums", "tab:languages", "tab:domain-code"} <= set(labels)
    assert r"\textless{}second\textgreater{}" in text
    assert max(len(spec) for spec in re.findall(r"\\begin\{tabular\}\{(l?r+)\}", text)) <= 9


def test_the_better_one_is_bold(card: Card) -> None:
    table = score_table(card)
    column = [metric.name for metric in table.metrics].index("bytes_per_token")
    values = [each.scorecard["bytes_per_token"].value for each in card.tokenizers]
    assert table.best(column) == max(values)
    lower = [metric.name for metric in table.metrics].index("tokens_per_1000_words")
    assert table.best(lower) == min(
        each.scorecard["tokens_per_1000_words"].value for each in card.tokenizers
    )
    best = card.tokenizers[values.index(max(values))]
    line = next(line for line in card.to_markdown().splitlines() if "bytes per token" in line)
    assert f"**{max(values):.3f}**" in line, best.name


def test_markdown_puts_several_side_by_side(card: Card) -> None:
    text = card.to_markdown()
    assert text.startswith("# Side by side\n")
    assert "| metric | first | \\<second\\> |" in text
    assert "| Gini |" in text
    one = replace(card, tokenizers=card.tokenizers[:1])
    assert one.to_markdown().startswith("---\n")


def test_plots_are_by_name(card: Card) -> None:
    names = [plot.name for plot in card_plots(card)]
    assert names[:3] == ["premiums", "lorenz", "domains"]
    assert card.plot().axes
    assert card.plot("ranks").axes[0].get_xlabel() == "frequency rank of the id"
    with pytest.raises(StudyError, match=f"there are {', '.join(names)}"):
        card.plot("nothing")


def test_a_notebook_shows_little(card: Card) -> None:
    assert len(card._repr_html_()) < len(card.to_html()) / 4
    assert "Scorecard" in card._repr_html_()


def test_command_writes_what_papers_need(data: Path, tmp_path: Path) -> None:
    arguments = [
        "measure", str(data / "first"), "--on", str(data / "prose.txt"), "--budget", "5000",
        "--csv", str(tmp_path / "x" / "a.csv"), "--latex", str(tmp_path / "a.tex"),
        "--figures", str(tmp_path / "figures"), "--json",
    ]  # fmt: skip
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    card = Card.from_json(json.loads(done.stdout))
    assert (tmp_path / "x" / "a.csv").read_text(encoding="utf-8") == card.to_csv()
    assert (tmp_path / "a.tex").read_text(encoding="utf-8") == card.to_latex()
    wanted = {f"{plot.name}.{kind}" for plot in card_plots(card) for kind in ("svg", "pdf", "png")}
    assert {path.name for path in (tmp_path / "figures").iterdir()} == wanted


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--csv", "is a folder; name the file"),
        ("--latex", "is a folder; name the file"),
        ("--figures", "is a file; figures need a folder"),
    ],
)
def test_command_refuses_before_any_work(
    data: Path, monkeypatch: pytest.MonkeyPatch, option: str, message: str
) -> None:
    monkeypatch.chdir(data)
    there = "prose.txt" if option == "--figures" else "code"
    done = CliRunner().invoke(app, ["measure", "nowhere.json", option, there])
    assert done.exit_code == 2
    assert message in done.stderr
