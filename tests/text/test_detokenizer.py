"""Long lists of ids are read some at a time, and mean what short ones mean."""

from __future__ import annotations

import numpy as np
import pytest

from tokenry import learn
from tokenry.errors import VocabularyError
from tokenry.text import detokenizer

TOKENIZER = learn(["low lower lowest newer " * 20], vocab_size=264)


def test_many_ids_are_one_array(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = TOKENIZER.encode("lowest and newer " * 20)
    expected = TOKENIZER.decode(ids)
    monkeypatch.setattr(detokenizer, "AT_ONCE", 7)
    assert TOKENIZER.decode(ids) == expected
    assert TOKENIZER.decode([*map(np.uint16, ids)]) == expected
    assert TOKENIZER.decode_batch([ids, ids[:9]])[0] == expected


@pytest.mark.parametrize(
    ("wrong", "error"),
    [("a", TypeError), (1.5, TypeError), (None, TypeError), (264, VocabularyError),
     (-1, VocabularyError), (2**64, VocabularyError), (2**63, VocabularyError)],
)  # fmt: skip
def test_what_is_no_id_is_found_wherever_it_stands(
    wrong: object, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detokenizer, "AT_ONCE", 4)
    for place in (0, 9, 49):
        ids: list[object] = [97] * 100
        ids[place] = wrong
        with pytest.raises(error):
            TOKENIZER.decode(ids)  # type: ignore[arg-type]
