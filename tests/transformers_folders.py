"""Folders as transformers writes them, held to its classes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import tokenry


def write_config(folder: Path, kind: str | None, **config: Any) -> None:
    named = {} if kind is None else {"tokenizer_class": kind}
    (folder / "tokenizer_config.json").write_text(json.dumps({**named, **config}))


def write_lines(path: Path, names: Iterable[str]) -> None:
    path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def drawn(letters: str | Sequence[str], count: int = 60, seed: int = 8) -> list[str]:
    """Texts of these letters, short and long, with the empty one."""
    draw = random.Random(seed)
    return ["", *("".join(draw.choices(letters, k=draw.randint(1, 30))) for _ in range(count))]


def hold(
    ours: tokenry.Tokenizer, theirs: Any, texts: Sequence[str], *, decodes: bool = True
) -> None:
    """Equal ids, with and without what is put around them, and equal decoded text.

    ``theirs`` is a tokenizer of transformers.
    """
    for text in texts:
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found, text
        around = ours.encode(text, add_special_tokens=True, allowed_special="all")
        assert around == theirs.encode(text), text
        if decodes:
            assert ours.decode(around) == theirs.decode(around), text
    for text in texts[:30]:
        ids, spans = ours.encode_with_spans(text)
        assert ids.tolist() == ours.encode(text) == ours.encode_by_hand(text), text
        assert ((spans[:, 0] >= 0) & (spans[:, 0] <= spans[:, 1])).all(), text
        assert (spans[:, 1] <= len(text.encode())).all(), text
    assert [*map(list, ours.encode_batch(texts))] == [ours.encode(text) for text in texts]
    known = [id_ for id_, piece in enumerate(ours.vocabulary.pieces) if piece is not None]
    draw = random.Random(5)
    for _ in range(50 if decodes else 0):
        ids = draw.choices(known, k=8)
        assert ours.decode(ids) == theirs.decode(ids), ids
