"""`python -m benchmarks.audits` measures what it says, and asks for files that are there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from benchmarks import audits
from benchmarks.audits import PUBLISHED, TOLD, Limit, Spent


def test_the_known_mixture_is_one_of_all_categories() -> None:
    assert len(TOLD) == len(audits._names())
    assert sum(TOLD) == pytest.approx(1)


def test_a_limit_is_met_where_both_of_its_figures_are() -> None:
    limit = Limit(120, 4000)
    assert limit.row("x", Spent(58.1, 60, 337)) == (
        "| x | 58.1 | 337 | 0 | 120 CPU s, 4,000 MB | yes |"
    )
    for spent in (Spent(121, 1, 1), Spent(1, 1, 4001)):
        assert limit.row("x", spent).endswith("| NO |")
    assert Limit(20).row("x", Spent(1, 1, 9e9)).endswith("| 20 CPU s | yes |")


def test_parts_of_a_stopped_command_add_up() -> None:
    assert Spent(10, 20, 300, 1) + Spent(5, 6, 200) == Spent(15, 26, 300, 1)


def test_a_row_has_the_shares_of_all_categories() -> None:
    names = [*audits._names(), "other"]
    told = {"mixture": dict.fromkeys(names, 1 / len(names)), "left_out": 1234, "fit": 0.0286}
    assert audits.share_row("GPT-2", told) == f"| GPT-2 | 1,234 |{' 9.1 |' * len(names)} 2.9 |"


def test_a_command_is_measured_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audits, "FOLDER", tmp_path)
    spent, said = audits._run(("info", "--json"))
    assert json.loads(said)
    assert spent.cpu > 0
    assert 5 < spent.megabytes < 2000
    assert spent.stops == 0


def test_an_unknown_audit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="glitches, mixture, published, compare-models"):
        audits.main(["mixtures"], tmp_path)


@pytest.mark.shared
def test_published_lists_are_there(shared_data: Path) -> None:
    for file, *_ in PUBLISHED.values():
        assert (shared_data / "tokenizers" / file).is_file()


def test_a_list_that_is_done_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(asked: object) -> tuple[Spent, str]:
        return Spent(cpu=2.0), '{"fit": 0.5}'

    monkeypatch.setattr(audits, "FOLDER", tmp_path)
    monkeypatch.setattr(audits, "_run", run)
    first = audits._once("published-x", ("mixture",))
    monkeypatch.setattr(audits, "_run", None)
    assert audits._once("published-x", ("mixture",)) == first == (Spent(cpu=2.0), {"fit": 0.5})
