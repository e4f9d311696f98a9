from pathlib import Path

import pytest

from tokenry.corpus.parallel import cldr_parallel, read_languages, read_parallel
from tokenry.errors import CorpusError


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_one_file_a_language(tmp_path: Path) -> None:
    found = read_parallel(write(tmp_path, eng_Latn="a\nb\n", deu_Latn="c\nd", zzx="e\n\n"))
    assert found.lines == {"eng_Latn": ["a", "b"], "deu_Latn": ["c", "d"], "zzx": ["e", ""]}
    assert found.reference == "eng_Latn"
    assert found.labels == {"eng_Latn": "English", "deu_Latn": "German", "zzx": "zzx"}
    assert found.source == tmp_path.name


def test_the_same_language_in_two_scripts_stays_apart(tmp_path: Path) -> None:
    found = read_parallel(write(tmp_path, zho_Hans="a\n", zho_Hant="b\n", en="c\n"))
    assert found.labels["zho_Hans"] != found.labels["zho_Hant"]


def test_unequal_files_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path, en="a\nb\n", de="c\nd\n", fr="e\n")
    with pytest.raises(CorpusError, match=r"2 lines, but fr\.txt has 1"):
        read_parallel(folder)


def test_folders_that_are_no_parallel_text(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is no folder"):
        read_parallel(tmp_path / "nothing")
    with pytest.raises(CorpusError, match="at least two"):
        read_parallel(write(tmp_path, en="a\n"))
    (tmp_path / "de.txt").write_bytes(b"\xff\n")
    with pytest.raises(CorpusError, match=r"de\.txt is not UTF-8 at byte 0"):
        read_parallel(tmp_path)


def test_languages_need_not_be_aligned_to_be_read(tmp_path: Path) -> None:
    folder = write(tmp_path, en="a\nb\n", de="c\n")
    assert read_languages(folder) == {"de": ["c"], "en": ["a", "b"]}


def test_an_unknown_reference_language(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="'xx' is not among: de, en"):
        read_parallel(write(tmp_path, en="a\n", de="b\n"), "xx")


def test_cldr_is_parallel_text_in_many_languages() -> None:
    found = cldr_parallel()
    assert len(found.lines) >= 30
    assert len({len(lines) for lines in found.lines.values()}) == 1
    assert len(found.lines["en"]) >= 300
    assert found.reference == "en"
    place = found.lines["en"].index("Germany")
    assert found.lines["de"][place] == "Deutschland"
    assert found.lines["ja"][place] == "ドイツ"
    assert found.labels["tr"] == "Turkish"
