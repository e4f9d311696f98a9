"""Ids by language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenry.measuring.languages import by_language

USERS = st.lists(st.sets(st.sampled_from(["en", "fr", "tr", "zu"])), max_size=40)


@given(USERS)
def test_shares_and_the_unused_make_a_whole(users: list[set[str]]) -> None:
    found = by_language(users)
    assert found.total == len(users)
    assert found.unused == sum(not each for each in users)
    assert sum(found.credit.values()) == pytest.approx(found.total - found.unused)
    if found.total > found.unused:
        assert sum(map(found.share_of_used, found.credit)) == pytest.approx(1)


def test_an_id_is_shared_evenly_and_the_largest_comes_first() -> None:
    found = by_language([{"fr"}, {"en"}, {"en", "fr", "tr"}, {"en"}, set()])
    assert list(found.credit) == ["en", "fr", "tr"]
    assert found.share("en") == pytest.approx((2 + 1 / 3) / 5)
    assert found.share_of_used("en") == pytest.approx((2 + 1 / 3) / 4)
    assert found.share("xx") == 0
    assert found.to_json()["unused"] == 1


def test_no_ids_have_no_shares() -> None:
    found = by_language([])
    assert (found.total, found.share("en"), found.share_of_used("en")) == (0, 0, 0)
