import random

import pytest

from tokenry.corpus import Document
from tokenry.corpus.holdout import digest
from tokenry.errors import CorpusError
from tokenry.study import holdout
from tokenry.study.holdout import DataSplit, split


def documents(count: int, domain: str = "a") -> list[Document]:
    return [Document(f"{domain} document {i}\n".encode() * 3, f"{i}", domain) for i in range(count)]


def divide(items: list[Document], share: float = 0.1, seed: int = 0) -> DataSplit:
    return split(lambda: items, share, seed)


def test_nothing_is_on_both_sides_and_nothing_is_lost() -> None:
    items = documents(2000)
    found = divide(items)
    held = {document.data for document in found.held_out}
    learnt = {document.data for document in found.learning_documents()}
    assert not held & learnt
    assert held | learnt == {document.data for document in items}
    assert 140 < len(held) < 260


def test_the_side_of_a_document_depends_on_its_bytes_alone() -> None:
    items = documents(500)
    shuffled = random.Random(0).sample(items, len(items))
    more = [*shuffled, *documents(500, "b")]
    first = {document.data for document in divide(items).held_out}
    assert first == {document.data for document in divide(shuffled).held_out}
    assert first <= {document.data for document in divide(more).held_out}
    assert first != {document.data for document in divide(items, seed=1).held_out}


def test_exact_copies_fall_on_one_side_and_are_measured_once() -> None:
    items = documents(300)
    copies = [Document(document.data, "copy", "b") for document in items]
    found = divide(items + copies)
    assert found.duplicates == 300
    held = [document.data for document in found.held_out]
    assert len(held) == len(set(held))
    assert not set(held) & {document.data for document in found.learning_documents()}
    learnt = sum(len(document.data) for document in found.learning_documents())
    assert found.learning_bytes == learnt


def test_every_domain_of_two_documents_is_measured() -> None:
    items = [document for name in "abcdefgh" for document in documents(2, name)]
    found = divide(items, share=0.001)
    assert {document.domain for document in found.held_out} == set("abcdefgh")
    assert {document.domain for document in found.learning_documents()} == set("abcdefgh")


def test_the_smallest_data_that_can_be_divided() -> None:
    found = divide([Document(b"one", "1", "a"), Document(b"two", "2", "b")])
    assert len(found.held_out) == 1
    assert len(list(found.learning_documents())) == 1


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "no text"),
        ([Document(b"", "1", "a")], "no text"),
        ([Document(b"one", "1", "a")], "one distinct document"),
        ([Document(b"one", "1", "a"), Document(b"one", "2", "b")], "one distinct document"),
    ],
)
def test_data_that_cannot_be_divided(items: list[Document], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        divide(items)


def test_a_huge_held_out_part_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdout, "HELD_OUT_BYTES", 3000)
    items = documents(3000)
    found = divide(items, share=0.5)
    size = sum(len(document.data) for document in found.held_out)
    assert 2000 < size <= 3000
    smallest = sorted(digest(document.data, 0) for document in items)[: len(found.held_out)]
    assert {digest(document.data, 0) for document in found.held_out} == set(smallest)
    assert len(list(found.learning_documents())) == 3000 - len(found.held_out)
