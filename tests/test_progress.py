"""Progress: what a person sees, and what is passed on."""

from __future__ import annotations

import pytest

from tokenry.progress import Lines, prefixed, progress_on_stderr, silent


def test_lines_name_each_stage_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_on_stderr() as tell:
        assert isinstance(tell, Lines)
        for done in range(3):
            tell("count", done, 3)
        tell("merge", 0, None)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("] ")[2] for line in lines] == ["count", "merge"]


def test_a_long_stage_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = iter(range(0, 1000, 11))
    monkeypatch.setattr("time.monotonic", lambda: float(next(now)))
    tell = Lines()
    tell("count", 0, 4)
    tell("count", 1, 4)
    assert capsys.readouterr().err.endswith("count: 25%\n")


def test_prefixed_puts_totals_where_none_is_known() -> None:
    told: list[tuple[str, float, float | None]] = []
    tell = prefixed(lambda *each: told.append(each), "learning bpe", count=90)
    tell("count", 1, None)
    tell("merge", 2, 5)
    tell("prune", 3, None)
    assert told == [
        ("learning bpe: count", 1, 90),
        ("learning bpe: merge", 2, 5),
        ("learning bpe: prune", 3, None),
    ]
    silent("count", 1, None)
