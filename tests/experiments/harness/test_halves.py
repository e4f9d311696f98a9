"""Halves of files share no document, and have the form of the whole."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from experiments.harness.data import Data
from experiments.harness.halves import STRETCH, cut_of

LINES = [f"line {n}" for n in range(100)]
FILES = {
    "text/a.txt": "\n\n".join(f"{n} " * 300 for n in range(2 * STRETCH // 900)),
    "flores_dev/tur_Latn.txt": "\n".join(LINES) + "\n",
    "udhr/udhr_tur.xml": "<u>" + "".join(f"<article>{n}</article>\n" for n in range(9)) + "</u>",
    "gsm8k/train.jsonl": "".join(json.dumps({"n": n}) + "\n" for n in range(9)),
    "tables/a.csv": 'a,b\n1,"x\ny"\n2,z\n3,w\n',
    "morphology/morphscore/a.csv": ",word,pt1\n" + "".join(f"{n},word{n},w\n" for n in range(50)),
    "morphology/words.tsv": "".join(f"w{n}\tw @@{n}\n" for n in range(50)),
    "dna/a.fna": ">name\n" + "".join(f"ACGT{n}\n" for n in range(9)),
}


def read(root: Path, scratch: Path, name: str, half: int | None) -> str:
    return Data(root, scratch, half).file(name).read_text("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_halves_share_nothing_and_make_the_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / "data" / name
    path.parent.mkdir(parents=True)
    path.write_text(FILES[name], "utf-8", newline="")
    whole = read(tmp_path / "data", tmp_path, name, None)
    assert whole == FILES[name]
    halves = [read(tmp_path / "data", tmp_path, name, half) for half in (0, 1)]
    first, second = (set(half.split("\n")) for half in halves)
    heading = {"", ",word,pt1", "a,b", ">name", "<u>", "</u>", "a,b\r", "\r"}
    assert not (first & second) - heading
    assert {each.strip("\r") for each in first | second} >= set(whole.split("\n")) - {
        "<u>" + "<article>0</article>", '1,"x', "</u>"
    }  # fmt: skip
    assert min(map(len, halves)) > len(whole) / 4


def test_tables_keep_quoted_line_ends(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/a.csv").write_text(FILES["tables/a.csv"], newline="")
    text = read(tmp_path, tmp_path / "out", "tables/a.csv", 0)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["a", "b"],
        ["1", "x\ny"],
        ["3", "w"],
    ]


def test_parallel_lines_stay_parallel(tmp_path: Path) -> None:
    (tmp_path / "flores_dev").mkdir()
    for language in ("eng_Latn", "tur_Latn"):
        lines = "".join(f"{language} {n}\n" for n in range(101))
        (tmp_path / "flores_dev" / f"{language}.txt").write_text(lines)
    found = Data(tmp_path, tmp_path / "out", 1).files("flores_dev")
    first, second = (path.read_text().split("\n") for path in found)
    assert [line[9:] for line in first] == [line[9:] for line in second]
    assert len(first) == 41 + 1  # behind the last line end


def test_files_of_one_sample_are_shared_out_and_tokenizers_stay(tmp_path: Path) -> None:
    for name in ("pcap/a.pcap", "pcap/b.pcap", "tokenizers/a.json", "pubmedqa/q.json.gz"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(b'{"a": 1, "b": 2}') if name.endswith("gz") else b"x")
    data = [Data(tmp_path, tmp_path / "out", half) for half in (0, 1)]
    assert [[p.name for p in each.files("pcap", "*.pcap")] for each in data] == [
        ["a.pcap"], ["b.pcap"]
    ]  # fmt: skip
    assert data[0].divided
    assert data[0].fingerprint() != data[1].fingerprint()
    packed = [each.file("pubmedqa/q.json.gz").read_bytes() for each in data]
    assert [json.loads(gzip.decompress(each)) for each in packed] == [{"a": 1}, {"b": 2}]
    alone = Data(tmp_path, tmp_path / "out", 1)
    assert alone.file("tokenizers/a.json") == tmp_path / "tokenizers/a.json"
    assert (alone.divided, alone.whole) == (False, ["tokenizers/a.json"])
    assert cut_of("morphology/turkish/roots.json") is None


def test_folders_that_an_experiment_draws_from_itself_stay_whole(tmp_path: Path) -> None:
    (tmp_path / "flores_dev").mkdir()
    (tmp_path / "flores_dev/tur_Latn.txt").write_text(FILES["flores_dev/tur_Latn.txt"])
    data = Data(tmp_path, tmp_path / "out", 1, undivided=("flores_dev",))
    assert data.files("flores_dev")[0].read_text() == FILES["flores_dev/tur_Latn.txt"]
