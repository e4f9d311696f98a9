"""What may follow is what texts show, and what is found by shapes is what pieces show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import tokenry
from enumerated_texts import byte_pairs, listed
from shares import draw, part, share
from tokenry.decoding.canonical.cuts import Cuts
from tokenry.decoding.canonical.followers import Canonical
from tokenry.decoding.spelling import Spelling
from tokenry.models import Enumerable, causal_model
from tokenry.tokenizer import Tokenizer


def canonical_of(tokenizer: Tokenizer) -> tuple[Canonical, Spelling]:
    size = len(tokenizer.vocabulary)
    model = causal_model(Enumerable.drawn(size + 2, order=1))
    spelling = Spelling.of(model, tokenizer, [size], [size + 1])
    return Canonical(spelling), spelling


@pytest.mark.parametrize("splitter", ["whole", "gpt2", "cl100k", "llama3", "qwen2", "o200k"])
def test_followers_are_those_of_texts(splitter: str) -> None:
    tokenizer = byte_pairs(splitter)
    canonical, spelling = canonical_of(tokenizer)
    shown = listed(tokenizer, 6)
    short = sorted(ids for ids in shown.beginnings if len(spelling.bytes_of(ids)) <= 2)
    for ids in draw(splitter).sample(short, share(len(short))):
        context: tuple[int, ...] = ()
        for id_ in ids:
            context = canonical.after(context, id_)
        followers = canonical.followers(context)
        found = {*spelling.order.ids[followers.ids].tolist()}
        ids_of = range(len(spelling.pieces))
        assert found == {id_ for id_ in ids_of if (*ids, id_) in shown.beginnings}, ids
        assert followers.may_end == (ids in shown.wholes)


TEXTS = (b" the", b"x", b"12", b"  ", b"don'", b"a\n", b" =", b"\xe4", b"It's", b" \n ")


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", ["gpt-2_tokenizer.json", "cl100k_base.tiktoken"])
def test_shapes_stand_for_pieces(tokenizer_files: Path, name: str) -> None:
    """On published vocabularies: every id, behind texts of every kind."""
    tokenizer = tokenry.load(tokenizer_files / name)
    pieces = tokenizer.vocabulary.matchable()
    by_shape, by_piece = (Cuts(tokenizer.pretokenizer, pieces, by_shape=b) for b in (True, False))
    for text in part(TEXTS):
        ids = tokenizer.encode(text)
        found, expected = by_shape.plans(ids), by_piece.plans(ids)
        assert found.keys() == expected.keys()
        for plan, one in found.items():
            for side in ("cut", "uncut"):
                wrong = np.flatnonzero(getattr(one, side) != getattr(expected[plan], side))
                assert not len(wrong), (text, plan, [pieces[id_] for id_ in wrong[:5]])
