"""Files appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenry.files import write_atomically, write_text, writing, writing_folder


def test_writes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    assert write_atomically(path, b"one") == path
    write_text(path, "zwölf")
    assert path.read_text(encoding="utf-8") == "zwölf"
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_interruption_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    path = write_text(tmp_path / "file", "old")
    with pytest.raises(error):
        fail_half_way(path, error)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def fail_half_way(path: Path, error: type[BaseException]) -> None:
    with writing(path) as file:
        file.write(b"half")
        raise error


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "new"
    with writing_folder(folder) as temporary:
        (temporary / "one.txt").write_text("1")
        assert not folder.exists()
    assert (folder / "one.txt").read_text() == "1"
    assert folder.stat().st_mode & 0o777 == 0o777 & ~_umask()
    with pytest.raises(NotADirectoryError), writing_folder(tmp_path / "a" / "broken") as temporary:
        (write_text(temporary / "one.txt", "1") / "two.txt").write_text("2")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["new"]
    with pytest.raises(FileExistsError), writing_folder(folder):
        pass
