"""Batches hold every document once, in order, and no more than they must."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tokenry.corpus.batches import batches


@given(st.lists(st.binary(max_size=8)), st.integers(1, 20))
def test_every_document_once_in_full_batches(documents: list[bytes], size: int) -> None:
    found = list(batches(documents, size))
    assert [document for batch in found for document in batch] == documents
    assert all(sum(map(len, batch)) >= size for batch in found[:-1])
    assert all(sum(map(len, batch[:-1])) < size for batch in found)


def test_documents_are_read_when_they_are_asked_for() -> None:
    endless = iter(lambda: b"document", None)
    assert next(batches(endless, 20)) == [b"document"] * 3
