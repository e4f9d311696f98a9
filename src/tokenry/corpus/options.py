"""How files are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from tokenry.errors import CorpusError

Unit = Literal["file", "block", "paragraph", "line"]
DomainRule = Literal["auto", "folder", "file", "kind"]
Content = Literal["text", "json"]
# With more files than this, "auto" groups by kind: a report has room for about so many domains.
FEW_FILES: Final = 12


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files become documents.

    Attributes:
        unit: what one document of a text file is: the whole ``file``; a ``block`` of about 64 KiB
            that ends at the end of a line; a ``paragraph`` (stretch between blank lines); a
            ``line``. Records of ``.jsonl``, ``.parquet``, ``.arrow`` and ``.tar`` (WebDataset) are
            documents whatever this says.
        field: the field of a ``.jsonl`` record, or the extension of a WebDataset's member, that
            holds the text.
        column: the column of a ``.parquet`` or ``.arrow`` file that holds the text.
        domain: what documents are grouped by. ``folder``: the first folder below the path given;
            ``file``: the file's name without extensions; ``kind``: text, python, markdown, ...;
            ``auto``: the folder where there is one, else the file where the corpus has at most
            12, else the kind.
        hidden: whether files and folders whose name begins with a dot are read.
        content: what field or column hold. ``text``: a text, anything else is an error; ``json``:
            anything, such as a list of messages, and the document is its JSON.
    """

    unit: Unit = "file"
    field: str = "text"
    column: str = "text"
    domain: DomainRule = "auto"
    hidden: bool = False
    content: Content = "text"

    def __post_init__(self) -> None:
        for name, value, known in (
            ("unit", self.unit, get_args(Unit)),
            ("domain", self.domain, get_args(DomainRule)),
            ("content", self.content, get_args(Content)),
        ):
            if value not in known:
                raise CorpusError(f"{name} {value!r}; expected one of {', '.join(known)}")
