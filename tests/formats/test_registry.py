"""Every format has a reader of its own, and no two take the same file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from malformed_files import valid_files
from tokenry.errors import FormatError
from tokenry.formats.detect import FOLDER_NAMES, load
from tokenry.formats.files import GivenFile, read_bytes
from tokenry.formats.registry import FORMATS, KNOWN
from tokenry.formats.signatures import FileHead

LOOK = (
    "import sys, tokenry.formats.registry as r; r.FORMATS['tiktoken'].summary; print(*sys.modules)"
)


def test_names_of_files_are_of_one_format() -> None:
    assert len(set(FOLDER_NAMES)) == len(FOLDER_NAMES)
    assert FOLDER_NAMES[0] == "tokenry.json"


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(FormatError, match=r"tiktoken.*did you mean 'sentencepiece'"):
        FORMATS.load("sentencepeice")


def test_looking_at_the_registry_imports_no_format() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {each.module for each in KNOWN} & set(done.stdout.split())


@pytest.mark.parametrize("name", valid_files())
def test_a_file_is_of_one_format_whose_reader_reads_it(name: str, tmp_path: Path) -> None:
    file_name, data, options = valid_files()[name]
    path = tmp_path / file_name
    path.write_bytes(data)
    (found,) = (each for each in KNOWN if each.recognise(FileHead(data, file_name)))
    read = found.load()(GivenFile(path, read_bytes(path), **options))
    assert found.says_all is not bool(options)
    assert read.vocabulary == load(path, **options).vocabulary
