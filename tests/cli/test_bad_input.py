"""Whatever file is given to whichever command: an answer, or one line that says what is wrong."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shares import part
from tokenry.cli.app import app

CONTENTS = {
    "empty": b"",
    "bytes": bytes(range(256)) * 50,
    "latin.txt": "naïve café\n".encode("latin-1") * 2000,
    "cut.jsonl": b'{"text": "a"}\n{cut\n',
    "number.jsonl": b'{"text": 5}\n',
    "cut.json": b'{"model": {"type": "BPE"}}',
    "cut.gz": b"\x1f\x8b\x08cut",
    "cut.zst": b"\x28\xb5\x2f\xfdxx",
    "cut.parquet": b"PAR1xxxx",
    "folder": None,
    "nowhere": None,
}
# BAD is the file, GOOD a text, MINE a tokenizer, OUT a folder to write.
CALLS = [
    "count BAD GOOD", "count MINE BAD", "encode MINE BAD", "decode MINE BAD", "inspect BAD",
    "convert BAD OUT", "learn BAD --vocab-size 300 --out OUT", "measure BAD --on GOOD",
    "measure MINE --budget 2000 --on BAD", "measure MINE --budget 2000 --on GOOD --words BAD",
    "measure MINE --budget 2000 --on GOOD --gold BAD", "diff MINE BAD --on GOOD",
    "measure MINE --budget 2000 --on GOOD --parallel BAD", "choose-size BAD --sizes 300,400",
    "surgery extend MINE --words BAD --out OUT", "surgery extend MINE BAD --out OUT",
    "surgery prune MINE BAD --out OUT", "surgery prune BAD GOOD --out OUT",
    "surgery add-special BAD <|x|> --out OUT",
    "study BAD --out OUT --vocab-size 300 --learners bpe",
    "study GOOD --out OUT --learners none --against BAD",
    "compare-models MINE BAD --data GOOD --out OUT",
    "mixture BAD --samples GOOD", "mixture MINE --samples BAD", "glitches BAD", "traps BAD",
    "glitches MINE --model BAD", "capacity BAD GOOD", "importance BAD text",
]  # fmt: skip


@pytest.mark.parametrize("name", CONTENTS)
def test_no_file_ends_a_command_in_a_traceback(
    name: str, tokenizer_folder: Path, tmp_path: Path
) -> None:
    bad, good = tmp_path / name, tmp_path / "good.txt"
    if (content := CONTENTS[name]) is not None:
        bad.write_bytes(content)
    elif name == "folder":
        bad.mkdir()
    good.write_text("the cat sat on the mat and the dog sat on the log\n" * 40)
    for at, call in enumerate(part(CALLS)):
        places = {"BAD": bad, "GOOD": good, "MINE": tokenizer_folder, "OUT": tmp_path / f"out{at}"}
        words = [str(places.get(word, word)) for word in call.split()]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            done = CliRunner().invoke(app, words)
        assert done.exception is None or isinstance(done.exception, SystemExit), call
        assert done.exit_code in (0, 2), (call, done.output)
        if done.exit_code:
            last = done.stderr.strip().splitlines()[-1]
            assert last.startswith("tokenry: error: "), (call, done.stderr)
