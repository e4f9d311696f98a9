from __future__ import annotations

import pytest

from tokenry.errors import ShardError
from tokenry.learning import learn
from tokenry.shards.transforms.fim import FillInTheMiddle
from tokenry.tokenizer import Tokenizer

TEXTS = [f"def f{i}(x):\n    return x + {i}  # é中\n".encode() for i in range(400)]


def test_parts_are_the_document_in_another_order(tokenizer: Tokenizer) -> None:
    transform = FillInTheMiddle(rate=0.7, spm=0.4)
    marks = transform.marks(tokenizer)
    names = dict(zip(marks, "PSM", strict=True))
    rows = transform.encode(tokenizer, TEXTS).ids
    shapes = ["".join(names.get(int(i), "") for i in row) for row in rows]
    assert set(shapes) == {"", "PSM"}
    assert abs(shapes.count("PSM") / 400 - 0.7) < 0.1
    for text, row in zip(TEXTS, rows, strict=True):
        assert transform.decode(tokenizer, row) == text
    first_is_suffix = sum(len(row) > 1 and row[1] == marks[1] for row in rows)
    assert abs(first_is_suffix / shapes.count("PSM") - 0.4) < 0.15


def test_the_orders_are_those_of_the_paper(tokenizer: Tokenizer) -> None:
    marks = (1, 2, 3)
    for spm, order in ((0.0, [1, 0, 2, 2, 3, 1]), (1.0, [1, 2, 2, 3, 0, 1])):
        transform = FillInTheMiddle(rate=1.0, spm=spm)
        cut = FillInTheMiddle(rate=1.0, spm=0.0).parts(TEXTS[0], marks)
        prefix, suffix, middle = cut[1], cut[3], cut[5]
        assert b"".join(map(bytes, (prefix, middle, suffix))) == TEXTS[0]  # type: ignore[arg-type]
        assert transform.parts(TEXTS[0], marks) in (
            [1, prefix, 2, suffix, 3, middle],
            [1, 2, suffix, 3, prefix, middle],
        )
        assert len(transform.parts(TEXTS[0], marks)) == len(order)
        assert (transform.parts(TEXTS[0], marks)[1] == 2) == (spm == 1.0)


def test_what_is_drawn_depends_on_seed_and_text(tokenizer: Tokenizer) -> None:
    one, other = (FillInTheMiddle(rate=1.0, seed=seed) for seed in (0, 1))
    alone = [one.encode(tokenizer, [text]).ids[0].tolist() for text in TEXTS[:40]]
    assert one.encode(tokenizer, TEXTS[:40]).ids.to_lists() == alone
    assert other.encode(tokenizer, TEXTS[:40]).ids.to_lists() != alone


def test_a_tokenizer_without_the_specials(texts: list[str]) -> None:
    with pytest.raises(ShardError, match="no specials <fim_prefix>"):
        FillInTheMiddle().encode(learn(texts, vocab_size=300), TEXTS[:1])
    with pytest.raises(ShardError, match="rate"):
        FillInTheMiddle(rate=2)
