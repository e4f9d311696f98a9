"""The data of experiments as documents, in the same way for all of them."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar
from xml.etree import ElementTree

from experiments.harness.data import Data
from tokenry.corpus.holdout import held_out
from tokenry.errors import CorpusError

T = TypeVar("T")
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


class Languages(dict[str, T]):
    """By language; asked for one that is not there it says which, and where it looked."""

    def __init__(self, found: Mapping[str, T], place: str) -> None:
        super().__init__(found)
        self._place = place

    def __missing__(self, language: str) -> T:
        raise CorpusError(
            f"{self._place} has no {language}, only {', '.join(sorted(self)) or 'nothing'}; "
            "add it, or name another folder with --data"
        )


def flores(data: Data) -> Languages[list[str]]:
    """Parallel sentences by language (``tur_Latn``): line i means the same in all."""
    lines = {path.stem: path.read_text("utf-8").splitlines() for path in data.files("flores_dev")}
    return Languages(lines, str(data.folder("flores_dev")))


def blocks(lines: Sequence[str], size: int = 10) -> list[str]:
    """Neighbouring sentences, which come from one article and stay on one side of a split."""
    return ["\n".join(lines[at : at + size]) for at in range(0, len(lines), size)]


def declarations(data: Data) -> Languages[str]:
    """The Universal Declaration of Human Rights by FLORES language, where both exist."""
    names = {path.stem.split("_")[0]: path.stem for path in data.files("flores_dev")}
    names |= {"cmn_hans": "zho_Hans", "cmn_hant": "zho_Hant"}
    found: dict[str, str] = {}
    for path in data.files("udhr", "*.xml"):
        code = path.stem.removeprefix("udhr_")
        language = names.get(code) or names.get(code.split("_")[0])
        if language is not None and code.split("_")[0] != "zho":
            found[language] = _text_of(path)
    return Languages(dict(sorted(found.items())), str(data.folder("udhr")))


def _text_of(path: Path) -> str:
    root = ElementTree.fromstring(re.sub(r' xmlns="[^"]+"', "", path.read_text("utf-8"), count=1))
    parts = (element.text or "" for element in root.iter() if element.tag in ("title", "para"))
    return "\n".join(part.strip() for part in parts if part.strip())


def english(data: Data) -> list[str]:
    """Passages of English novels, 8 MB."""
    return passages(data.file("text/english_books.txt").read_text("utf-8"))


def multilingual(data: Data) -> list[str]:
    """Passages of documentation in many languages, 4 MB."""
    return passages(data.file("text/multilingual.txt").read_text("utf-8"))


def turkish(data: Data) -> list[str]:
    """Turkish lines of the documentation, 50 kB."""
    lines = data.file("text/multilingual.txt").read_text("utf-8").splitlines()
    # ı and ğ are Turkish, ə is Azeri, ţ and ä are Gagauz
    found = [x for x in lines if re.search("[ığ]", x) and not re.search("[əţä]", x)]
    return list(dict.fromkeys(found))


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
    rows = clinical_rows(data, "TrainingSet")
    return [text for row in rows for text in (row["section_text"], row["dialogue"]) if text]


def clinical_rows(data: Data, part: str) -> list[dict[str, str]]:
    """Rows of a part of MTS-Dialog: ``section_header``, ``section_text``, ``dialogue``."""
    return _rows(data.file(f"mts_dialog_clinical/MTS-Dialog-{part}.csv"), ",")


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


@dataclass(frozen=True, slots=True)
class Sides:
    """Documents by domain: to learn from, and held out."""

    learnt: dict[str, list[str]]
    held: dict[str, list[str]]

    @classmethod
    def of(
        cls, data: Data, domains: Iterable[str], *, limit: int = 10**9, held: int = 10**9
    ) -> Sides:
        """Both sides of each domain, at most ``limit`` and ``held`` bytes of them."""
        sides = {name: split(DOMAINS[name](data)) for name in domains}
        return cls(
            {name: first_bytes(first, limit) for name, (first, _) in sides.items()},
            {name: first_bytes(second, held) for name, (_, second) in sides.items()},
        )

    def joined(self, name: str) -> Sides:
        """The same with one more domain, of all documents together."""
        return Sides({**self.learnt, name: self.all_learnt}, {**self.held, name: self.all_held})

    @property
    def all_learnt(self) -> list[str]:
        """Of all domains together."""
        return [document for documents in self.learnt.values() for document in documents]

    @property
    def all_held(self) -> list[str]:
        """Of all domains together."""
        return [document for documents in self.held.values() for document in documents]


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))
