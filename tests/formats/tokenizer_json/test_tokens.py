"""Names and ids in the core, held to Python's dicts and to pieces one by one."""

from __future__ import annotations

import random

import numpy as np
import pytest

from shares import draw, share
from tokenry.errors import VocabularyError
from tokenry.formats.tokenizer_json.model import spelled_piece
from tokenry.formats.tokenizer_json.tokens import Tokens, UnknownNameError
from tokenry.text.components import Spelling
from tokenry.vocabulary import BYTE_ALPHABET, from_wordpiece, pack, unpack

CHARACTERS = [
    *BYTE_ALPHABET[:40],
    *BYTE_ALPHABET[120:150],
    "\u2581",
    " ",
    "\u5b57",
    "\U0001f600",
    "\u0144",
]


def texts(rng: random.Random) -> dict[int, str]:
    ids = rng.sample(range(40), rng.randint(0, 30))
    return {id_: "".join(rng.choices(CHARACTERS, k=rng.randint(0, 5))) for id_ in ids}


def test_names_and_ids() -> None:
    rng = draw("names in the core")
    for _ in range(share(1000)):
        known = texts(rng)
        tokens = Tokens.of(known)
        assert dict(tokens.items()) == known
        assert len(tokens) == len(known)
        assert tokens.size == max(known, default=-1) + 1
        last = {text: id_ for id_, text in sorted(known.items())}
        assert {text: tokens.find(text) for text in last} == last
        assert all((id_ in tokens) == (id_ in known) for id_ in range(-2, 45))
        assert tokens.core.repeats == (len(last) < len(known))


@pytest.mark.parametrize("spelling", ["plain", "marks", "bytes"])
def test_pieces_are_those_found_one_by_one(spelling: Spelling) -> None:
    rng = draw(f"pieces in the core {spelling}")
    for _ in range(share(1000)):
        known = texts(rng)
        run, offsets, odd = Tokens.of(known).core.pieces(spelling)
        pieces = unpack(run, offsets)
        for id_, text in known.items():
            piece, role = spelled_piece(text, spelling)
            assert pieces[id_] == piece
            assert (id_ in odd) == (role == "unused")


def test_words_are_those_found_one_by_one() -> None:
    rng = draw("words in the core")
    for _ in range(share(1000)):
        known = texts(rng) | {50: "##", 51: "##\u5b57", 52: ""}
        for prefix in ("##", "", "\u5b57"):
            pieces = unpack(*Tokens.of(known).core.words(prefix.encode()))
            for id_, piece in enumerate(pieces):
                expected = from_wordpiece(known[id_], prefix) if id_ in known else b""
                assert piece == expected


def test_merges_are_those_of_dicts() -> None:
    rng = draw("merges in the core")
    for _ in range(share(1000)):
        known = {id_: "".join(rng.choices("ab\u5b57", k=rng.randint(1, 3))) for id_ in range(25)}
        ids = {text: id_ for id_, text in known.items()}
        skipped = rng.choice([0, 0, 1])
        sides = [
            (left, right)
            for left, right in (rng.choices(list(ids), k=2) for _ in range(rng.randint(0, 40)))
            if skipped == 0 or right.isascii()
        ]
        flat = pack([text.encode() for pair in sides for text in pair])
        want: dict[tuple[int, int], tuple[int, int]] = {}
        bad = None
        for rank, (left, right) in enumerate(sides):
            merged = ids.get(left + right[skipped:])
            if merged is None:
                bad = rank
                break
            want[ids[left], ids[right]] = (rank, merged)
        if bad is not None:
            with pytest.raises(UnknownNameError) as error:
                Tokens.of(known).merges(flat, skipped)
            assert error.value.rank == bad
            continue
        rows, ranks = Tokens.of(known).merges(flat, skipped)
        assert rows.tolist() == [[*pair, merged] for pair, (_, merged) in want.items()]
        assert ranks.tolist() == [rank for rank, _ in want.values()]


def test_gaps_must_not_dominate() -> None:
    with pytest.raises(VocabularyError, match="gaps"):
        Tokens.of({2**31 - 1: "a"})
    assert Tokens.listed([]).size == 0
    assert np.array_equal(Tokens.of({1: "a"}).core.missing(), [0])
