"""Walking all pieces at once gives what reading each of them gives."""

from __future__ import annotations

from shares import draw, share
from tokenry.decoding.constrained import Predicate, Regex
from tokenry.decoding.constrained.constraint import Constraint, advanced
from tokenry.decoding.piece_levels import PieceLevels
from tokenry.decoding.piece_order import PieceOrder


def test_pieces_that_are_read_whole() -> None:
    source = draw("levels")
    wanted: list[Constraint] = [Regex("(ab|b)*a?"), Predicate(lambda text: text == text[::-1])]
    for _ in range(share(40)):
        sizes = [source.randint(0, 6) for _ in range(source.randint(0, 60))]
        pieces = [bytes(source.choices(b"abc", k=size)) or None for size in sizes]
        levels = PieceLevels(PieceOrder(pieces), len(pieces))
        for constraint in wanted:
            state = constraint.start()
            found = levels.accepted(state, constraint.advance)
            read = [bool(p and advanced(constraint, state, p) is not None) for p in pieces]
            assert found.tolist() == read


def test_questions_are_asked_once() -> None:
    """Of many pieces that lead to few states."""
    pieces = [bytes([first, second]) for first in range(97, 123) for second in range(97, 123)]
    asked = []

    def step(state: object, byte: int) -> object:
        asked.append((state, byte))
        return "letter"

    assert PieceLevels(PieceOrder(pieces), len(pieces)).accepted("start", step).all()
    assert len(asked) == len(set(asked)) == 52
