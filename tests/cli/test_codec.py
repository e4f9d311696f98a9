"""``tokenry codec``: from pictures to a codec, codes, pictures and figures, a process each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from tokenry.cli.app import app
from tokenry.signals.codec import Codec
from tokenry.signals.codes_file import read_codes
from tokenry.signals.pictures import read_pictures, write_png
from tokenry.signals.recipes.listing import recipe_table
from tokenry.signals.recipes.registry import RECIPES

pytest.importorskip("torch")
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
runner = CliRunner()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(3)
    for number in range(24):
        y, x = np.mgrid[:40, :36] * rng.uniform(0.05, 0.2)
        waves = np.stack([np.sin(x + p) * np.cos(y + p) for p in range(3)], -1)
        name = f"{'train' if number < 16 else 'test'}/{'ab'[number % 2]}/{number:02d}.png"
        write_png((127.5 + 120 * waves).astype(np.uint8), folder / name)
    return folder


@pytest.fixture(scope="module")
def trained(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("codec") / "mine"
    done = invoke("train", pictures, "--recipe", "titok", "--tokens", "8", "--bits", "32",
                  "--steps", "4", "--within", "train/", "--out", out, "--json")  # fmt: skip
    facts = json.loads(done.stdout)
    assert (facts["pictures"], facts["tokens"], facts["bits"]) == (16, 8, 32.0)
    return out


def invoke(*args: object, code: int = 0) -> Any:
    done = runner.invoke(app, ["codec", *map(str, args)])
    assert done.exit_code == code, done.output
    return done


def test_decode_in_a_fresh_process_what_was_encoded_here(
    run: Run, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    codes = tmp_path / "all.codes"
    done = invoke("encode", trained, pictures / "test", "--out", codes, "--json")
    assert json.loads(done.stdout)["bits_per_item"] == 32.0
    done = run("codec", "decode", trained, codes, "--out", tmp_path / "decoded")
    assert done.returncode == 0, done.stderr
    found = {each.name: each for each in read_pictures(tmp_path / "decoded")}
    assert set(found) == {each.name for each in read_pictures(pictures / "test")}
    made = Codec.load(trained).decode(read_codes(codes))
    for pixels, name in zip(made, read_codes(codes).names, strict=True):
        assert (found[name].pixels == pixels).all()


def test_measure_with_baselines_and_a_page(trained: Path, pictures: Path, tmp_path: Path) -> None:
    few = ("--within", "test/", "--limit", "4")
    done = invoke("measure", trained, pictures, *few, "--json")
    alone = json.loads(done.stdout)
    assert alone["bits_per_item"] == 32.0
    assert {"psnr", "ssim", "usage", "perplexity"} <= set(alone)
    done = invoke("measure", trained, pictures, *few, "--others", pictures,
                  "--others-within", "train/", "--tokens", "4", "--classifier-steps", "2",
                  "--report", tmp_path / "report", "--json")  # fmt: skip
    beside = json.loads(done.stdout)
    assert beside["psnr"] == alone["psnr"]
    assert {"fd_local", "pfd_local", "lp_local", "accuracy"} <= set(beside)
    families = [score["family"] for score in beside["scores"]]
    assert families[:2] == ["titok", "titok"]
    assert "data:image/png" in (tmp_path / "report" / "report.html").read_text()
    shown = invoke("measure", trained, pictures, *few).stdout
    assert "PSNR, dB" in shown


def test_list_has_every_recipe_in_both_sizes() -> None:
    rows = json.loads(invoke("list", "--json").stdout)
    assert [row["recipe"] for row in rows] == list(RECIPES)
    assert all(row["sizes"]["paper"]["parameters"] > 1e6 for row in rows)
    table = recipe_table(rows)
    assert all(f"| {name} | paper |" in table for name in RECIPES)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["train", "{pictures}", "--recipe", "nothing", "--out", "x"], "no recipe is named"),
        (["train", "{pictures}", "--recipe", "titok", "--size", "huge", "--out", "x"], "laptop"),
        (["train", "nowhere", "--recipe", "titok", "--out", "x"], "there is no nowhere"),
        (["train", "{pictures}", "--recipe", "titok", "--steps", "1", "--minutes", "1", "--out",
          "x"], "give one"),
        (["encode", "nowhere", "{pictures}", "--out", "x"], "expected the folder of a codec"),
        (["encode", "{trained}", "{pictures}", "{pictures}", "--out", "x"], "two pictures are"),
        (["decode", "{trained}", "nowhere", "--out", "x"], "there is no file nowhere"),
        (["decode", "{trained}", "{trained}/codec.json", "--out", "x"], "no whole file of codes"),
        (["measure", "{trained}", "{pictures}", "--tokens", "a"], "numbers with commas"),
        (["measure", "{trained}", "{pictures}", "--within", "none/"], "has a name in"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    args: list[str], message: str, trained: Path, pictures: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    made = [each.format(pictures=pictures, trained=trained) for each in args]
    assert message in " ".join(invoke(*made, code=2).output.split())


def test_altered_files_and_names_that_lead_out(
    trained: Path, pictures: Path, tmp_path: Path
) -> None:
    from dataclasses import replace

    from tokenry.signals.codes_file import write_codes

    codes = tmp_path / "c"
    invoke("encode", trained, pictures / "test/a/16.png", "--out", codes)
    write_codes(replace(read_codes(codes), names=("../../x",)), tmp_path / "bad")
    assert "outside of the folder" in invoke(
        "decode", trained, tmp_path / "bad", "--out", tmp_path / "o", code=2
    ).output  # fmt: skip
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("codec.json", "model.safetensors"):
        data = bytearray((trained / name).read_bytes())
        if name.startswith("model"):
            data[-1] ^= 1
        (copy / name).write_bytes(data)
    assert "was changed since it was saved" in " ".join(
        invoke("encode", copy, pictures, "--out", codes, code=2).output.split()
    )


def test_broken_pictures_are_named_or_left_out(trained: Path, tmp_path: Path) -> None:
    write_png(np.zeros((9, 9, 3), np.uint8), tmp_path / "in" / "a.png")
    (tmp_path / "in" / "b.png").write_bytes(b"")
    out = tmp_path / "codes"
    assert "b is empty" in invoke("encode", trained, tmp_path / "in", "--out", out, code=2).output
    done = invoke("encode", trained, tmp_path / "in", "--out", out, "--skip-broken")
    assert "left out: b is empty" in done.output
    assert read_codes(out).names == ("a",)
