"""Text with blocks of other domains: which are read, what they share, what falls back."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry.domains import domain_named, learn
from tokenry.domains.domain_tokenizer import spelled_marks
from tokenry.domains.mixed.blocks import blocks
from tokenry.domains.mixed.domain import Mixed
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError

TEXT = b"""# Ethanol

Ethanol is CCO; <|molecules.smiles C|> is text.

```smiles
CCO
c1ccccc1
```

| name | log P |
|------|------:|
| wine | -0.31 |

~~~python
def f(x):
    return x + 1
~~~

```csv
a,b
1,2,3
```
```unknown
nothing
```
The end"""


def names(domain: Mixed, data: bytes) -> list[str]:
    return [domain.marks[mark] for mark in domain.read(data).marks]


def test_blocks_are_found() -> None:
    found = [(block.domain, TEXT[block.begin : block.end]) for block in blocks(TEXT)]
    assert b"".join(content for _, content in found) == TEXT
    assert [(domain, content) for domain, content in found if domain] == [
        ("molecules", b"CCO\nc1ccccc1\n"),
        ("tables", b"| name | log P |\n|------|------:|\n| wine | -0.31 |\n"),
        ("code", b"def f(x):\n    return x + 1\n"),
        ("tables", b"a,b\n1,2,3\n"),
    ]


def test_a_text_comes_back() -> None:
    domain = Mixed()
    parsed = domain.read(TEXT)
    assert domain.write(parsed) == TEXT
    opened = [name for name in names(domain, TEXT) if "." not in name]
    assert opened == [
        "molecules", "end", "tables", "end", "code", "end", "refused", "end",
    ]  # fmt: skip


def test_atoms_in_text_are_text() -> None:
    marks = names(Mixed(), b"CCO\n```smiles\nCCO\n```\nCCO\n")
    assert marks.count("molecules.smiles C") == 2
    assert names(Mixed(), b"<|molecules.smiles C|> <|mixed.code|>\n") == []


def test_marks_are_called_as_in_their_own_domain() -> None:
    mixed = spelled_marks(Mixed())
    for name in Mixed().domains:
        assert set(spelled_marks(domain_named(name))) <= set(mixed)


def test_pieces_are_shared() -> None:
    tokenizer = learn(Mixed(), [TEXT * 4], vocab_size=len(spelled_marks(Mixed())) + 256 + 60)
    ids = tokenizer.encode(TEXT, strict=True)
    assert tokenizer.decode(ids) == TEXT
    text = tokenizer.encode(b"name")
    assert tokenizer.encode(b"| name |\n|---|\n| name |\n").tolist().count(int(text[-1])) >= 2


def test_domains_can_be_chosen() -> None:
    domain = Mixed(domains=("code",))
    assert [name for name in names(domain, TEXT) if "." not in name] == ["code", "end"]
    with pytest.raises(DomainError, match="each once"):
        Mixed(domains=("code", "code"))


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        (["code"], "ends with 'end'"),
        (["end"], "ends with 'end'"),
        (["code", "molecules.smiles C", "end"], "mark of another domain"),
        (["molecules.smiles C"], "outside a block"),
        (["refused", "molecules.smiles C", "end"], "has no marks"),
    ],
)
def test_marks_that_are_no_text(marks: list[str], message: str) -> None:
    numbers = np.array([Mixed().mark(mark) for mark in marks], np.uint16)
    parsed = Parsed(run=b"", marks=numbers, places=np.zeros(len(marks), np.uint64))
    with pytest.raises(DomainError, match=message):
        Mixed().write(parsed)
