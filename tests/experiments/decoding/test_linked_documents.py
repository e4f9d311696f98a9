"""Contexts of cut documents: what each way reads, and what it may see."""

import numpy as np

from experiments.decoding.linked_documents import (
    APART,
    DOCUMENTS,
    LENGTH,
    LINKED,
    READ,
    REST,
    WHOLE,
    Way,
    contexts,
)

IDS = READ + REST
TEXT = np.arange(2 * IDS + 5)


def test_rests_of_contexts_stand_side_by_side() -> None:
    found = contexts([TEXT, TEXT[: IDS - 1], TEXT[:IDS]])
    assert found.shape == (IDS // REST + 2, IDS)
    assert (found[:-1, READ:].ravel() == TEXT[READ : 2 * IDS]).all()
    assert (found[-1] == TEXT[:IDS]).all()


def test_links_stand_behind_each_document_and_only_the_rest_is_learnt() -> None:
    batch = Way(LINKED, -7).batch(contexts([TEXT]))
    ids, weights = batch["ids"], batch["weights"]
    assert (ids[:, LENGTH :: LENGTH + 1][:, :DOCUMENTS] == -7).all()
    assert (ids == -7).sum() == len(ids) * DOCUMENTS
    assert (ids[ids != -7].reshape(-1, IDS) == contexts([TEXT])).all()
    assert (ids[weights > 0].reshape(-1, REST) == contexts([TEXT])[:, READ:]).all()


def test_all_is_seen_anew_and_documents_apart_see_themselves_alone() -> None:
    assert "seen" not in Way(WHOLE, -7).batch(contexts([TEXT])).arrays
    seen = Way(APART, -7).batch(contexts([TEXT]))["seen"]
    assert not seen[0, 2 * LENGTH - 1, :LENGTH].any()
    assert seen[0, READ, : READ + 1].all()
