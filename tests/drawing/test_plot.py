"""Plots as figures of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tokenry.drawing.canvas import GRID, INK, MUTED, SERIES
from tokenry.drawing.plot import FORMATS, Plot, chosen, save_plots
from tokenry.drawing.plots import rank_plot
from tokenry.errors import StudyError
from tokenry.measuring.rank_frequency import RankFrequency

ROWS = [RankFrequency((1, 2, 4), (s, 0.3, 0.1), 3) for s in (0.6, 0.5)]


def plot() -> Plot:
    return rank_plot(["mine", "$other_"], ROWS)


def test_every_format_is_written_whole_and_the_same_each_time(tmp_path: Path) -> None:
    first = save_plots([plot()], tmp_path / "a" / "b")
    again = save_plots([plot()], tmp_path / "c")
    assert [path.name for path in first] == [f"ranks.{kind}" for kind in FORMATS]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    starts = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}
    assert all(path.read_bytes().startswith(starts[path.suffix[1:]]) for path in first)


def test_a_figure_needs_nothing_beside_it(tmp_path: Path) -> None:
    text = save_plots([plot()], tmp_path)[0].read_text()
    for placeholder in (INK, MUTED, GRID, *SERIES):
        assert placeholder not in text, "a colour that only a page has"
    assert "var(" not in text
    assert "#c2410c" in text
    assert "#0f766e" in text
    assert not re.search(r'href="(?!#)', text)
    assert "<text" not in text, "letters need a font that may be missing"
    assert 'id="legend_1"' in text


def test_the_legend_names_every_tokenizer() -> None:
    (legend,) = plot().alone().legends
    assert [each.get_text() for each in legend.get_texts()] == ["mine", r"\$other_"]


def test_a_page_has_its_own_colours_and_legend() -> None:
    html = plot().to_html()
    assert "var(--series-0)" in html
    assert "legend_1" not in html


def test_a_notebook_shows_the_figure() -> None:
    assert plot().alone()._repr_png_().startswith(b"\x89PNG")


def test_an_unknown_plot_is_named() -> None:
    with pytest.raises(StudyError, match="no plot is named 'rank'; there are ranks"):
        chosen(iter([plot()]), "rank")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="is a file; figures need a folder"):
        save_plots([plot()], tmp_path / "file")
