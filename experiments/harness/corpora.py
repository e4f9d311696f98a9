"""The data of experiments as documents, in the same way for all of them."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from experiments.harness.data import Data
from tokenry.corpus.holdout import held_out

PASSAGE: Final = 4_000  # characters; a passage of a book is a document


def passages(text: str, size: int = PASSAGE) -> list[str]:
    """Stretches of about ``size`` characters that end where a paragraph or a line does."""
    found, part, length = [], [], 0
    for line in text.splitlines(keepends=True):
        part.append(line)
        length += len(line)
        if length >= size or (length >= size / 2 and not line.strip()):
            found.append("".join(part))
            part, length = [], 0
    return [*found, "".join(part)] if part else found


def split(
    documents: Iterable[str], held: float = 0.1, seed: int = 0
) -> tuple[list[str], list[str]]:
    """Documents to learn from and documents held out, by a hash of their bytes; no copies."""
    distinct = list(dict.fromkeys(documents))
    sides: tuple[list[str], list[str]] = ([], [])
    for document in distinct:
        sides[held_out(document.encode(), fraction=held, seed=seed)].append(document)
    return sides


def first_bytes(documents: Sequence[str], size: int) -> list[str]:
    """The first documents, about ``size`` bytes of them."""
    taken: list[str] = []
    for document in documents:
        if size <= 0:
            break
        taken.append(document)
        size -= len(document.encode())
    return taken


def size_of(documents: Iterable[str]) -> int:
    """Bytes of documents."""
    return sum(len(document.encode()) for document in documents)


def flores(data: Data) -> dict[str, list[str]]:
    """Parallel sentences by language (``tur_Latn``): line i means the same in all."""
    return {path.stem: path.read_text("utf-8").splitlines() for path in data.files("flores_dev")}


def english(data: Data) -> list[str]:
    """Passages of English novels, 8 MB."""
    return passages(data.file("text/english_books.txt").read_text("utf-8"))


def multilingual(data: Data) -> list[str]:
    """Passages of documentation in many languages, 4 MB."""
    return passages(data.file("text/multilingual.txt").read_text("utf-8"))


def chinese(data: Data) -> list[str]:
    """Passages of Chinese books, 3 MB."""
    return passages(data.file("text/chinese.txt").read_text("utf-8"), PASSAGE // 3)


def legal(data: Data) -> list[str]:
    """Text fields of the training rows of LegalBench, 2 MB."""
    found: list[str] = []
    for path in data.files("legalbench", "*.tsv"):
        for row in _rows(path, "\t"):
            found += [text for text in row.values() if isinstance(text, str) and len(text) > 80]
    return found


def financial(data: Data) -> list[str]:
    """Paragraphs and tables of annual reports (TAT-QA); a row of a table is a line."""
    found: list[str] = []
    for path in data.files("tatqa_finance", "*.json.gz"):
        for report in json.loads(gzip.decompress(path.read_bytes())):
            rows = ("\t".join(map(str, row)) for row in report["table"]["table"])
            texts = (paragraph["text"] for paragraph in report["paragraphs"])
            found.append("\n".join([*rows, *texts]))
    return found


def clinical(data: Data) -> list[str]:
    """Sections of clinical notes and the dialogues that they sum up (MTS-Dialog, training set)."""
    path = data.file("mts_dialog_clinical/MTS-Dialog-TrainingSet.csv")
    rows = _rows(path, ",")
    return [text for row in rows for text in (row["section_text"], row["dialogue"]) if text]


def biomedical(data: Data) -> list[str]:
    """Abstracts of PubMedQA with their questions and answers."""
    packed = data.file("pubmedqa/ori_pqal.json.gz").read_bytes()
    items = json.loads(gzip.decompress(packed)).values()
    return ["\n".join([item["QUESTION"], *item["CONTEXTS"], item["LONG_ANSWER"]]) for item in items]


def code(data: Data) -> list[str]:
    """Prompts with their solutions (HumanEval)."""
    packed = data.file("code/HumanEval.jsonl.gz").read_bytes()
    items = map(json.loads, gzip.decompress(packed).splitlines())
    return [item["prompt"] + item["canonical_solution"] for item in items]


def maths(data: Data) -> list[str]:
    """School problems with worked answers (GSM8K, training set)."""
    lines = data.file("gsm8k/train.jsonl").read_text("utf-8").splitlines()
    return [f"{item['question']}\n{item['answer']}" for item in map(json.loads, lines)]


def drama(data: Data) -> list[str]:
    """Speeches of Tiny Shakespeare."""
    return passages(data.file("tinyshakespeare/input.txt").read_text("utf-8"))


DOMAINS: Final[dict[str, Callable[[Data], list[str]]]] = {
    "english": english,
    "multilingual": multilingual,
    "chinese": chinese,
    "legal": legal,
    "financial": financial,
    "clinical": clinical,
    "biomedical": biomedical,
    "code": code,
    "maths": maths,
    "drama": drama,
}
"""Documents by domain."""
FOLDERS: Final = (
    "text",
    "legalbench",
    "tatqa_finance",
    "mts_dialog_clinical",
    "pubmedqa",
    "code",
    "gsm8k",
    "tinyshakespeare",
)
"""What `DOMAINS` reads, for `Experiment.needs`."""


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))
