"""Filings of companies as EDGAR keeps them: one file a submission, with its documents and facts.

Source: Wang, Levy 2024, "BeanCounter: A low-toxicity, large-scale, and open dataset of
business-oriented text", arXiv:2409.17827, whose text is what companies file with the SEC. A
submission is SGML: a header with who, when and which form, then documents with a type, a name and a
text, which is plain, HTML or an encoded file.

Taken are plain and HTML documents; markup becomes lines, and tables that are mostly figures are
left out, as numbers are no prose. Pictures, spreadsheets and XBRL are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from tokenry.corpus.compression import open_bytes
from tokenry.corpus.corpus import Corpus
from tokenry.corpus.documents import Document
from tokenry.errors import CorpusError
from tokenry.files import AnyPath

_DOCUMENT: Final = re.compile(rb"<DOCUMENT>(.*?)</DOCUMENT>", re.DOTALL)
_TEXT: Final = re.compile(rb"<TEXT>\r?\n?(.*?)</TEXT>", re.DOTALL)
_LEFT_OUT: Final = ("GRAPHIC", "ZIP", "EXCEL", "PDF", "XML", "EX-101", "JSON", "COVER")
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "ul",
        "ol",
        "hr",
        "title",
        "section",
        "td",
        "th",
    ]
)
_FIGURES: Final = 0.5  # of a table's characters, from which on it is no text
_HEADER: Final = {
    "accession": "ACCESSION NUMBER",
    "form": "CONFORMED SUBMISSION TYPE",
    "filed": "FILED AS OF DATE",
    "period": "CONFORMED PERIOD OF REPORT",
    "company": "COMPANY CONFORMED NAME",
    "cik": "CENTRAL INDEX KEY",
    "industry": "STANDARD INDUSTRIAL CLASSIFICATION",
}


@dataclass(frozen=True, slots=True)
class FilingPart:
    """A document of a filing: its type (``10-K``, ``EX-99.1``), its file's name and its text."""

    type: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Filing:
    """A submission.

    Attributes:
        path: of its file.
        facts: of its header: accession, form, filed (YYYYMMDD), period, company, cik, industry;
            those that it has.
        parts: its documents with text.
    """

    path: str
    facts: dict[str, str]
    parts: tuple[FilingPart, ...] = field(default=())

    @property
    def form(self) -> str:
        """Which form it is, without what marks an amendment."""
        return self.facts.get("form", "unknown").removesuffix("/A")

    @property
    def year(self) -> str:
        """When it was filed."""
        return self.facts.get("filed", "")[:4] or "unknown"


def read_filing(path: AnyPath) -> Filing:
    """A submission's file, which may be compressed.

    Raises:
        CorpusError: it is no submission, or cannot be read.
    """
    path = Path(path)
    try:
        with open_bytes(path) as file:
            data = file.read()
    except (OSError, EOFError) as error:
        raise CorpusError(f"cannot read {path}: {error}") from error
    head, mark, _ = data.partition(b"<DOCUMENT>")
    if not mark:
        raise CorpusError(f"{path} is no EDGAR submission: it has no <DOCUMENT>")
    parts = (_part(body) for body in _DOCUMENT.findall(data))
    return Filing(str(path), _facts(head), tuple(part for part in parts if part is not None))


def filings(paths: Iterable[AnyPath], *, by: str = "form") -> Corpus:
    """The texts of submissions as a corpus, each of their documents a document.

    Args:
        paths: of files.
        by: what the domain of a document is: ``form``, ``year``, or a fact of the header.
    """
    files = list(paths)

    def documents() -> Iterator[Document]:
        for path in files:
            filing = read_filing(path)
            known = {"form": filing.form, "year": filing.year}
            domain = known.get(by) or filing.facts.get(by, "unknown")
            for part in filing.parts:
                yield Document(part.text.encode(), f"{path}:{part.name or part.type}", domain)

    return Corpus.from_texts(documents)


def _facts(head: bytes) -> dict[str, str]:
    text = head.decode("utf-8", "replace")
    found = {}
    for name, label in _HEADER.items():
        match = re.search(rf"^\s*{label}:\s*(.+?)\s*$", text, re.MULTILINE)
        if match:
            found[name] = match.group(1)
    return found


def _part(body: bytes) -> FilingPart | None:
    tags = dict(re.findall(rb"^<(TYPE|FILENAME)>(.*?)\s*$", body, re.MULTILINE))
    kind, name = (tags.get(tag, b"").decode("utf-8", "replace") for tag in (b"TYPE", b"FILENAME"))
    content = _TEXT.search(body)
    if content is None or kind.upper().startswith(_LEFT_OUT) or _is_encoded(content.group(1)):
        return None
    text = content.group(1).decode("utf-8", "replace")
    if re.search(r"<(html|body|div|p|table)\b", text, re.IGNORECASE):
        text = text_of_html(text)
    text = re.sub(r"[ \t\xa0]+", " ", re.sub(r"<(PAGE|S|C)>", "", text))
    text = re.sub(r" *\n\s*\n\s*", "\n\n", text).strip()
    return FilingPart(kind, name, text) if text else None


def _is_encoded(content: bytes) -> bool:
    """Whether it is a file in letters (uuencode), or XBRL."""
    head = content[:2000].lstrip()
    return head.startswith((b"begin ", b"<XBRL>", b"<XML>", b"<PDF>"))


def text_of_html(markup: str) -> str:
    """Lines of text of HTML, without scripts and tables of figures.

    >>> text_of_html("<p>Revenue <b>grew</b>.</p><table><tr><td>1,200</td></tr></table>")
    'Revenue grew.'
    """
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects text; what stands in a table is judged at its end."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.tables: list[int] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.silent += 1
        if tag == "table":
            self.tables.append(len(self.parts))
        if tag in _BLOCKS:
            self.parts.append("\n" if tag not in ("td", "th") else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.silent = max(0, self.silent - 1)
        if tag == "table" and self.tables:
            begin = self.tables.pop()
            if _is_figures("".join(self.parts[begin:])):
                del self.parts[begin:]
        if tag in _BLOCKS:
            self.parts.append("\n" if tag not in ("td", "th") else " ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)

    def text(self) -> str:
        lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(self.parts).split("\n"))
        return "\n".join(line for line in lines if line)


def _is_figures(text: str) -> bool:
    solid = "".join(text.split())
    letters = sum(each.isalpha() for each in solid)
    return not solid or letters < (1 - _FIGURES) * len(solid)
