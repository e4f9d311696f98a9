import pytest

from tokenry.measuring import Sample, encode_sample
from tokenry.measuring.rank_frequency import rank_frequency


def test_shares_fall_and_begin_with_the_commonest(tokenizer) -> None:
    found = rank_frequency(encode_sample(tokenizer, Sample.of([b"ccc", b"ab", b"dd"])))
    assert found.ranks == (1, 2, 3)
    assert found.shares == pytest.approx((3 / 6, 2 / 6, 1 / 6))
    assert found.used == 3
    assert found.to_json() == {"ranks": [1, 2, 3], "shares": list(found.shares), "used": 3}


def test_many_ids_are_drawn_at_few_ranks(tokenizer) -> None:
    text = b"".join(bytes([i]) * (i + 1) for i in range(250))
    found = rank_frequency(encode_sample(tokenizer, Sample.of([text])))
    assert found.used == 251  # 250 bytes, and b"ab" once
    assert 80 < len(found.ranks) <= 160
    assert found.ranks[-1] == 251
    assert list(found.shares) == sorted(found.shares, reverse=True)
