"""``tokenry surgery``: each operation writes a tokenizer and an id map."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tokenry
from tokenry.cli.app import app
from tokenry.learning import learn
from tokenry.surgery import IdMap

TEXT = "the cat sat on the mat and the dog sat on the log; it's 東京 again, 1234!\n" * 40


def run(*arguments: object) -> dict[str, object]:
    done = CliRunner().invoke(app, ["surgery", *map(str, arguments), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_each_operation_writes_a_tokenizer_and_a_map(
    tokenizer_folder: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("the cat sat")
    other = tmp_path / "other"
    learn(["zymurgy quixotic " * 50], vocab_size=268).save(other)
    calls: dict[str, tuple[object, ...]] = {
        "truncate": ("--size", 270),
        "prune": (text,),
        "extend": (other,),
        "reorder": (text,),
        "pad": ("--multiple", 128),
    }
    sizes = {}
    for name, arguments in calls.items():
        out = tmp_path / name
        facts = run(name, tokenizer_folder, *arguments, "--out", out)
        tokenizer, ids = tokenry.load(out), IdMap.load(out / "id_map.npz")
        assert facts["operation"] == name
        assert facts["fingerprint"] == tokenizer.fingerprint()
        assert ids.new_size == len(tokenizer.vocabulary) == facts["new_size"]
        assert tokenizer.decode(tokenizer.encode(TEXT)) == TEXT
        sizes[name] = ids.new_size
    assert sizes["truncate"] == 270
    assert sizes["prune"] < 290 == sizes["reorder"] < sizes["extend"] < 330
    assert sizes["pad"] == 384


def test_says_in_words_what_was_done(tokenizer_folder: Path, tmp_path: Path) -> None:
    arguments = ["surgery", "pad", str(tokenizer_folder), "--power-of-two", "--out"]
    done = CliRunner().invoke(app, [*arguments, str(tmp_path / "out")])
    assert "pad: 290 ids to 512 (0 dropped, 222 added)" in done.output
    again = CliRunner().invoke(app, [*arguments, str(tmp_path / "out")])
    assert again.exit_code == 2
    assert "holds a tokenizer" in again.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["truncate", "--size", "100"], "lack single bytes"),
        (["pad"], "0 sizes to pad to"),
        (["pad", "--size", "300", "--power-of-two"], "2 sizes to pad to"),
    ],
)
def test_refuses_with_one_line(
    tokenizer_folder: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    operation, *rest = arguments
    call = ["surgery", operation, str(tokenizer_folder), *rest, "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 2
    assert message in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("operation", ["truncate", "prune", "extend", "reorder", "pad"])
def test_help_has_an_example(operation: str) -> None:
    shown = CliRunner().invoke(app, ["surgery", operation, "--help"]).output
    assert f"tokenry surgery {operation}" in shown


def test_words_are_read_as_other_text_is(tokenizer_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("zymurgy\n\nquixotry\n", encoding="utf-8")
    packed = gzip.compress((tmp_path / "words.txt").read_bytes())
    (tmp_path / "words.txt.gz").write_bytes(packed)
    (tmp_path / "latin.txt").write_bytes("na\xefve\n".encode("latin-1"))
    call = ["surgery", "extend", str(tokenizer_folder), "--variants", "space", "--words"]
    for name in ("words.txt", "words.txt.gz"):
        out = tmp_path / f"out-{name}"
        done = CliRunner().invoke(app, [*call, str(tmp_path / name), "--out", str(out)])
        assert done.exit_code == 0, done.output
        assert tokenry.load(out).count(" zymurgy quixotry") == 2
    for name, said in (("latin.txt", "is not UTF-8"), ("no.txt", "cannot read")):
        done = CliRunner().invoke(app, [*call, str(tmp_path / name), "--out", str(tmp_path / "x")])
        assert done.exit_code == 2
        assert said in done.stderr
