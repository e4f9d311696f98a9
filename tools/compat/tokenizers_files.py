"""The files that tests of tokenizers ask the hub for, made from the data folder where it has them.

Vocabularies are the published ones; where a test learns from a text, another English one serves.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

FOLDER = "TOKENRY_COMPAT_FILES"
FILES = {
    "roberta-base-vocab.json": "census/roberta-base/vocab.json",
    "roberta-base-merges.txt": "census/roberta-base/merges.txt",
    "bert-base-uncased-vocab.txt": "tokenizers/bert-base-uncased-vocab.txt",
    "big.txt": "tinyshakespeare/input.txt",
}
# Of the last, tests ask only that it encodes the same by every method.
TOKENIZERS = {
    "gpt2": "tokenizers/gpt-2_tokenizer.json",
    "t5-base": "census/t5-small/tokenizer.json",
    "hf-internal-testing/gpt-oss-20b": "tokenizers/gpt-2_tokenizer.json",
}
SMALL = ("small.txt", "big.txt", 100)  # lines


def file_of(name: str) -> str:
    """The name of a file, or of the tokenizer.json of a tokenizer."""
    return name.replace("/", "--") + (".json" if name in TOKENIZERS else "")


def environment(work: Path) -> dict[str, str]:
    """Variables for a run that asks no network."""
    data = Path(os.environ.get("TOKENRY_DATA", "absent"))
    folder = work / "tokenizers-files"
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in (FILES | TOKENIZERS).items():
        if (data / path).is_file():
            shutil.copyfile(data / path, folder / file_of(name))
    name, source, lines = SMALL
    if (folder / source).is_file():
        text = (folder / source).read_text("utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(text[:lines]), encoding="utf-8")
    return {FOLDER: str(folder), "HF_HUB_OFFLINE": "1"}
