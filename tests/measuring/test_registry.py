"""The registry of metrics: every entry can be measured, and says what it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tokenry.errors import CorpusError, UnsupportedError
from tokenry.learning import learn
from tokenry.measuring import METRICS, Sample, encode_for, encode_sample, measure_figures
from tokenry.measuring.registry import metrics_by_domain, metrics_of
from tokenry.tokenizer import Tokenizer

TEXTS = [b"The cat sat on the mat, and 12 dogs.", b"A second text; na\xc3\xafve.", b"\xff\xfe"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learn(["the cat sat on the mat and the dog " * 20], vocab_size=270)


def test_every_figure_is_what_its_entry_says(tokenizer: Tokenizer) -> None:
    shown = metrics_of("card", "scorecard")
    figures = measure_figures(shown, encode_for(shown, tokenizer, Sample.of(TEXTS)))
    assert list(figures) == [metric.name for metric in shown]
    for metric in shown:
        figure = figures[metric.name]
        assert figure.unit == metric.unit
        assert metric.find(figures) is figure
        assert metric.text(figure) not in ("", "–")


def test_what_a_metric_needs_is_measured_for_it(tokenizer: Tokenizer) -> None:
    plain = encode_sample(tokenizer, Sample.of(TEXTS))
    for metric in metrics_of("card", "scorecard"):
        if metric.needs == "ids":
            metric.load()(plain)
        else:
            with pytest.raises(CorpusError, match=r"encode_spans|with_restored"):
                metric.load()(plain)
    encoded = encode_for((METRICS["lossless"],), tokenizer, plain.sample)  # type: ignore[arg-type]
    assert encoded.restored is not None
    assert encoded.ends is None


def test_a_level_holds_those_that_are_more_prominent() -> None:
    for report in ("study", "card"):
        files, pages, tables = (
            metrics_of(report, level=level) for level in ("file", "page", "table")
        )
        assert set(tables) < set(pages) < set(files)
        assert set(metrics_by_domain(report)) <= set(files)


def test_entries_say_what_they_are() -> None:
    for metric in METRICS.values():
        assert metric.label
        assert metric.doc.endswith(".")
        format(0.5, metric.form)
        assert callable(metric.load())


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnsupportedError, match="did you mean 'bytes_per_token'"):
        METRICS.load("byte_per_token")


def test_listing_imports_no_metric() -> None:
    code = (
        "import sys; from tokenry.measuring.registry import METRICS; list(METRICS);"
        "assert not {'numpy', 'regex'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
