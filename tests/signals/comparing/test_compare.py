"""Ways of coding side by side: figures, table, plots and the page."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from tiny_codecs import SIZE, base, images

from tokenry.errors import SignalError
from tokenry.signals.codec import Codec
from tokenry.signals.comparing.compare import (
    KMEANS,
    PictureJudge,
    Way,
    baseline_ways,
    codec_way,
    compare,
)
from tokenry.signals.comparing.comparison import CodingComparison, title_of
from tokenry.signals.comparing.files import write_report
from tokenry.signals.comparing.page import render
from tokenry.signals.comparing.tables import as_csv, as_markdown
from tokenry.signals.measures.local import train_local
from tokenry.signals.measures.measured import CodedPictures
from tokenry.signals.pictures.album import Album

pytest.importorskip("torch")
COUNT = 12


def album(seed: int) -> Album:
    names = tuple(f"<{seed}>/{number}" for number in range(COUNT))
    labels = np.arange(COUNT) % 2
    return Album(images(COUNT, seed), names, labels.astype(np.int64), ("a", "b"))


@pytest.fixture(scope="module")
def comparison() -> CodingComparison:
    learnt = album(1)
    ways = [
        codec_way("tiny <codec>", "3 tokens", Codec(base().build(seed=1))),
        codec_way("tiny <codec>", "1 token", Codec(base().build(seed=1)), tokens=1, shown=False),
        *baseline_ways(learnt, (4, 8, 12, 200), formats=["JPEG, header shared"], patch=4),
    ]
    judge = PictureJudge(classifier=train_local(learnt, steps=2, batch=4, width=4), others=learnt)
    return compare(ways, album(2), source="noise & waves", judge=judge, shown=2)


def test_every_way_is_measured_on_the_same(comparison: CodingComparison) -> None:
    assert comparison.families == ("tiny <codec>", KMEANS, "JPEG, header shared")
    assert comparison.pictures == COUNT
    codec = comparison.of("tiny <codec>")
    assert codec[0].bits == 4.0  # the codec's tokens are of 16 codes
    assert codec[1].bits == 12.0
    assert [score.setting for score in codec] == ["1 token", "3 tokens"]
    assert {"psnr", "fd_local", "lp_local", "accuracy", "usage"} <= set(codec[0].figures)
    kmeans = comparison.of(KMEANS)
    assert [score.bits for score in kmeans[:3]] == [4.0, 8.0, 12.0]
    assert kmeans[0].figures["psnr"] < kmeans[2].figures["psnr"]
    (jpeg,) = comparison.of("JPEG, header shared")
    assert jpeg.bits <= 200
    assert comparison.floor is not None
    assert comparison.accuracy is not None


def test_between_settings(comparison: CodingComparison) -> None:
    low, high = (each.figures["psnr"] for each in comparison.of(KMEANS)[:2])
    between = comparison.at(KMEANS, 4 * 2**0.5, "psnr")
    assert between == pytest.approx((low + high) / 2)
    assert comparison.at(KMEANS, 2.0, "psnr") is None
    assert comparison.at("nothing", 4.0, "psnr") is None


def test_tables_have_every_figure(comparison: CodingComparison) -> None:
    text = as_markdown(comparison)
    assert text.count("\n| ") == len(comparison.scores) + 1
    assert "other real pictures get FD-local" in text
    rows = list(csv.DictReader(io.StringIO(as_csv(comparison))))
    assert len(rows) == sum(len(score.figures) for score in comparison.scores)
    assert float(rows[0]["value"]) == comparison.scores[0].figures[rows[0]["measure"]]


def test_the_page_shows_pictures_and_escapes_names(comparison: CodingComparison) -> None:
    page = render(comparison)
    shown = [score for score in comparison.scores if score.setting != "1 token"]
    assert page.count("data:image/png;base64,") == 2 * (1 + len({*map(title_of, shown)}))
    assert "<codec>" not in page
    assert "tiny &lt;codec&gt;" in page
    assert "<2>" not in page
    assert page.count('class="plot"') == 4  # PSNR, FD-local, LP-local, accuracy


def test_the_folder_of_a_report(comparison: CodingComparison, tmp_path: Path) -> None:
    page = write_report(comparison, tmp_path / "report")
    assert page.read_text() == render(comparison)
    assert CodingComparison.read(tmp_path / "report" / "comparison.json") == comparison
    names = {path.name for path in (tmp_path / "report").rglob("*") if path.is_file()}
    assert {"scores.md", "scores.csv", "curve-psnr.svg", "curve-fd_local.png"} <= names


def test_what_cannot_be_compared() -> None:
    with pytest.raises(SignalError, match="no way of coding"):
        compare([], album(1))
    other = CodedPictures(np.zeros((COUNT, SIZE, SIZE + 1, 3), np.uint8), np.zeros(COUNT))
    with pytest.raises(SignalError, match="decoded pictures are"):
        compare([Way("wrong", "", lambda _: other)], album(1))
