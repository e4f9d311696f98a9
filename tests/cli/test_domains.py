"""``tokenry domains``, and domains in ``learn``, ``encode`` and ``decode``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.domains import DOMAINS

runner = CliRunner()
GENOME = b">x\nACGTACGTTGCA\n"
OWN = """
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from tokenry.domains import Domain, Parsed, Promise

@dataclass(frozen=True, kw_only=True)
class Pairs(Domain):
    name: ClassVar[str] = "pairs"
    promise: ClassVar[Promise] = Promise(lossless="all", dropped="nothing", ids="bytes by twos")
    step: int = 2

    def read(self, data):
        return Parsed(run=data, cuts=np.arange(0, len(data), self.step, dtype=np.uint64))

    def write(self, parsed):
        return parsed.run
"""


def call(*words: object) -> str:
    done = runner.invoke(app, [*map(str, words)])
    assert done.exit_code == 0, done.output
    return done.output


def refused(*words: object) -> str:
    done = runner.invoke(app, [*map(str, words)])
    assert done.exit_code == 2, done.output
    return done.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.fa").write_bytes(GENOME * 9)
    (tmp_path / "no.fa").write_bytes(b">x\nthis is none\n")
    call(
        "learn", "--domain", "dna", tmp_path / "a.fa", "--vocab-size", 266, "--out", tmp_path / "d"
    )
    return tmp_path


def test_all_domains_are_listed() -> None:
    shown = call("domains")
    rows = json.loads(call("domains", "--json"))
    assert [row["domain"] for row in rows] == [*DOMAINS]
    for row in rows:
        assert f"{row['domain']}: " in shown
        assert row["lossless"] in shown
        assert row["dropped"]
        assert row["ids"]


def test_a_file_of_another_kind_is_named_and_comes_back(folder: Path) -> None:
    told = call("encode", folder / "d", folder / "no.fa", "--json")
    assert "taken as bare bytes" in told
    assert "is no nucleotide" in told
    row = json.loads(told.splitlines()[0] if told.startswith("{") else told.splitlines()[-1])
    assert row["ids"][0] == 0
    (folder / "ids").write_text(json.dumps(row))
    call("decode", folder / "d", folder / "ids", "--out", folder / "back")
    assert (folder / "back").read_bytes() == (folder / "no.fa").read_bytes()
    assert "is no nucleotide" in refused("encode", folder / "d", folder / "no.fa", "--strict")


def test_learning_names_files_of_another_kind_and_reads_folders(folder: Path) -> None:
    (folder / "in").mkdir()
    for name in ("a.fa", "no.fa"):
        (folder / "in" / name).write_bytes((folder / name).read_bytes())
    (folder / "in" / "readme.txt").write_text("not read")
    told = call("learn", "--domain", "dna", folder / "in", "--vocab-size", 266,
                "--out", folder / "e", "--json")  # fmt: skip
    facts = json.loads(next(line for line in told.splitlines() if line.startswith("{")))
    assert (facts["files"], facts["fallbacks"], facts["domain"]) == (2, 1, "dna")
    assert "no.fa" in told


def test_options_of_the_domain_are_set_and_kept(folder: Path) -> None:
    call("learn", "--domain", "dna", folder / "a.fa", "--vocab-size", 266, "--out", folder / "k",
         "--domain-set", "case=keep")  # fmt: skip
    assert json.loads((folder / "k" / "domain.json").read_text())["options"]["case"] == "keep"


def test_a_class_of_ones_own_is_a_domain(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "own_domain_of_test.py").write_text(OWN)
    monkeypatch.syspath_prepend(folder)
    own = "own_domain_of_test:Pairs"
    call("learn", "--domain", own, folder / "a.fa", "--vocab-size", 266, "--out", folder / "o")
    call("encode", folder / "o", folder / "a.fa", "--domain", own, "--out", folder / "ids")
    call("decode", folder / "o", folder / "ids", "--domain", own, "--out", folder / "back")
    assert (folder / "back").read_bytes() == GENOME * 9
    # What a folder names is never imported.
    assert "no domain is named 'pairs'" in refused("encode", folder / "o", folder / "a.fa")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--domain", "dan"), "did you mean 'dna'"),
        (("--domain", "dna", "--domain-set", "cases=keep"), "did you mean 'case'"),
        (("--domain", "dna", "--domain-set", "case=lower"), "case 'lower'; expected"),
        (("--domain", "dna", "--kind", "superbpe"), "superbpe reads documents"),
        (("--domain", "nothing.json"), "nothing.json"),
        (("--domain", "json:JSONDecoder"), "is no subclass"),
        (("--domain", "dna", "--vocab-size", "100"), "no room"),
    ],
)
def test_what_cannot_be_learnt_is_named(folder: Path, words: tuple[str, ...], message: str) -> None:
    assert message in refused("learn", folder / "a.fa", "--out", folder / "x", *words)


def test_options_of_text_are_refused(folder: Path) -> None:
    for words in (("--allow-special", "all"), ("--pattern", "o200k"), ("--add-special-tokens",)):
        told = refused("encode", folder / "d", folder / "a.fa", *words)
        assert "is for tokenizers of text" in told
