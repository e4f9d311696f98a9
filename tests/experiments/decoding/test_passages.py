"""Passages that were cut in two: what is asked can be found, and where."""

from __future__ import annotations

from experiments.decoding.passages import DOCUMENTS, FACTS, LINK, PASSAGES, READ, THINGS, contexts


def test_a_fact_stands_with_its_thing_or_in_the_document_behind() -> None:
    for each in contexts(20, 3, "test"):
        ids = [id_ for document in each.documents for id_ in document]
        assert (len(each.documents), len(ids)) == (DOCUMENTS, READ)
        assert max(ids) < LINK
        assert each.named.sum() == PASSAGES
        for (fact, thing), named in zip(each.questions.tolist(), each.named, strict=True):
            said = THINGS + FACTS + FACTS * thing  # the first id of a fact of this thing
            if named:
                at = ids.index(said + fact - THINGS)
            else:
                behind = next(i for i, x in enumerate(each.documents) if fact in x)
                at = ids.index(next(x for x in each.documents[behind - 1] if x >= THINGS + FACTS
                                    and x < THINGS + FACTS + FACTS * THINGS))  # fmt: skip
            assert said <= ids[at] < said + FACTS


def test_a_seed_and_a_purpose_give_the_same_contexts() -> None:
    once, again, other = (contexts(2, 3, name) for name in ("test", "test", "other"))
    assert [x.documents for x in once] == [x.documents for x in again]
    assert [x.documents for x in once] != [x.documents for x in other]
