"""Figures side by side: who is best, and who may not be."""

from __future__ import annotations

from tokenry.drawing.score_tables import ScoreTable, scores_as_latex, scores_as_markdown
from tokenry.measuring.registry import METRICS, metrics_of

NAMES = ("bytes_per_token", "tokens_per_1000_words", "gini")


def table(lossy: frozenset[str] = frozenset()) -> ScoreTable:
    metrics = tuple(each for each in metrics_of("card") if each.name in NAMES)
    figures = ((3.0, 1500.0, None), (4.0, 1200.0, 0.25), (4.0, 1400.0, float("nan")))
    return ScoreTable("all", "T", ("a", "b_", "c"), metrics, figures, lossy)


def test_the_best_is_what_the_entry_says() -> None:
    found = table()
    assert [metric.name for metric in found.metrics] == list(NAMES)
    assert [found.best(column) for column in range(3)] == [4.0, 1200.0, None]
    assert METRICS["gini"]


def test_ties_are_all_bold_and_missing_ones_are_a_dash() -> None:
    lines = scores_as_markdown(table()).splitlines()
    assert lines[0] == "| metric | a | b\\_ | c |"
    assert lines[2] == "| bytes per token | 3.000 | **4.000** | **4.000** |"
    assert lines[4] == "| Gini | – | 0.250 | – |"


def test_who_loses_text_is_never_best_and_is_marked() -> None:
    found = table(frozenset({"b_"}))
    lines = scores_as_markdown(found).splitlines()
    assert lines[0] == "| metric | a | b\\_† | c |"
    assert lines[2] == "| bytes per token | 3.000 | 4.000 | **4.000** |"
    assert lines[3].endswith("| 1,500 | 1,200 | **1,400** |")
    latex = scores_as_latex([found], None, source="two documents")
    assert r"b\_$^\dagger$ & 4.000 & 1,200 &" in latex
    assert "flatters its figures" in latex
    assert "flatters" not in scores_as_latex([table()], None, source="two documents")
